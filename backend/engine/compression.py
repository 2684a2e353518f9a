"""
Compression: who is not active, or not through the gate of a step, is not paid at it; what becomes of it the plan says.

The differential is measured against the highest percent *paid* below. A member passed over has paid no percent, so the
next above earns its own percent less what was paid further below. Where the plan lets the company keep it, the member's
percent counts as if it were paid.
"""

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Failing, Terms, Unpaid

NOT_PAID = -1


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay an active member at the highest step, up to the one reached, whose gate holds, and anyone else at none (-1).

    Where the plan counts who misses the gate of the step reached as inactive, such a member earns nothing either; a
    percent that the company states is paid in full where the gate of its step holds. `paid_bp` is the percent on own
    sales, which a plan may pay to the inactive too. Where pay is carried forward everybody but a closed position is
    computed as if active; `holds.stage` holds the lines of who is not.
    """
    all_or_nothing = terms.ladder.unpaid == Unpaid.AS_INACTIVE
    columns.earns[:] = columns.active & ((columns.payable_step == columns.step) | (not all_or_nothing))
    at = columns.step if all_or_nothing else columns.payable_step
    percents_bp = by_market(terms, lambda there: [step.percent_bp for step in there.steps])[snapshot.market, at]
    columns.payable_bp[:] = np.where(at == columns.step, columns.percent_bp, percents_bp)
    paid = columns.earns
    if terms.unqualified == Failing.CARRY_FORWARD:
        paid = ~snapshot.closed & (snapshot.days_since_joining >= 0)
    columns.paid_step[:] = np.where(paid, at, NOT_PAID)
    on_own_sales = paid | (~snapshot.closed & (terms.unqualified == Failing.OWN_SALES_ONLY))
    columns.paid_bp[:] = np.where(on_own_sales, columns.payable_bp, 0)
