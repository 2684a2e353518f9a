"""
The health of a leg in a word, with the reason as a key of the locale catalogue.

The first rule that holds, in this order: its title is at risk; it broke away; it stalls; it climbs; it is steady.
"""

from msgspec import Struct

from backend.engine.outcome import Upkeep
from backend.forecast.standing import Health

QUIET_DAYS = 14
"""A group without a sale for so many days stalls."""

BELOW_PERCENT = 90
ABOVE_PERCENT = 110
"""A group that heads for less than the one of last period's GV stalls, for more than the other climbs."""


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
    """
    Return a leg's health and the key of its reason, by the first of these rules that holds.

    At risk: the volume to date puts the title at risk or would lose it; or maintenance was missed before and the
    projection misses it again. Broken away: the leader is a leader now, and nothing else is said of it. Stalling: no
    sale in the group for 14 days, or a projected GV below 90 % of last period's. Climbing: above 110 %. Steady: all
    others, and who has no last period or no projection to be measured by.
    """
    if signs.upkeep in (Upkeep.AT_RISK, Upkeep.LOST):
        return Health.AT_RISK, "upkeep_at_risk"
    if signs.missed_before > 0 and signs.upkeep_ahead in (Upkeep.GRACE, Upkeep.AT_RISK, Upkeep.LOST):
        return Health.AT_RISK, "upkeep_slipping"
    if signs.broken_away:
        return Health.BROKEN_AWAY, "broke_away"
    if signs.quiet_days >= QUIET_DAYS:
        return Health.STALLING, "no_sale_14_days"
    return _against_usual(signs.gv_ahead, signs.usual_gv)


def _against_usual(gv_ahead: int | None, usual_gv: int | None) -> tuple[Health, str]:
    if usual_gv is None:
        return Health.STEADY, "new_leg"
    if gv_ahead is None:
        return Health.STEADY, "short_history"
    ahead, usual = 100 * max(0, gv_ahead), max(0, usual_gv)
    if ahead < BELOW_PERCENT * usual:
        return Health.STALLING, "below_last_period"
    if ahead > ABOVE_PERCENT * usual:
        return Health.CLIMBING, "above_last_period"
    return Health.STEADY, "as_last_period"
