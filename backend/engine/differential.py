"""
Differential: the own percent less the highest percent already paid below, on every leg's volume.

Each member holds the CV of its open group sorted by the percent that counts as paid on it so far. What a member's
percent tops moves up to that percent; what has been paid at as much or more stays where it is. A broken-away member
still earns on its own legs, and hands nothing on: the path closes there. Measured against the frontline, whatever
reaches a paid member is counted at that member's percent, also where more was paid further below.
"""

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.deductions import gross_less_deductions
from backend.engine.amounts.lines import chosen, in_order, joined, kept, lines_of, paid, priced
from backend.engine.columns.compiled import borrowing
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.requirements import gate_number
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.personal import share_paid
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.engine.upline.nearest import NOBODY, nearest_above
from backend.plan.terms import Against, Failing, Terms

COUNTED = (Failing.FORFEIT, Failing.PASS_UP)
"""Where the percent of who is not active counts as paid all the same."""


class Path(NamedTuple):
    """What decides where volume goes and at which percent: the tree, who closes it, each one's place in the ladder."""

    first_leg: Indexes
    leg_count: Indexes
    closes: Flags
    own_level: Ints
    """The index, among the different percents, of what counts as paid on the own CV."""
    level: Ints
    """The same on the legs' volume."""
    settles: Flags
    """Whatever reaches the member counts at its percent from there on, also where more was paid below."""
    cv: Ints
    own_left_out: Flags
    """Who is not paid on what the frontline itself bought, as the own market says."""


class Written(NamedTuple):
    """The columns of the differential's lines that the loop writes."""

    earner: Indexes
    leg: Indexes
    rate_bp: Ints
    less_bp: Ints
    base_cv: Ints


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
    lines, beyond = _payable(_entitled(snapshot, terms, columns), columns.payable_bp)
    earns, through = columns.paid_step >= 0, columns.gate(gate_number(terms, "differential"))
    mine = (earns & through)[lines.earner]
    own_or_through = through[lines.earner] | (lines.leg < 0)
    up = ~earns[lines.earner] & (terms.unqualified == Failing.PASS_UP) & own_or_through
    passed, lost = _passed_up(snapshot, columns, chosen(lines, up))
    _pay(snapshot, terms, columns, in_order(joined([chosen(lines, mine), passed])))
    _keep(snapshot, terms, columns, joined([chosen(lines, ~mine & ~up), lost, beyond]))


def _entitled(snapshot: Snapshot, terms: Terms, columns: Columns) -> Lines:
    """Return what everybody's percent would earn, paid or not: lines without amounts."""
    if not terms.differential.pays:
        return _own_sales_unpaid(snapshot, terms, columns)
    on_legs, on_own = _counted(terms, columns)
    percents = np.unique(np.concatenate(([0], on_legs, on_own))).astype(np.int64)
    path = Path(
        snapshot.first_leg,
        snapshot.leg_count,
        columns.broken_away & terms.breakaway.closes_differential,
        np.searchsorted(percents, on_own),
        np.searchsorted(percents, on_legs),
        (terms.differential.against == Against.FRONTLINE) & ((columns.paid_step >= 0) | (on_legs > 0)),
        columns.cv,
        by_market(terms, lambda there: there.differential.from_level)[snapshot.market] > 1,
    )
    held_cv = np.zeros((len(snapshot.members), percents.size), dtype=np.int64)
    written = _blank(_hold(path, held_cv))
    _write(path, held_cv, percents, written)
    found = lines_of(Bonus.DIFFERENTIAL, source=written.leg, **written._asdict())
    return joined([found, _own_sales_unpaid(snapshot, terms, columns)])


def _counted(terms: Terms, columns: Columns) -> tuple[Ints, Ints]:
    """Return the percent that counts as paid, on the legs' volume and on own CV, in basis points."""
    unpaid = columns.paid_step < 0
    counted = terms.differential.deducts_in_full or terms.unqualified in COUNTED
    percent_bp = columns.percent_bp if terms.differential.deducts_in_full else columns.payable_bp
    on_legs = np.where(unpaid & (not counted), 0, percent_bp)
    own_sales = unpaid & (terms.unqualified == Failing.OWN_SALES_ONLY)
    on_own = np.where(own_sales, columns.paid_bp, on_legs)
    return on_legs, on_own if terms.personal.pays else np.zeros_like(on_own)


def _own_sales_unpaid(snapshot: Snapshot, terms: Terms, columns: Columns) -> Lines:
    """Return the personal commission that counts as paid though its member does not get it."""
    _, on_own = _counted(terms, columns)
    unpaid = (on_own > columns.paid_bp) & (columns.cv != 0)
    earner = np.flatnonzero(unpaid).astype(np.int32)
    base, less = columns.cv[earner], columns.paid_bp[earner]
    rate = on_own[earner] - less
    part, whole = share_paid(snapshot, terms)
    shared = {"base_cv": base, "rate_bp": rate, "less_bp": less, "part": part[earner], "whole": whole[earner]}
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


@borrowing
def _hold(path: Path, held_cv: Ints) -> int:
    """Sort each open group's CV by the percent that counts as paid on it, from the leaves up; count the lines."""
    count = 0
    for i in range(path.cv.size - 1, -1, -1):
        own = path.level[i]
        held_cv[i, path.own_level[i]] += path.cv[i]
        for leg in range(path.first_leg[i], path.first_leg[i] + path.leg_count[i]):
            if path.closes[leg]:
                continue
            for below in range(held_cv.shape[1]):
                held_cv[i, own if path.settles[i] else max(own, below)] += held_cv[leg, below]
                count += _base(path, held_cv, i, leg, below) != 0 and below < own
    return count


@borrowing
def _base(path: Path, held_cv: Ints, earner: int, leg: int, below: int) -> int:
    """Return the CV of a leg on which a percent counts as paid; without the leader's own, where that is left out."""
    base = held_cv[leg, below]
    if path.own_left_out[earner] and path.own_level[leg] == below:
        base -= path.cv[leg]
    return int(base)


@borrowing
def _write(path: Path, held_cv: Ints, percents: Ints, written: Written) -> None:
    """Write the lines by earner, leg and rising rate."""
    line = 0
    for i in range(path.cv.size):
        own = path.level[i]
        for leg in range(path.first_leg[i], path.first_leg[i] + path.leg_count[i]):
            if path.closes[leg]:
                continue
            for below in range(own - 1, -1, -1):
                base = _base(path, held_cv, i, leg, below)
                if base != 0:
                    written.earner[line] = i
                    written.leg[line] = leg
                    written.rate_bp[line] = percents[own] - percents[below]
                    written.less_bp[line] = percents[below]
                    written.base_cv[line] = base
                    line += 1


def _blank(count: int) -> Written:
    earner, leg = (np.empty(count, dtype=np.int32) for _ in range(2))
    rate_bp, less_bp, base_cv = (np.empty(count, dtype=np.int64) for _ in range(3))
    return Written(earner, leg, rate_bp, less_bp, base_cv)
