"""
Level bonuses: a rate by level on the orders of single members, upward along the sponsors' or the enrollers' line.

The first above the buyer is level 1. Where a plan pays the higher of such a bonus and the differential, what is not
paid stays with the company.
"""

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.lines import NOBODY, chosen, kept, paid, priced
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.requirements import gate_number
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline.climbs import Climb, lines_of_levels
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay level g the g-th rate of the earner's market on each member's CV, or on the CV of its first order.

    The earner is through the gate and active, or computed as if active where pay is carried forward. Who is not uses up
    a level, unless the bonus is compressed; a line that comes back to a member whom it has passed ends there. On the
    enrollers' line no frontline leg is named.
    """
    for scheme, level in enumerate(terms.levels):
        lines = _lines(snapshot, terms, columns, scheme)
        if level.or_differential:
            lines = _higher_of_two(snapshot, columns, lines)
        paid(columns, lines, columns.level_minor)


def _lines(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Lines:
    base = _base(snapshot, terms, columns, scheme)
    rates = by_market(terms, lambda there: there.levels[scheme].rates_bp)
    through = columns.gate(gate_number(terms, "levels", scheme))
    climb = Climb(Bonus.LEVEL, scheme, terms.levels[scheme], rates, through)
    return priced(snapshot, terms, lines_of_levels(snapshot, columns, climb, base))


def _base(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """Return the CV that is paid on: of everybody, or of who joined at most so many days ago in the own market."""
    base = snapshot.first_cv if terms.levels[scheme].first_orders else columns.cv
    within = by_market(terms, lambda there: there.levels[scheme].within_days)[snapshot.market]
    days = snapshot.days_since_joining
    found: Ints = np.where((within == 0) | ((days >= 0) & (days <= within)), base, 0)
    return found


def _higher_of_two(snapshot: Snapshot, columns: Columns, lines: Lines) -> Lines:
    """
    Return the lines of those to whom they bring more than the differential, and take that one's lines from them.

    Who earns as much with both keeps the differential. Either way the lower one stays with the company.
    """
    total = np.zeros(len(snapshot.members), dtype=np.int64)
    np.add.at(total, lines.earner, lines.amount_minor)
    higher = total > columns.differential_minor
    both = np.zeros_like(higher)
    both[lines.earner] = True
    for at, part in enumerate(columns.lines):
        dropped = (part.bonus == Bonus.DIFFERENTIAL) & (higher & both)[part.earner]
        if dropped.any():
            _leave(columns, chosen(part, dropped))
            columns.lines[at] = chosen(part, ~dropped)
    columns.differential_minor[higher & both] = 0
    _leave(columns, chosen(lines, ~higher[lines.earner]))
    return chosen(lines, higher[lines.earner])


def _leave(columns: Columns, lines: Lines) -> None:
    """Record with the company what a member does not get, under that member as its source."""
    nobody = np.full(len(lines), NOBODY, dtype=np.int32)
    passed = lines.entry == Entry.PASSED_UP
    kept(columns, replace(lines, source=np.where(passed, lines.source, lines.earner), earner=nobody))
