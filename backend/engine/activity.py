"""
Activity: who counts as active in the period, and how many active members each has enrolled.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.requirements import ACTIVE, MEASURES, Rules, holds
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.plan.terms import Measure, Terms

PV, CUSTOMER_PV, TRAINING = int(Measure.PV), int(Measure.CUSTOMER_PV), int(Measure.TRAINING)


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """A member is active who has joined and meets the plan's `active` requirement; enrolments count for the enroller."""
    joined = snapshot.days_since_joining >= 0
    _activity(columns.rules, joined, snapshot.training, columns.pv, snapshot.customer_pv, columns.active)
    counted = snapshot.enroller[columns.active & (snapshot.enroller >= 0)]
    columns.enrolled_active[:] = np.bincount(counted, minlength=len(snapshot.members))


@kernel
def _activity(rules: Rules, joined: Flags, training: Flags, pv: Ints, customer_pv: Ints, active: Flags) -> None:
    measures = np.zeros(MEASURES, dtype=np.int64)
    for i in range(pv.size):
        measures[PV] = max(0, pv[i])
        measures[CUSTOMER_PV] = max(0, customer_pv[i])
        measures[TRAINING] = training[i]
        active[i] = joined[i] and holds(rules, ACTIVE, measures)
