"""
Measures of one member, read back from an outcome: what a condition sees, which conditions hold, and the nearest way.

The kernels settle everybody at once; this answers for one member, in plain Python, what they have seen. Explanations
and the gap on a phone both ask here, so that they never name different ways to the same step.
"""

from typing import Any

import numpy as np
from msgspec import Struct

from backend.engine.columns.numbered import points_of
from backend.engine.gates.requirements import BROKEN_AWAY, Key, Test, key_of, keys_of
from backend.engine.outcome import Outcome
from backend.engine.periods.history import periods_held, periods_in_a_row
from backend.engine.snapshot import UNSTATED, Indexes, Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Condition, Fosters, Measure, Reach, Requirement, Terms


class Measures(Struct, frozen=True, kw_only=True):
    """
    What one member has of whatever the plan's conditions look at, by `requirements.key_of`.

    Volumes are hundredths of a point, zero where returns made them negative, as the engine compares them.
    """

    values: dict[Any, int]

    def have(self, condition: Condition) -> int:
        """Return what there is of what a condition looks at."""
        return self.values[key_of(condition)]

    def met(self, condition: Condition) -> bool:
        """Say whether a condition holds."""
        return self.have(condition) >= condition.at_least


class Member(Struct, frozen=True, kw_only=True):
    """One member of a computed period: the documents, and the member's index; `plan` is the terms of all markets."""

    snapshot: Snapshot
    plan: Terms
    outcome: Outcome
    index: int

    @property
    def terms(self) -> Terms:
        """The terms of the member's market."""
        return self.plan.of(self.of("market"))

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
        return Member(snapshot=self.snapshot, plan=self.plan, outcome=self.outcome, index=index)

    @property
    def id(self) -> str:
        """The member's id."""
        return self.snapshot.members[self.index]

    @property
    def measures(self) -> Measures:
        """What the member has of every measure."""
        return measures_of(self.snapshot, self.plan, self.outcome, self.index)


def measures_of(snapshot: Snapshot, terms: Terms, outcome: Outcome, index: int) -> Measures:
    """Return what the member at an index has of whatever the terms' conditions look at."""
    columns = _Columns(snapshot, terms, outcome)
    return Measures(
        values={key: int(columns.of(key)[index]) for key in (*Measure, *keys_of(terms)) if columns.has(key)}
    )


def measure_rows(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> tuple[tuple[Key, ...], Ints]:
    """Return the keys of what the terms' conditions look at, and a row a member of what there is of each."""
    columns = _Columns(snapshot, terms, outcome)
    keys = tuple(key for key in dict.fromkeys((*Measure, *keys_of(terms))) if columns.has(key))
    return keys, np.stack([columns.of(key) for key in keys], axis=1)


def column_of(snapshot: Snapshot, terms: Terms, outcome: Outcome, condition: Condition) -> Ints:
    """Return what each member has of what a condition looks at, in the snapshot's order."""
    return _Columns(snapshot, terms, outcome).of(key_of(condition))


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


class _Columns:
    """What the conditions look at, as columns: one value a member."""

    def __init__(self, snapshot: Snapshot, terms: Terms, outcome: Outcome) -> None:
        self.snapshot, self.terms, self.outcome = snapshot, terms, outcome
        self.plain: dict[Measure, Any] = {
            Measure.PV: outcome.pv,
            Measure.GV: outcome.gv,
            Measure.TGV: outcome.tgv,
            Measure.SIDE_VOLUME: outcome.side_volume,
            Measure.CUSTOMER_PV: snapshot.customer_pv,
            Measure.ENROLLED_ACTIVE: outcome.enrolled_active,
            Measure.TRAINING: snapshot.training,
            Measure.FEES_PAID: snapshot.fees_paid,
            Measure.CLEARED: snapshot.cleared,
            Measure.ACTIVE: outcome.active,
            Measure.STEP: outcome.step,
            Measure.LEGS_BROKEN_AWAY: outcome.legs_broken_away,
            Measure.CUSTOMERS: snapshot.customers,
            Measure.CUSTOMER_SHARE: _stated(snapshot.customer_share_bp),
            Measure.VERIFIED_SHARE: _stated(snapshot.verified_share_bp),
            Measure.TITLE: snapshot.title_before,
        }

    def has(self, key: Key) -> bool:
        """Say whether a key names what can be looked at: a measure that asks for more needs to say what."""
        return not isinstance(key, Measure) or key in self.plain

    def of(self, key: Key) -> Ints:
        """Return the column that a key looks at; never below zero."""
        if isinstance(key, Measure):
            plain: Ints = np.maximum(self.plain[key].astype(np.int64), 0)
            return plain
        measure, asked, *rest = key
        if measure == Measure.VOLUME:
            return np.maximum(points_of(self.outcome, asked), 0)
        if measure == Measure.MARK:
            return self._mark(asked)
        if measure in (Measure.PERIODS, Measure.PERIODS_IN_A_ROW):
            return self._periods(asked, rest[0])
        return self._legs(asked, Reach(rest[0]))

    def _mark(self, mark: int) -> Ints:
        held: Ints = (self.outcome.marks >> np.int64(mark)) & 1
        return held

    def _periods(self, mark: int, periods: int) -> Ints:
        """Return in how many of the last periods a mark held, or, over 0 periods, how many in a row."""
        pairs = zip(self.snapshot.marks_before[:, mark].tolist(), (self._mark(mark) == 1).tolist(), strict=True)
        counts = [periods_held(h, now, periods) if periods else periods_in_a_row(h, now) for h, now in pairs]
        return np.array(counts, dtype=np.int64)

    def _legs(self, test: Test, reach: Reach) -> Ints:
        """Return how many legs pass a test: by their leader, or by anyone in them."""
        passed = self._passed(test)
        sponsor = self.snapshot.sponsor
        if reach == Reach.ANYWHERE:
            passed = _or_below(sponsor, passed)
        counted = sponsor[passed & (sponsor >= 0)]
        return np.bincount(counted, minlength=sponsor.size).astype(np.int64)

    def _passed(self, test: Test) -> Any:
        outcome, snapshot = self.outcome, self.snapshot
        if test.measure == Measure.LEGS_WITH_VOLUME:
            passed = np.maximum(points_of(outcome, test.volume), 0) >= test.of
        elif test == BROKEN_AWAY:
            passed = outcome.broken_away
        else:
            passed = ~snapshot.closed & self._of_leader(test)
        if test.fosters == Fosters.COUNTED:
            return passed
        return passed & (snapshot.foster == (test.fosters == Fosters.ALONE))

    def _of_leader(self, test: Test) -> Any:
        if test.measure == Measure.LEGS_WITH_STEP:
            return self.outcome.step >= test.of
        if test.measure == Measure.LEGS_WITH_TITLE:
            return self.outcome.title >= test.of
        if test.measure == Measure.LEGS_WITH_MARK:
            return self._mark(test.of) == 1
        return self._periods(test.of, test.periods) >= test.leg_periods


def _stated(share_bp: Indexes) -> Ints:
    return np.where(share_bp == UNSTATED, BASIS, share_bp)


def _or_below(sponsor: Indexes, passed: Any) -> Any:
    """Return whether the member or anyone below has passed."""
    found = passed.tolist()
    for index in range(len(found) - 1, 0, -1):
        if found[index] and sponsor[index] >= 0:
            found[sponsor[index]] = True
    return np.array(found, dtype=np.bool_)
