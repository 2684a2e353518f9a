"""
Limits: caps on what a member is paid and on what the plan pays in all. What a cap takes stands as a line of its own.

Some caps work before anything is matched, so that matches are of what is left, the others last; either in the plan's
order, each on what those before it have left. Never cut are what is kept at a sale, what is carried forward, and
recoveries.
"""

from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.amounts.lines import inserted, lines_of, total_of
from backend.engine.columns.first_orders import cv_alone
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Entry, State
from backend.engine.snapshot import Ints, Snapshot
from backend.kernel.money import split
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.plan.terms import Cap, Failing, Terms

KINDS = len(Bonus)


class Paid(NamedTuple):
    """What is paid so far, members × kinds of bonus, and what this cap takes of it; minor units of the own market."""

    net: Ints
    cut: Ints

    @property
    def left(self) -> Ints:
        """What is left after the cuts."""
        return self.net - self.cut


def before_matches(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """Apply the caps that cut what is matched: before matches, which look at what is left."""
    _apply(snapshot, terms, columns, early=True)


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Cut each member to `member_minor`, then all to `share_bp` of the company's CV, each bonus in proportion.

    A cut is exact to the last unit (largest remainder). A share of CV is cut down to a whole unit, never above it; with
    several currencies each market keeps the same part of what it is paid. The company's CV holds first orders that pay
    a level bonus alone.
    """
    _apply(snapshot, terms, columns, early=False)


def _apply(snapshot: Snapshot, terms: Terms, columns: Columns, *, early: bool) -> None:
    for index, cap in enumerate(terms.caps):
        if cap.before_matches != early:
            continue
        found = _paid(snapshot, terms, columns, cap)
        if cap.member_minor:
            _cut_members(snapshot, terms, found, index)
        if cap.share_bp:
            _cut_all(snapshot, terms, columns, found, cap)
        _write(columns, found.cut, index)


def _paid(snapshot: Snapshot, terms: Terms, columns: Columns, cap: Cap) -> Paid:
    """Return what a cap looks at: lines of its bonuses that are paid in this period, recoveries and cuts included."""
    net = np.zeros((len(snapshot.members), KINDS), dtype=np.int64)
    kinds = [kind for kind in cap.bonuses or Bonus if kind != Bonus.RETAIL]
    for part in columns.lines:
        counted = np.isin(part.bonus, kinds) & (part.state != State.KEPT_AT_SALE)
        np.add.at(net, (part.earner[counted], part.bonus[counted]), part.amount_minor[counted])
    if terms.unqualified == Failing.CARRY_FORWARD:
        net[~columns.earns] = 0
    return Paid(net, np.zeros_like(net))


def _cut_members(snapshot: Snapshot, terms: Terms, found: Paid, index: int) -> None:
    most = exchanged_by_market(terms, lambda there: there.caps[index].member_minor)[snapshot.market]
    over = found.left.sum(axis=1) - most
    for member in np.flatnonzero(over > 0):
        unit = terms.markets[snapshot.market[member]].rounding_minor
        _take(found, np.array([member]), int(over[member]), unit)


def _cut_all(snapshot: Snapshot, terms: Terms, columns: Columns, found: Paid, cap: Cap) -> None:
    """Leave each market that part of what it is paid which the most makes of all, in points."""
    sold = int(columns.cv.sum()) + int(cv_alone(snapshot, terms).sum())
    most = max(0, sold) * cap.share_bp
    inside = [snapshot.market == market for market in range(len(terms.markets))]
    sums = [max(0, int(found.left[here].sum())) for here in inside]
    worth = int(np.lcm.reduce([market.minor_per_point for market in terms.markets], dtype=object))
    whole = sum(paid * worth // market.minor_per_point for paid, market in zip(sums, terms.markets, strict=True))
    if whole * HUNDREDTHS * BASIS <= most * worth:
        return
    for here, paid, market in zip(inside, sums, terms.markets, strict=True):
        unit = market.rounding_minor
        allowed = paid * most * worth // (whole * HUNDREDTHS * BASIS * unit) * unit
        _take(found, np.flatnonzero(here), paid - allowed, unit)


def _take(found: Paid, members: Ints, over_minor: int, unit: int) -> None:
    """Take so much from some members, in proportion to what each of their bonuses still pays."""
    left = np.maximum(found.net[members] - found.cut[members], 0)
    rows, kinds = np.nonzero(left)
    if over_minor > 0:
        parts = split(over_minor // unit, left[rows, kinds].tolist())
        found.cut[members[rows], kinds] += np.array(parts, dtype=np.int64) * unit


def _write(columns: Columns, cut: Ints, index: int) -> None:
    """Write a negative line for each member and bonus that is cut, and lower the totals by it."""
    members, kinds = np.nonzero(cut)
    amount_minor = -cut[members, kinds]
    for kind in np.unique(kinds).tolist():
        of_kind = kinds == kind
        np.add.at(total_of(columns, Bonus(kind)), members[of_kind], amount_minor[of_kind])
    lines = lines_of(Bonus.PERSONAL, earner=members, amount_minor=amount_minor, scheme=index, entry=int(Entry.CUT))
    inserted(columns, replace(lines, bonus=kinds.astype(np.int32)))
