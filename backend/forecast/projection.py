"""
Projection: the engine run on possible period ends.

What a member brought in the rest of each past period, counted from the same elapsed share of it, is added to the period
to date; the engine computes each such end whole, with steps, breakaways and money. A number's range is what those ends say.
"""

from collections.abc import Sequence

from msgspec import Struct

from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.forecast.standing import Range
from backend.plan.terms import Terms

FEWEST_PERIODS = 3
"""Fewer past periods than these give no range."""

MOST_PERIODS = 6
"""No more past periods than these are looked at; older ones say little of today's network."""


class Rest(Struct, frozen=True, kw_only=True):
    """
    What each member brought in the rest of one past period, in the snapshot's order; hundredths of a point.

    `there` says who had joined before that period began; the rest of a member who had not is zero.
    """

    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints
    there: Flags


class Spread(Struct, frozen=True, kw_only=True):
    """Lowest, middle and highest of a number per member; the middle of an even count is the lower of the two."""

    low: Ints
    middle: Ints
    high: Ints


class Projection(Struct, frozen=True, kw_only=True):
    """
    Ranges per member, in the snapshot's order. `earnings_minor` has a spread a `Bonus`, in its order.

    `past_periods` is on how many past periods a member's ranges rest; 0 where there is none, since a member has no
    range before three whole periods of its own. `upkeep` is the middle one of an `Upkeep`.
    """

    past_periods: Indexes
    gv: Spread
    step: Spread
    earnings_minor: tuple[Spread, ...]
    upkeep: Indexes

    def range_of(self, spread: Spread, index: int) -> Range | None:
        """Return a member's range of a number; None where history is too short for one."""
        raise NotImplementedError


def project(snapshot: Snapshot, terms: Terms, rests: Sequence[Rest]) -> Projection | None:
    """
    Return the ranges of the period's end; None with fewer than three past periods.

    A member's range looks only at those ends for whose past period it was there. Newcomers below it bring nothing more.
    """
    raise NotImplementedError
