"""
Compression: who is not active, or not through the gate of a step, is not paid at it; what becomes of it the plan says.

The differential is measured against the highest percent *paid* below. A member passed over has paid no percent, so the
next above earns its own percent less what was paid further below. Where the plan lets the company keep it, the member's
percent counts as if it were paid.
"""

from typing import NamedTuple

from backend.engine.columns.compiled import borrowing
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
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
    percents_bp = by_market(terms, lambda there: [step.percent_bp for step in there.steps])
    rule = Rule(
        terms.ladder.unpaid == Unpaid.AS_INACTIVE,
        terms.unqualified == Failing.CARRY_FORWARD,
        terms.unqualified == Failing.OWN_SALES_ONLY,
    )
    reached = Reached(
        *(columns.active, snapshot.closed, snapshot.days_since_joining, snapshot.market),
        *(columns.step, columns.payable_step, columns.percent_bp),
    )
    _pay(reached, rule, percents_bp, Paid(columns.earns, columns.payable_bp, columns.paid_step, columns.paid_bp))


class Rule(NamedTuple):
    """What the plan does about who is not active or not through a gate."""

    all_or_nothing: bool
    carries_forward: bool
    pays_own_sales: bool


class Reached(NamedTuple):
    """What each member has reached, and whether anything of it may be paid."""

    active: Flags
    closed: Flags
    days_since_joining: Indexes
    market: Indexes
    step: Indexes
    payable_step: Indexes
    percent_bp: Ints


class Paid(NamedTuple):
    """The columns that the loop writes."""

    earns: Flags
    payable_bp: Ints
    paid_step: Indexes
    paid_bp: Ints


@borrowing
def _pay(reached: Reached, rule: Rule, percents_bp: Ints, found: Paid) -> None:
    for i in range(reached.step.size):
        step, payable = reached.step[i], reached.payable_step[i]
        at = step if rule.all_or_nothing else payable
        payable_bp = reached.percent_bp[i] if at == step else percents_bp[reached.market[i], at]
        earns = reached.active[i] and (payable == step or not rule.all_or_nothing)
        paid = earns
        if rule.carries_forward:
            paid = not reached.closed[i] and reached.days_since_joining[i] >= 0
        on_own_sales = paid or (rule.pays_own_sales and not reached.closed[i])
        found.earns[i] = earns
        found.payable_bp[i] = payable_bp
        found.paid_step[i] = at if paid else NOT_PAID
        found.paid_bp[i] = payable_bp if on_own_sales else 0
