"""
The gap: what a member has of each measure, and what is still missing on the nearest way to a requirement.

It reads a finished outcome, so the checks on a phone say the same as the engine said.
"""

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.forecast.standing import Check
from backend.kernel.points import BASIS
from backend.plan.terms import Condition, Measure, Requirement


class Measures(Struct, frozen=True, kw_only=True):
    """
    What one member has: `values` by `Measure` (0 for the two that ask what a leg has), and its legs' columns.

    Volumes are hundredths of a point; `leg_tgv` and `leg_step` are one entry a frontline leg.
    """

    values: tuple[int, ...]
    leg_tgv: tuple[int, ...]
    leg_step: tuple[int, ...]

    def have(self, condition: Condition) -> int:
        """Return what there is of a condition's measure; legs are counted that have at least its `of`."""
        if condition.measure == Measure.LEGS_WITH_VOLUME:
            return sum(tgv >= condition.of for tgv in self.leg_tgv)
        if condition.measure == Measure.LEGS_WITH_STEP:
            return sum(step >= condition.of for step in self.leg_step)
        return self.values[condition.measure]


def measures_of(outcome: Outcome, snapshot: Snapshot, index: int) -> Measures:
    """Return what the member at an index has of every measure."""
    raise NotImplementedError


def all_measures(outcome: Outcome, snapshot: Snapshot) -> list[Measures]:
    """Return what each member has of every measure, in the snapshot's order."""
    raise NotImplementedError


def nearest(requirement: Requirement, measures: Measures) -> tuple[Check, ...]:
    """
    Return all conditions, met or not, of the way with the least missing; none where a requirement always holds.

    Least missing is: the fewest unmet conditions, then the smallest sum of their missing shares, then the plan's order.
    """
    raise NotImplementedError
