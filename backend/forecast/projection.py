"""
Projection: the engine run on possible period ends.

What a member brought in the rest of each past period, counted from the same elapsed share of it, is added to the
period to date; the engine computes each such end whole, with steps, breakaways and money. A number's range is what
those ends say of it.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from backend.engine.laws.of_lines import UNCOUNTED
from backend.engine.outcome import Bonus, Outcome
from backend.engine.pipeline import run
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
        if not self.past_periods[index]:
            return None
        return Range(
            low=int(spread.low[index]),
            middle=int(spread.middle[index]),
            high=int(spread.high[index]),
            past_periods=int(self.past_periods[index]),
        )


def project(snapshot: Snapshot, terms: Terms, rests: Sequence[Rest]) -> Projection | None:
    """
    Return the ranges of the period's end; None with fewer than three past periods.

    `rests` ascend; the last six are looked at. A member's range looks only at those ends for whose past period it was
    there. Newcomers below it bring nothing more. What is provisional stays so. Raises the engine's TooLarge.
    """
    if len(rests) < FEWEST_PERIODS:
        return None
    latest = rests[-MOST_PERIODS:]
    ends = [run(_end(snapshot, rest), terms) for rest in latest]
    there = np.stack([rest.there for rest in latest])
    enough = there.sum(axis=0) >= FEWEST_PERIODS
    looked_at = there | ~enough
    earnings = [minor_by_bonus(end) for end in ends]
    return Projection(
        past_periods=np.where(enough, there.sum(axis=0), 0).astype(np.int32),
        gv=_spread([end.gv for end in ends], looked_at),
        step=_spread([end.step for end in ends], looked_at),
        earnings_minor=tuple(_spread([each[bonus] for each in earnings], looked_at) for bonus in Bonus),
        upkeep=_spread([end.upkeep for end in ends], looked_at).middle.astype(np.int32),
    )


def minor_by_bonus(outcome: Outcome) -> Ints:
    """
    Return what each member earns in minor units, one row a `Bonus`, one column a member.

    What was kept at the sale, or is carried forward until the member is active, counts in no total and not here.
    """
    lines, amounts = outcome.lines, np.zeros((len(Bonus), outcome.gv.size), dtype=np.int64)
    counted = ~np.isin(lines.state, UNCOUNTED)
    np.add.at(amounts, (lines.bonus[counted], lines.earner[counted]), lines.amount_minor[counted])
    return amounts


def _end(snapshot: Snapshot, rest: Rest) -> Snapshot:
    return replace(
        snapshot,
        own_pv=snapshot.own_pv + rest.own_pv,
        customer_pv=snapshot.customer_pv + rest.customer_pv,
        own_cv=snapshot.own_cv + rest.own_cv,
        customer_cv=snapshot.customer_cv + rest.customer_cv,
    )


def _spread(numbers: Sequence[Ints | Indexes], looked_at: Flags) -> Spread:
    """Sort each member's numbers, with those that are not looked at behind the last, and pick three."""
    behind = np.iinfo(np.int64).max
    ascending = np.sort(np.where(looked_at, np.stack(numbers).astype(np.int64), behind), axis=0)
    last = looked_at.sum(axis=0)[np.newaxis] - 1
    middle, high = (np.take_along_axis(ascending, rows, axis=0)[0] for rows in (last // 2, last))
    return Spread(low=ascending[0], middle=middle, high=high)
