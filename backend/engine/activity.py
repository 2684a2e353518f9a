"""
Activity: who counts as active in the period, and how many active members each has enrolled.
"""

import numpy as np

from backend.engine.columns.compiled import kernel
from backend.engine.columns.sheet import Columns
from backend.engine.gates.personal import Personal, look_at, personal_of
from backend.engine.gates.requirements import ACTIVE, MEASURES, Rules, holds
from backend.engine.snapshot import UNSTATED, Flags, Snapshot
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count who has joined and meets the plan's `active` requirement as active, and for each enroller the active enrolled.

    Where the company states who is active, that holds; a closed position never is.
    """
    may = (snapshot.days_since_joining >= 0) & ~snapshot.closed
    _activity(personal_of(snapshot, columns), columns.rules, columns.active)
    stated = snapshot.active_stated != UNSTATED
    columns.active[:] = may & np.where(stated, snapshot.active_stated == 1, columns.active)
    counted = snapshot.enroller[columns.active & (snapshot.enroller >= 0)]
    columns.enrolled_active[:] = np.bincount(counted, minlength=len(snapshot.members))


@kernel
def _activity(personal: Personal, rules: Rules, active: Flags) -> None:
    measures = np.zeros(MEASURES, dtype=np.int64)
    for i in range(personal.pv.size):
        look_at(personal, i, measures)
        active[i] = holds(rules, ACTIVE, personal.market[i], measures)
