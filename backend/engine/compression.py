"""
Compression: who is not active is not paid, and what would have been paid goes to the next active member above.

The differential is measured against the highest percent *paid* below. A member passed over has paid no percent, so the
next above earns its own percent less what was paid further below.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.snapshot import Ints, Snapshot
from backend.plan.terms import Terms

NOT_PAID = -1


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:  # noqa: ARG001 - every stage is called alike
    """Pay an active member at the step reached, and anyone else at none (-1)."""
    columns.paid_step[:] = np.where(columns.active, columns.step, NOT_PAID)


def percents_paid(terms: Terms, columns: Columns) -> Ints:
    """Return each member's percent in basis points; 0 for who is not paid."""
    percents = np.array([step.percent_bp for step in terms.steps], dtype=np.int64)
    paid: Ints = np.where(columns.paid_step >= 0, percents[columns.paid_step], 0)
    return paid
