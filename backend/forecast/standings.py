"""
Standings: an outcome's columns turned into one `Standing` a member, as the phone shows it.
"""

from collections.abc import Mapping

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Indexes, Snapshot
from backend.forecast.projection import Projection
from backend.forecast.standing import Standing
from backend.plan.terms import Terms


class PeriodFacts(Struct, frozen=True, kw_only=True):
    """
    What the snapshot leaves out: the day of the period (1 to `days`), today, and each member's last sale.

    `today` and `last_sale` are ordinals of `date.toordinal`; `last_sale` is the member's own and own customers' last
    order of any period, 0 where there is none.
    """

    day: int
    days: int
    today: int
    last_sale: Indexes


def standings(
    facts: PeriodFacts,
    snapshot: Snapshot,
    terms: Terms,
    *,
    outcome: Outcome,
    projection: Projection | None,
    usual_gv: Mapping[str, int],
) -> list[Standing]:
    """
    Return each member's standing, in the snapshot's order; `usual_gv` is last period's GV by member id.

    A title is reached at once and lost only at the period's end: until then the one at stake is shown and kept.
    """
    raise NotImplementedError


def leg_people(snapshot: Snapshot) -> Indexes:
    """Return how many people stand in each member's leg: the member and everyone below."""
    raise NotImplementedError
