"""
Activity: who counts as active in the period, and how many active members each has enrolled.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.requirements import ACTIVE, MEASURES, Rules, holds
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.plan.terms import Measure, Terms

PV, CUSTOMER_PV, TRAINING = int(Measure.PV), int(Measure.CUSTOMER_PV), int(Measure.TRAINING)


class Facts(NamedTuple):
    """What activity looks at of each member."""

    joined: Flags
    training: Flags
    pv: Ints
    customer_pv: Ints


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count who has joined and meets the plan's `active` requirement as active, and for each enroller the active enrolled.
    """
    joined = snapshot.days_since_joining >= 0
    facts = Facts(joined, snapshot.training, columns.pv, snapshot.customer_pv)
    _activity(facts, columns.rules, columns.active)
    counted = snapshot.enroller[columns.active & (snapshot.enroller >= 0)]
    columns.enrolled_active[:] = np.bincount(counted, minlength=len(snapshot.members))


@kernel
def _activity(facts: Facts, rules: Rules, active: Flags) -> None:
    measures = np.zeros(MEASURES, dtype=np.int64)
    for i in range(facts.pv.size):
        measures[PV] = max(0, facts.pv[i])
        measures[CUSTOMER_PV] = max(0, facts.customer_pv[i])
        measures[TRAINING] = facts.training[i]
        active[i] = facts.joined[i] and holds(rules, ACTIVE, measures)
