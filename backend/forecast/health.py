"""
The health of a leg in a word, with the reason as a key of the locale catalogue.

The first rule that holds, in this order: its title is at risk; it broke away; it stalls; it climbs; it is steady.
"""

from msgspec import Struct

from backend.engine.outcome import Upkeep
from backend.forecast.standing import Health

QUIET_DAYS = 14
"""A group without a sale for so many days stalls."""


class Signs(Struct, frozen=True, kw_only=True):
    """
    What a leg's health is read from. `upkeep` is to date, `missed_before` the successive periods missed before this.

    `quiet_days` counts from the group's last sale, or from the leader's joining. `gv_ahead` and `upkeep_ahead` are the
    middle of the projection, None without one; `usual_gv` is last period's GV, None for who was not there.
    """

    broken_away: bool
    upkeep: Upkeep
    missed_before: int
    quiet_days: int
    gv_ahead: int | None
    upkeep_ahead: Upkeep | None
    usual_gv: int | None


def health_of(signs: Signs) -> tuple[Health, str]:
    """Return a leg's health and the key of its reason."""
    raise NotImplementedError
