"""
Personal commission: the own percent on the CV of a member's own orders and of own customers'.

Where the plan asks how much of it is sold to customers, and verified as sold, a smaller share is paid in proportion.
The retail margin stands beside it on its own base: the member has it from the customer.
"""

import numpy as np

from backend.engine.amounts.lines import lines_of, paid, priced
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, State
from backend.engine.snapshot import UNSTATED, Indexes, Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Retail, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Write a line where the percent paid is above zero and CV is not zero; negative CV gives a recovery line.

    A plan that rounds gross less deductions pays own volume with the differential, in one line.
    """
    if terms.personal.pays and not terms.differential.less_deductions:
        _own_percent(snapshot, terms, columns)
    if terms.retail is not None:
        _margin(snapshot, terms, terms.retail, columns)


def _own_percent(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    earner = np.flatnonzero(columns.paid_bp).astype(np.int32)
    earner = earner[columns.cv[earner] != 0]
    part, whole = share_paid(snapshot, terms, earner)
    lines = lines_of(
        Bonus.PERSONAL,
        earner=earner,
        source=earner,
        base_cv=columns.cv[earner],
        rate_bp=columns.paid_bp[earner],
        part=part,
        whole=whole,
    )
    paid(columns, priced(snapshot, terms, lines), columns.personal_minor)


def share_paid(snapshot: Snapshot, terms: Terms, earner: Indexes) -> tuple[Ints, Ints]:
    """
    Return the part of the personal commission that is paid to some members, each a fraction: 1 of 1 where all is.

    It is the smaller of customers' share over the share asked for and the verified share over its own, never above one.
    """
    part = whole = np.broadcast_to(np.int64(1), earner.shape)
    for stated, asked in (
        (snapshot.customer_share_bp, by_market(terms, lambda there: there.personal.customer_share_bp)),
        (snapshot.verified_share_bp, by_market(terms, lambda there: there.personal.verified_share_bp)),
    ):
        if not asked.any():
            continue
        needed, share = asked[snapshot.market[earner]], stated[earner].astype(np.int64)
        smaller = (share != UNSTATED) & (share < needed) & (share * whole < part * needed)
        part, whole = np.where(smaller, share, part), np.where(smaller, needed, whole)
    return part, whole


def _margin(snapshot: Snapshot, terms: Terms, retail: Retail, columns: Columns) -> None:
    """Write the margin kept at the sale: of cost, or of a price of which the cost is what the margin leaves."""
    base = snapshot.own_cv + snapshot.customer_cv if retail.own_too else snapshot.customer_cv
    rate = by_market(terms, lambda there: there.retail.rate_bp if there.retail else 0)[snapshot.market]
    earner = np.flatnonzero((base > 0) & (rate > 0) & ~snapshot.closed).astype(np.int32)
    lines = lines_of(
        Bonus.RETAIL,
        earner=earner,
        source=earner,
        state=int(State.KEPT_AT_SALE),
        base_cv=base[earner],
        rate_bp=rate[earner],
        part=BASIS if retail.of_price else 1,
        whole=BASIS - rate[earner] if retail.of_price else 1,
    )
    columns.lines.append(priced(snapshot, terms, lines))
