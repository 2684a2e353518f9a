"""
Compression: who is not active is not paid, and what becomes of it is the plan's word.

The differential is measured against the highest percent *paid* below. A member passed over has paid no percent, so the
next above earns its own percent less what was paid further below. Where the plan lets the company keep it, the member's
percent counts as if it were paid.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Failing, Terms

NOT_PAID = -1


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay an active member at the step reached, and anyone else at none (-1).

    `paid_bp` is the percent on own sales, which a plan may pay to the inactive too. Where pay is carried forward
    everybody but a closed position is computed as if active; `holds.stage` holds the lines of who is not.
    """
    paid = columns.active
    if terms.unqualified == Failing.CARRY_FORWARD:
        paid = ~snapshot.closed & (snapshot.days_since_joining >= 0)
    columns.paid_step[:] = np.where(paid, columns.step, NOT_PAID)
    on_own_sales = paid | (~snapshot.closed & (terms.unqualified == Failing.OWN_SALES_ONLY))
    columns.paid_bp[:] = np.where(on_own_sales, columns.percent_bp, 0)
