"""
Measures of one member, read back from an outcome: what a condition sees, which conditions hold, and the nearest way.

The kernels settle everybody at once; this answers for one member, in plain Python, what they have seen. Explanations
and the gap on a phone both ask here, so that they never name different ways to the same step.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Condition, Measure, Requirement, Terms


class Measures(Struct, frozen=True, kw_only=True):
    """
    What one member has: `values` of every measure but the two that ask what a leg has, and its legs' columns.

    Volumes are hundredths of a point, zero where returns made them negative, as the engine compares them; `leg_tgv` and
    `leg_step` have one entry a frontline leg.
    """

    values: dict[Measure, int]
    leg_tgv: tuple[int, ...]
    leg_step: tuple[int, ...]

    def have(self, condition: Condition) -> int:
        """Return what there is of a condition's measure; legs are counted that have at least its `of`."""
        if condition.measure == Measure.LEGS_WITH_VOLUME:
            return sum(tgv >= condition.of for tgv in self.leg_tgv)
        if condition.measure == Measure.LEGS_WITH_STEP:
            return sum(step >= condition.of for step in self.leg_step)
        return self.values[condition.measure]

    def met(self, condition: Condition) -> bool:
        """Say whether a condition holds."""
        return self.have(condition) >= condition.at_least


class Member(Struct, frozen=True, kw_only=True):
    """One member of a computed period: the documents, and the member's index."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome
    index: int

    @property
    def legs(self) -> slice:
        """The frontline."""
        first = int(self.snapshot.first_leg[self.index])
        return slice(first, first + int(self.snapshot.leg_count[self.index]))

    def of(self, column: str) -> int:
        """Return the member's value in a column of the outcome, or else of the snapshot."""
        sheet = self.outcome if hasattr(self.outcome, column) else self.snapshot
        return int(getattr(sheet, column)[self.index])

    def at(self, index: int) -> "Member":
        """Return another member of the same period."""
        return Member(snapshot=self.snapshot, terms=self.terms, outcome=self.outcome, index=index)

    @property
    def id(self) -> str:
        """The member's id."""
        return self.snapshot.members[self.index]

    @property
    def measures(self) -> Measures:
        """What the member has of every measure."""
        return measures_of(self.outcome, self.snapshot, self.index)


def measures_of(outcome: Outcome, snapshot: Snapshot, index: int) -> Measures:
    """Return what the member at an index has of every measure."""
    first = int(snapshot.first_leg[index])
    legs = slice(first, first + int(snapshot.leg_count[index]))
    return Measures(
        values={measure: max(0, int(column[index])) for measure, column in _columns(outcome, snapshot).items()},
        leg_tgv=tuple(np.maximum(outcome.tgv[legs], 0).tolist()),
        leg_step=tuple(outcome.step[legs].tolist()),
    )


def all_measures(outcome: Outcome, snapshot: Snapshot) -> list[Measures]:
    """Return what each member has of every measure, in the snapshot's order, in one pass over the columns."""
    columns = _columns(outcome, snapshot)
    rows = np.maximum(np.stack([column.astype(np.int64) for column in columns.values()], axis=1), 0).tolist()
    leg_tgv, leg_step = np.maximum(outcome.tgv, 0).tolist(), outcome.step.tolist()
    bounds = zip(snapshot.first_leg.tolist(), (snapshot.first_leg + snapshot.leg_count).tolist(), strict=True)
    return [
        Measures(
            values=dict(zip(columns, row, strict=True)),
            leg_tgv=tuple(leg_tgv[first:end]),
            leg_step=tuple(leg_step[first:end]),
        )
        for row, (first, end) in zip(rows, bounds, strict=True)
    ]


def holds(requirement: Requirement, measures: Measures) -> bool:
    """Say whether a requirement holds: any of its ways, or no way at all."""
    ways = requirement.any_of
    return not ways or any(all(measures.met(condition) for condition in way) for way in ways)


def nearest_way(requirement: Requirement, measures: Measures) -> tuple[Condition, ...]:
    """
    Return the way with the least missing; no condition where a requirement always holds.

    Least missing is: the fewest unmet conditions, then the smallest sum of their missing shares in basis points, then
    the plan's order. All its conditions are met if and only if the requirement holds.
    """

    def missing(way: tuple[Condition, ...]) -> tuple[int, int]:
        unmet = [condition for condition in way if not measures.met(condition)]
        return len(unmet), sum(_missing_share_bp(condition, measures) for condition in unmet)

    return min(requirement.any_of, key=missing, default=())


def _missing_share_bp(condition: Condition, measures: Measures) -> int:
    return -((measures.have(condition) - condition.at_least) * BASIS // condition.at_least)


def _columns(outcome: Outcome, snapshot: Snapshot) -> dict[Measure, NDArray[np.generic]]:
    return {
        Measure.PV: outcome.pv,
        Measure.GV: outcome.gv,
        Measure.TGV: outcome.tgv,
        Measure.SIDE_VOLUME: outcome.side_volume,
        Measure.CUSTOMER_PV: snapshot.customer_pv,
        Measure.ENROLLED_ACTIVE: outcome.enrolled_active,
        Measure.TRAINING: snapshot.training,
        Measure.ACTIVE: outcome.active,
        Measure.STEP: outcome.step,
        Measure.LEGS_BROKEN_AWAY: outcome.legs_broken_away,
    }
