"""
Personal commission: the own percent on the CV of a member's own orders and of own customers'.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compression import percents_paid
from backend.engine.lines import amounts, lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """Write a line where the percent paid is above zero and CV is not zero; negative CV gives a recovery line."""
    percents = percents_paid(terms, columns)
    earner = np.flatnonzero((percents > 0) & (columns.cv != 0)).astype(np.int32)
    base_cv, rate_bp = columns.cv[earner], percents[earner]
    amount_minor = amounts(snapshot, terms, earner=earner, base_cv=base_cv, rate_bp=rate_bp)
    lines = lines_of(
        Bonus.PERSONAL, earner=earner, source=earner, base_cv=base_cv, rate_bp=rate_bp, amount_minor=amount_minor
    )
    paid(columns, lines, columns.personal_minor)
