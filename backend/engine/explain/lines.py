"""
Lines of one member: each as base × rate = amount with its rounding, and what it is beside a plain earning.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from backend.engine.explain.parts import decimal, minor
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, Lines, State
from backend.kernel.points import BASIS, HUNDREDTHS, percent_text, points_text
from backend.kernel.trace import Trace

UNCOUNTED = (State.HELD_ACTIVITY, State.KEPT_AT_SALE)
"""Lines in these states count in no total."""

NAMES = {
    Entry.EARNED: "line",
    Entry.GUARANTEE_RECEIVED: "guarantee_received",
    Entry.GUARANTEE_GIVEN: "guarantee_given",
    Entry.CUT: "cut",
    Entry.RELEASED: "released",
    Entry.PASSED_UP: "passed_up",
    Entry.CLAWED_BACK: "clawed_back",
}
"""What a line is called, by what it is beside a plain earning."""


class Row(NamedTuple):
    """One earning line, as whole numbers; the fields of `outcome.Lines`."""

    earner: int
    bonus: int
    scheme: int
    leg: int
    source: int
    generation: int
    product: int
    entry: int
    state: int
    rate_bp: int
    less_bp: int
    base_cv: int
    part: int
    whole: int
    amount_minor: int


def rows_of(member: Member, *bonuses: Bonus) -> list[Row]:
    """Return a member's lines of some bonuses, or of all; lines stand in the order of their earners."""
    lines = member.outcome.lines
    first, last = np.searchsorted(lines.earner, [member.index, member.index + 1])
    found = rows(lines, range(int(first), int(last)))
    return [row for row in found if not bonuses or row.bonus in bonuses]


def rows(lines: Lines, places: Sequence[int]) -> list[Row]:
    """Return some lines as rows."""
    columns = [getattr(lines, name)[list(places)].tolist() for name in Row._fields]
    return [Row(*row) for row in zip(*columns, strict=True)]


def of_scheme(found: Sequence[Row], scheme: int) -> list[Row]:
    """Return what one of several bonuses of a kind earns: not what caps cut and what comes from earlier periods."""
    return [row for row in found if row.scheme == scheme and row.entry not in (Entry.CUT, Entry.RELEASED)]


def counted(found: Sequence[Row]) -> int:
    """Return the sum of those lines that count in totals."""
    return sum(row.amount_minor for row in found if row.state not in UNCOUNTED)


def line(member: Member, row: Row, parts: tuple[Trace, ...] = ()) -> Trace:
    """Return a line as base × rate = amount, with the amount before it was rounded and what rounding gave or took."""
    about = {**_product(member, row), **_origin(member, row)}
    if row.state:
        about["state"] = State(row.state).name.lower()
    return Trace(name=NAMES[Entry(row.entry)], value=row.amount_minor, unit="minor", about=about, parts=parts)


def bare(member: Member, row: Row) -> Trace:
    """Return a line of a set amount: whose it is and what holds it, without base and rate."""
    about = _origin(member, row) | ({"state": State(row.state).name.lower()} if row.state else {})
    return Trace(name=NAMES[Entry(row.entry)], value=row.amount_minor, unit="minor", about=about)


def set_apart(found: Sequence[Row]) -> list[Trace]:
    """Return what lines that count in no total take from the sum: what is carried forward or kept at the sale."""
    apart = []
    for state in UNCOUNTED:
        held = sum(row.amount_minor for row in found if row.state == state)
        if held:
            apart.append(minor("set_apart", -held, state=state.name.lower()))
    return apart


def _product(member: Member, row: Row) -> dict[str, str]:
    """Return base, rate, what of it is paid, and the rounding, where a line is such a product; or units and amount."""
    if row.product >= 0:
        return _units(member, row)
    per_point = member.terms.markets[member.of("market")].minor_per_point
    if not row.rate_bp or not row.base_cv:
        return {}
    exact = Fraction(row.base_cv * row.rate_bp * per_point * row.part, HUNDREDTHS * BASIS * row.whole)
    finer = finer_of(member, row)
    rate = percent_text(row.rate_bp, finer)
    about = {"base": points_text(row.base_cv), "rate": rate, **rounding(row.amount_minor, exact)}
    if row.part * finer != row.whole and row.entry == Entry.EARNED:
        about |= _part(member, row, finer)
    return about


def finer_of(member: Member, row: Row) -> int:
    """Return in how many parts of a basis point a line counts its rate."""
    return member.terms.overrides[row.scheme].finer if row.bonus == Bonus.OVERRIDE else 1


def _part(member: Member, row: Row, finer: int) -> dict[str, str]:
    """Return what part of the rate is paid, or the rate of the first generation, of whose amount this is one."""
    if row.bonus == Bonus.OVERRIDE and member.terms.overrides[row.scheme].of_first_amount:
        return {"of_first": percent_text(row.part, finer)}
    return {"part": f"{row.part}/{row.whole // finer}"}


def _units(member: Member, row: Row) -> dict[str, str]:
    """Return what product a line is on, how many units of it, and what one of them pays in the earner's currency."""
    each = str(row.amount_minor // row.part)
    return {"product": member.terms.products[row.product], "units": str(row.part), "each_minor": each}


def rounding(amount_minor: int, exact: Fraction) -> dict[str, str]:
    """Return the amount before it was rounded and, where it is not the same, what rounding gave or took."""
    off = {"rounding": decimal(amount_minor - exact)} if amount_minor != exact else {}
    return {"before_rounding": decimal(exact), **off}


def _origin(member: Member, row: Row) -> dict[str, str]:
    members, about = member.snapshot.members, dict[str, str]()
    if row.less_bp:
        about["paid_below"] = percent_text(row.less_bp)
    if row.generation:
        about["generation"] = str(row.generation)
    if row.source >= 0:
        about["from"] = members[row.source]
    if row.leg >= 0:
        about["through"] = members[row.leg]
    return about
