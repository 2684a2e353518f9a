"""
Measures of one member, read back from an outcome: what a condition sees, and which conditions hold.

The kernels settle everybody at once; this answers for one member, in plain Python, what they have seen.
"""

import numpy as np
from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Condition, Measure, Requirement, Terms


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


COLUMNS = {
    Measure.PV: "pv",
    Measure.GV: "gv",
    Measure.TGV: "tgv",
    Measure.SIDE_VOLUME: "side_volume",
    Measure.CUSTOMER_PV: "customer_pv",
    Measure.ENROLLED_ACTIVE: "enrolled_active",
    Measure.TRAINING: "training",
    Measure.ACTIVE: "active",
    Measure.STEP: "step",
    Measure.LEGS_BROKEN_AWAY: "legs_broken_away",
}


def measured(member: Member, condition: Condition) -> int:
    """Return what a condition sees of a member: a volume or zero, whichever is more, a count, or a step's index."""
    if condition.measure == Measure.LEGS_WITH_VOLUME:
        return int((np.maximum(0, member.outcome.tgv[member.legs]) >= condition.of).sum())
    if condition.measure == Measure.LEGS_WITH_STEP:
        return int((member.outcome.step[member.legs] >= condition.of).sum())
    return max(0, member.of(COLUMNS[condition.measure]))


def met(member: Member, condition: Condition) -> bool:
    """Say whether a condition holds for a member."""
    return measured(member, condition) >= condition.at_least


def holds(member: Member, requirement: Requirement) -> bool:
    """Say whether a requirement holds: any of its ways, or no way at all."""
    ways = requirement.any_of
    return not ways or any(all(met(member, condition) for condition in way) for way in ways)


def nearest_way(member: Member, requirement: Requirement) -> tuple[Condition, ...]:
    """Return the way with the fewest conditions missed, the first of several; no condition where there is no way."""
    missed = [sum(not met(member, condition) for condition in way) for way in requirement.any_of]
    return requirement.any_of[missed.index(min(missed))] if missed else ()
