"""
Level bonuses: a rate by level on the orders of single members, upward along the sponsors' or the enrollers' line.

In place of a rate it may be an amount for each unit of a product. The first above the buyer is level 1. Where a plan
pays the higher of such a bonus and the differential, what is not paid stays with the company.
"""

from functools import partial

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.amounts.lines import NOBODY, chosen, in_order, kept, paid, priced
from backend.engine.columns.first_orders import cv_alone, lately_joined, units_alone
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline.climbs import Brought, Climb, lines_of_levels
from backend.plan.terms import LevelBonus, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay level g the g-th rate of the earner's market on each member's CV, or first order, or its amount for each unit.

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
    level: LevelBonus = terms.levels[scheme]
    climb = Climb(Bonus.LEVEL, scheme, level, columns.gate(gate_number(terms, "levels", scheme)))
    if level.products:
        return _by_units(snapshot, terms, columns, climb)
    base = snapshot.first_cv if level.first_orders else columns.cv
    base = np.where(lately_joined(snapshot, terms, scheme), base, 0)
    brought = Brought(base, by_market(terms, lambda there: there.levels[scheme].rates_bp))
    return priced(snapshot, terms, lines_of_levels(snapshot, columns, climb, [brought]))


def _by_units(snapshot: Snapshot, terms: Terms, columns: Columns, climb: Climb) -> Lines:
    """Return lines of so many units at a set amount each, in the earner's currency; what comes back is recovered."""
    level, units = terms.levels[climb.scheme], _units(snapshot, terms, climb.scheme)
    amounts = [_amounts(terms, climb.scheme, at) for at in range(len(level.products))]
    brought = [
        Brought(units[:, each.product], amount, each.product)
        for each, amount in zip(level.products, amounts, strict=True)
    ]
    found = lines_of_levels(snapshot, columns, climb, brought)
    nothing = np.zeros_like(found.base_cv)
    amount_minor = found.base_cv * found.rate_bp
    return in_order(replace(found, part=found.base_cv, amount_minor=amount_minor, base_cv=nothing, rate_bp=nothing))


def _units(snapshot: Snapshot, terms: Terms, scheme: int) -> Ints:
    """
    Return the units (n × products) that a level bonus pays on, of the same orders as a rate would be.

    Units that bring no CV pay nothing, whoever buys them; what comes back is recovered all the same.
    """
    if terms.levels[scheme].first_orders:
        units, cv = snapshot.first_units, snapshot.first_cv
    else:
        units = snapshot.units - units_alone(snapshot, terms)
        cv = snapshot.own_cv + snapshot.customer_cv - cv_alone(snapshot, terms)
    sold = np.where((cv > 0)[:, None], units, np.minimum(units, 0))
    found: Ints = np.where(lately_joined(snapshot, terms, scheme)[:, None], sold, 0)
    return found


def _amounts(terms: Terms, scheme: int, at: int) -> Ints:
    """Return what a unit of a product of the bonus pays, markets × levels: each amount exchanged, and rounded once."""
    levels = max(len(each.amounts_minor) for each in terms.levels[scheme].products)
    return np.stack(
        [exchanged_by_market(terms, partial(_amount, scheme, at, level)) for level in range(levels)], axis=1
    )


def _amount(scheme: int, at: int, level: int, there: Terms) -> int:
    """Return what the terms of a market say of one product and level: nothing beyond its last level."""
    amounts = there.levels[scheme].products[at].amounts_minor
    return amounts[level] if level < len(amounts) else 0


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
