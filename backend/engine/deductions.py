"""
Gross less deductions: the differential of plans that round the parts and not the difference.

A member's percent on the whole open group is cut to whole units, so is each leg's own share, and what is left of the
first after the second is one line. (DXN's training slides compute so.)
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.lines import amounts, lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.requirements import gate_number
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms


def gross_less_deductions(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Write one line a member: the percent on own and open legs' CV less each such leg's own gross; never less than zero.

    A leg is deducted at the percent reached, or at what it is paid, as the plan says; in the currency of the earner.
    """
    open_cv = _open_cv(snapshot, terms, columns)
    through = columns.gate(gate_number(terms, "differential"))
    earner = np.flatnonzero((columns.paid_step >= 0) & (columns.paid_bp > 0) & (open_cv != 0) & through).astype(
        np.int32
    )
    gross = amounts(snapshot, terms, earner=earner, base_cv=open_cv[earner], rate_bp=columns.paid_bp[earner])
    net = np.zeros(len(snapshot.members), dtype=np.int64)
    net[earner] = gross
    np.subtract.at(net, *deductions(snapshot, terms, columns, open_cv))
    amount_minor = np.where(open_cv[earner] > 0, np.maximum(net[earner], 0), gross)
    lines = lines_of(
        Bonus.DIFFERENTIAL,
        earner=earner,
        source=earner,
        base_cv=open_cv[earner],
        rate_bp=columns.paid_bp[earner],
        amount_minor=amount_minor,
    )
    paid(columns, lines, columns.differential_minor)


def deductions(snapshot: Snapshot, terms: Terms, columns: Columns, open_cv: Ints) -> tuple[Indexes, Ints]:
    """Return for each open leg with anything to deduct its sponsor, and what is deducted there in minor units."""
    rate = columns.percent_bp if terms.differential.deducts_in_full else columns.paid_bp
    closed = columns.broken_away & terms.breakaway.closes_differential
    leg = np.flatnonzero((snapshot.sponsor >= 0) & ~closed & (rate > 0) & (open_cv > 0))
    sponsor = snapshot.sponsor[leg]
    return sponsor, amounts(snapshot, terms, earner=sponsor, base_cv=open_cv[leg], rate_bp=rate[leg])


def _open_cv(snapshot: Snapshot, terms: Terms, columns: Columns) -> Ints:
    """Return the CV of everybody's own orders and open legs."""
    if terms.breakaway.closes_volume and terms.breakaway.closes_differential:
        return columns.group_cv
    return columns.total_cv if not terms.breakaway.closes_differential else _closed_at_breakaway(snapshot, columns)


def _closed_at_breakaway(snapshot: Snapshot, columns: Columns) -> Ints:
    open_cv = columns.cv.copy()
    _pass_on(snapshot.sponsor, columns.broken_away, open_cv)
    return open_cv


@kernel
def _pass_on(sponsor: Indexes, closed: Flags, open_cv: Ints) -> None:
    """Hand everybody's volume to the sponsor, from the leaves up; a closed group keeps its own."""
    for i in range(sponsor.size - 1, -1, -1):
        if sponsor[i] >= 0 and not closed[i]:
            open_cv[sponsor[i]] += open_cv[i]
