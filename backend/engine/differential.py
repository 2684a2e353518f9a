"""
Differential: the own percent less the highest percent already paid below, on every leg's volume.

Each member holds the CV of its open group sorted by the percent that counts as paid on it so far. What a member's
percent tops moves up to that percent; what has been paid at as much or more stays where it is. A broken-away member
still earns on its own legs, and hands nothing on: the path closes there. Measured against the frontline, whatever
reaches a paid member is counted at that member's percent, also where more was paid further below.
"""

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.deductions import gross_less_deductions
from backend.engine.amounts.lines import chosen, in_order, joined, kept, lines_of, paid, priced
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.personal import share_paid
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline.nearest import NOBODY, nearest_above
from backend.engine.upline.paths import Path, lines_on
from backend.plan.terms import Against, Failing, Terms

COUNTED = (Failing.FORFEIT, Failing.PASS_UP)
"""Where the percent of who is not active counts as paid all the same."""


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Write a line for earner × frontline leg × highest percent paid below, where the earner's percent is above that.

    Up to and including the first broken-away member, the rates on one unit of CV add up to the highest percent paid.
    What the percent of who is not through the gate or not active would have earned stays with the company, or passes
    up, as the plan says. What a percent that counts in full has above the one that may be paid stays with the company.
    """
    if terms.differential.less_deductions and terms.differential.pays:
        counted_bp = _counted(terms, columns)[0]
        entitled_bp = np.minimum(counted_bp, columns.payable_bp)
        gross_less_deductions(snapshot, terms, columns, entitled_bp=entitled_bp, deducted_bp=counted_bp)
        return
    entitled = _entitled(snapshot, terms, columns)
    if not _may_be_lost(terms):
        _pay(snapshot, terms, columns, entitled)
        return
    lines, beyond = _payable(entitled, columns.payable_bp)
    earns, through = columns.paid_step >= 0, columns.gate(gate_number(terms, "differential"))
    mine = (earns & through)[lines.earner]
    own_or_through = through[lines.earner] | (lines.leg < 0)
    up = ~earns[lines.earner] & (terms.unqualified == Failing.PASS_UP) & own_or_through
    passed, lost = _passed_up(snapshot, columns, chosen(lines, up))
    _pay(snapshot, terms, columns, in_order(joined([chosen(lines, mine), passed])))
    _keep(snapshot, terms, columns, joined([chosen(lines, ~mine & ~up), lost, beyond]))


def _may_be_lost(terms: Terms) -> bool:
    """Say whether a percent may count as paid though its member does not get it."""
    return _counts_unpaid(terms) or bool(terms.differential.gate.any_of)


def _counts_unpaid(terms: Terms) -> bool:
    return terms.differential.deducts_in_full or terms.unqualified in COUNTED


def _entitled(snapshot: Snapshot, terms: Terms, columns: Columns) -> Lines:
    """Return what everybody's percent would earn, paid or not: lines without amounts."""
    if not terms.differential.pays:
        return _own_sales_unpaid(snapshot, terms, columns)
    legs_bp, own_bp = _counted(terms, columns)
    nobody = np.zeros(len(snapshot.members), dtype=np.bool_)
    against_frontline = terms.differential.against == Against.FRONTLINE
    from_level = by_market(terms, lambda there: there.differential.from_level)
    path = Path(
        snapshot.first_leg,
        snapshot.leg_count,
        columns.broken_away if terms.breakaway.closes_differential else nobody,
        own_bp,
        legs_bp,
        ((columns.paid_step >= 0) | (legs_bp > 0)) if against_frontline else nobody,
        columns.cv,
        (from_level > 1)[snapshot.market] if from_level.max() > 1 else nobody,
    )
    found = lines_on(path)
    return joined([found, _own_sales_unpaid(snapshot, terms, columns)])


def _counted(terms: Terms, columns: Columns) -> tuple[Ints, Ints]:
    """Return the percent that counts as paid, on the legs' volume and on own CV, in basis points."""
    unpaid_own_sales = terms.unqualified == Failing.OWN_SALES_ONLY
    on_legs = on_own = columns.paid_bp
    if _counts_unpaid(terms):
        on_legs = on_own = columns.percent_bp if terms.differential.deducts_in_full else columns.payable_bp
    elif unpaid_own_sales:
        on_legs = np.where(columns.paid_step < 0, 0, columns.payable_bp)
    if unpaid_own_sales:
        on_own = np.where(columns.paid_step < 0, columns.paid_bp, on_legs)
    return on_legs, on_own if terms.personal.pays else np.zeros_like(on_own)


def _own_sales_unpaid(snapshot: Snapshot, terms: Terms, columns: Columns) -> Lines:
    """Return the personal commission that counts as paid though its member does not get it."""
    if not _may_be_lost(terms):
        return joined([])
    _, on_own = _counted(terms, columns)
    unpaid = (on_own > columns.paid_bp) & (columns.cv != 0)
    earner = np.flatnonzero(unpaid).astype(np.int32)
    base, less = columns.cv[earner], columns.paid_bp[earner]
    rate = on_own[earner] - less
    part, whole = share_paid(snapshot, terms, earner)
    shared = {"base_cv": base, "rate_bp": rate, "less_bp": less, "part": part, "whole": whole}
    return lines_of(Bonus.DIFFERENTIAL, earner=earner, source=earner, **shared)


def _payable(lines: Lines, payable_bp: Ints) -> tuple[Lines, Lines]:
    """Return of each line what lies within the percent that gates let be paid, and what lies beyond it."""
    room = payable_bp[lines.earner] - lines.less_bp
    within = np.clip(room, 0, lines.rate_bp)
    beyond = replace(lines, rate_bp=lines.rate_bp - within, less_bp=lines.less_bp + within)
    return chosen(replace(lines, rate_bp=within), within > 0), chosen(beyond, beyond.rate_bp > 0)


def _passed_up(snapshot: Snapshot, columns: Columns, lines: Lines) -> tuple[Lines, Lines]:
    """Return lines with the nearest active member above as their earner, and those that find nobody."""
    above = nearest_above(snapshot.sponsor, columns.earns)
    earner = above.member[lines.earner]
    moved = lines_of(
        Bonus.DIFFERENTIAL,
        earner=earner,
        leg=above.leg[lines.earner],
        source=lines.earner,
        entry=int(Entry.PASSED_UP),
        rate_bp=lines.rate_bp,
        less_bp=lines.less_bp,
        base_cv=lines.base_cv,
        part=lines.part,
        whole=lines.whole,
    )
    return chosen(moved, earner >= 0), chosen(lines, earner < 0)


def _pay(snapshot: Snapshot, terms: Terms, columns: Columns, lines: Lines) -> None:
    paid(columns, priced(snapshot, terms, lines), columns.differential_minor)


def _keep(snapshot: Snapshot, terms: Terms, columns: Columns, lines: Lines) -> None:
    """Record what the company keeps, under the member who would have earned it."""
    lines = in_order(lines)
    nobody = np.full(len(lines), NOBODY, dtype=np.int32)
    kept(columns, replace(priced(snapshot, terms, lines), source=lines.earner, earner=nobody))
