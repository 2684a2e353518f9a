"""
The gap: what a member has of each measure, and what is still missing on the nearest way to a requirement.

It reads a finished outcome, so the checks on a phone say the same as the engine said.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
from backend.forecast.standing import Check
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


def nearest(requirement: Requirement, measures: Measures) -> tuple[Check, ...]:
    """
    Return all conditions, met or not, of the way with the least missing; none where a requirement always holds.

    Least missing is: the fewest unmet conditions, then the smallest sum of their missing shares in basis points, then
    the plan's order. All checks are met if and only if the requirement holds.
    """
    ways = [tuple(_check(condition, measures) for condition in way) for way in requirement.any_of]
    return min(ways, key=_missing, default=())


def volume_needed(requirement: Requirement, terms: Terms) -> int:
    """
    Return the GV in hundredths that a requirement asks for, by the way that asks for least; 0 where none asks for GV.

    A condition on the step stands for the GV which that step asks for.
    """
    volumes = [max((_volume(condition, terms) for condition in way), default=0) for way in requirement.any_of]
    return min((volume for volume in volumes if volume > 0), default=0)


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


def _check(condition: Condition, measures: Measures) -> Check:
    name = condition.measure.name.lower()
    return Check(measure=name, have=measures.have(condition), at_least=condition.at_least, of=condition.of)


def _missing(checks: tuple[Check, ...]) -> tuple[int, int]:
    unmet = [check for check in checks if not check.met]
    return len(unmet), sum(-((check.have - check.at_least) * BASIS // check.at_least) for check in unmet)


def _volume(condition: Condition, terms: Terms) -> int:
    if condition.measure == Measure.STEP:
        return volume_needed(terms.steps[condition.at_least].requirement, terms)
    return condition.at_least if condition.measure == Measure.GV else 0
