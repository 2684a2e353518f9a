"""
Gross less deductions: the differential of plans that round the parts and not the difference.

A member's percent on the whole open group is cut to whole units, so is each leg's own share, and what is left of the
first after the second is one line. (DXN's training slides compute so.)
"""

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.lines import chosen, kept, lines_of, paid
from backend.engine.amounts.prices import amounts
from backend.engine.columns.compiled import kernel
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.engine.upline.nearest import NOBODY, nearest_above
from backend.plan.terms import Terms


def gross_less_deductions(
    snapshot: Snapshot, terms: Terms, columns: Columns, *, entitled_bp: Ints, deducted_bp: Ints
) -> None:
    """
    Write one line a member: the percent on own and open legs' CV less each such leg's own gross; never less than zero.

    `entitled_bp` is what everybody's percent comes to, paid or not, and `deducted_bp` what is deducted of a leg above.
    What is not paid of it stays with the company.
    """
    open_cv = _open_cv(snapshot, terms, columns)
    entitled = np.flatnonzero((entitled_bp > 0) & (open_cv != 0)).astype(np.int32)
    base, rate = open_cv[entitled], entitled_bp[entitled]
    gross = amounts(snapshot, terms, earner=entitled, base_cv=base, rate_bp=rate)
    net = np.zeros(len(snapshot.members), dtype=np.int64)
    net[entitled] = gross
    np.subtract.at(net, *deductions(snapshot, terms, columns, open_cv=open_cv, deducted_bp=deducted_bp))
    amount_minor = np.where(base > 0, np.maximum(net[entitled], 0), gross)
    lines = lines_of(
        Bonus.DIFFERENTIAL,
        earner=entitled,
        source=entitled,
        base_cv=base,
        rate_bp=rate,
        amount_minor=amount_minor,
    )
    mine = (columns.gate(gate_number(terms, "differential")) & (columns.paid_step >= 0))[entitled]
    paid(columns, chosen(lines, mine), columns.differential_minor)
    lost = chosen(lines, ~mine)
    kept(columns, replace(lost, earner=np.full(len(lost), NOBODY, dtype=np.int32)))


def deductions(
    snapshot: Snapshot, terms: Terms, columns: Columns, *, open_cv: Ints, deducted_bp: Ints
) -> tuple[Indexes, Ints]:
    """
    Return what is deducted: for each open leg with a percent who it is deducted from, and how much in minor units.

    That is the nearest above who is paid or whose percent counts; who is passed over hands the legs below on.
    """
    closed = columns.broken_away & terms.breakaway.closes_differential
    settles = (columns.paid_step >= 0) | (deducted_bp > 0)
    above = nearest_above(snapshot.sponsor, settles | closed).member
    leg = np.flatnonzero((above >= 0) & settles[above] & ~closed & (deducted_bp > 0) & (open_cv > 0))
    sponsor = above[leg]
    return sponsor, amounts(snapshot, terms, earner=sponsor, base_cv=open_cv[leg], rate_bp=deducted_bp[leg])


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
