"""
Activity: who counts as active in the period, and how many active members each has enrolled.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.columns.compiled import borrowing
from backend.engine.columns.sheet import Columns
from backend.engine.gates.meeting import holds
from backend.engine.gates.personal import Personal, look_at, personal_of
from backend.engine.gates.requirements import ACTIVE, MEASURES, Rules
from backend.engine.snapshot import UNSTATED, Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """
    Count who has joined and meets the plan's `active` requirement as active, and for each enroller the active enrolled.

    Where the company states who is active, that holds; a closed position never is.
    """
    said = Said(snapshot.days_since_joining, snapshot.closed, snapshot.active_stated, snapshot.enroller)
    measures = np.zeros(MEASURES, dtype=np.int64)
    _activity(
        personal_of(snapshot, columns), said, columns.rules, measures, Counted(columns.active, columns.enrolled_active)
    )


class Said(NamedTuple):
    """What is said of each member beside what was sold."""

    days_since_joining: Indexes
    closed: Flags
    active_stated: Indexes
    enroller: Indexes


class Counted(NamedTuple):
    """The columns that the loop writes."""

    active: Flags
    enrolled_active: Indexes


@borrowing
def _activity(personal: Personal, said: Said, rules: Rules, measures: Ints, counted: Counted) -> None:
    for i in range(personal.pv.size):
        if said.active_stated[i] == UNSTATED:
            look_at(personal, i, measures)
            active = holds(rules, ACTIVE, personal.market[i], measures)
        else:
            active = said.active_stated[i] == 1
        active = active and said.days_since_joining[i] >= 0 and not said.closed[i]
        counted.active[i] = active
        if active and said.enroller[i] >= 0:
            counted.enrolled_active[said.enroller[i]] += 1
