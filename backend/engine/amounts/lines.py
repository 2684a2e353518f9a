"""
Lines as the stages write them: amounts from base and rate, rounded once; set in order; added up per earner.
"""

from collections.abc import Sequence
from fractions import Fraction as Exact
from math import floor, prod
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.worth import ROOM, worth
from backend.engine.columns.compiled import divided, kernel
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.kernel import points
from backend.plan.terms import Terms

NOBODY = -1

Whole = Indexes | Ints
"""A column of whole numbers, narrow or wide; lines store each at its own width."""

NARROW = ("earner", "bonus", "scheme", "leg", "source", "generation", "product", "entry", "state")
OTHERWISE = {"leg": NOBODY, "source": NOBODY, "product": NOBODY, "part": 1, "whole": 1}
"""What stands in a column that a stage does not give; all others are zero."""

KEYS = ("earner", "bonus", "scheme", "leg", "source", "rate_bp", "generation", "product", "entry")
"""Lines stand in this order."""


TOTALS = {
    Bonus.PERSONAL: "personal_minor",
    Bonus.DIFFERENTIAL: "differential_minor",
    Bonus.OVERRIDE: "override_minor",
    Bonus.POOL: "pool_minor",
    Bonus.FAST_START: "bonus_minor",
    Bonus.TITLE_HELD: "bonus_minor",
    Bonus.PRODUCTION: "production_minor",
    Bonus.LEVEL: "level_minor",
    Bonus.MATCH: "match_minor",
    Bonus.ONE_TIME: "bonus_minor",
    Bonus.MULTIPLIER: "multiplier_minor",
}
"""The column that adds up each bonus; a retail margin counts in none."""


def priced(snapshot: Snapshot, terms: Terms, lines: Lines) -> Lines:
    """Return lines with their amounts: the part that is paid of CV × rate, in the currency of who earns them."""
    amount_minor = amounts(
        snapshot,
        terms,
        earner=lines.earner,
        base_cv=lines.base_cv,
        rate_bp=lines.rate_bp,
        part=lines.part,
        whole=lines.whole,
    )
    return replace(lines, amount_minor=amount_minor)


def amounts(
    snapshot: Snapshot,
    terms: Terms,
    *,
    earner: Whole,
    base_cv: Whole,
    rate_bp: Whole,
    part: Whole | int = 1,
    whole: Whole | int = 1,
) -> Ints:
    """
    Return the amount of each line in minor units of the earner's market: CV × rate × value of a point, rounded once.

    `base_cv` is hundredths of a point, `rate_bp` basis points, `part` of `whole` what is paid; the plan's mode rounds,
    to whole `rounding_minor` of the market.
    """
    numerators, denominators = worth(terms)
    market = snapshot.market[earner]
    return rounded(
        snapshot,
        terms,
        earner=earner,
        product=base_cv.astype(np.int64) * rate_bp,
        numerator=numerators[market],
        denominator=denominators[market],
        part=part,
        whole=whole,
    )


def rounded(
    snapshot: Snapshot,
    terms: Terms,
    *,
    earner: Whole,
    product: Ints,
    numerator: Ints,
    denominator: Ints,
    part: Whole | int = 1,
    whole: Whole | int = 1,
) -> Ints:
    """Return product × numerator × part / (denominator × whole), rounded once to the unit of each earner's market."""
    units = np.array([market.rounding_minor for market in terms.markets], dtype=np.int64)
    unit = units[snapshot.market[earner]]
    fraction = Fraction(product, numerator, _column(part, earner), denominator, _column(whole, earner))
    if terms.rounded_on_sum:
        return _summed(earner, fraction, unit, terms.rounding)
    if _fits(fraction):
        found = np.empty(earner.size, dtype=np.int64)
        _round(fraction, unit, int(terms.rounding), found)
        return found
    rows = zip(*(column.tolist() for column in (*fraction, unit)), strict=True)
    return np.array([_rounded(row, terms.rounding) for row in rows], dtype=np.int64)


class Fraction(NamedTuple):
    """What amounts are made of, a column each: product × numerator × part / (denominator × whole)."""

    product: Ints
    numerator: Ints
    part: Ints
    denominator: Ints
    whole: Ints


def _summed(earner: Whole, fraction: Fraction, unit: Ints, mode: points.Rounding) -> Ints:
    """
    Return amounts that add up to each earner's exact sum, rounded once; the largest remainders get what is left.

    Of equal remainders the larger line's comes first, then that of the line which stands first.
    """
    rows = zip(*(column.tolist() for column in (*fraction, unit)), strict=True)
    exact = [Exact(p * n * part, d * whole * u) for p, n, part, d, whole, u in rows]
    found = np.array([floor(each) for each in exact], dtype=np.int64)
    for lines in np.split(np.argsort(earner, kind="stable"), _bounds(earner)):
        whole_sum = sum((exact[line] for line in lines), Exact(0))
        left = points.divided(whole_sum.numerator, whole_sum.denominator, mode) - int(found[lines].sum())
        largest = sorted(lines.tolist(), key=lambda line: (floor(exact[line]) - exact[line], -exact[line], line))
        found[largest[:left]] += 1
    return found * unit


def _bounds(earner: Whole) -> Ints:
    """Return where, in the order of earners, the lines of another one begin."""
    ordered = np.sort(earner, kind="stable")
    return np.flatnonzero(np.diff(ordered)) + 1


def _column(value: Whole | int, like: Whole) -> Ints:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.int64), like.shape))


def _fits(fraction: Fraction) -> bool:
    """Say whether every product stays within 64 bits, whichever its largest factors meet."""
    upper = (fraction.product, fraction.numerator, fraction.part)
    return prod(int(np.abs(column).max(initial=0)) for column in upper) < ROOM


def _rounded(row: tuple[int, ...], mode: points.Rounding) -> int:
    """Return one amount by whole numbers of any length."""
    product, numerator, part, denominator, whole, unit = row
    return points.divided(product * numerator * part, denominator * whole * unit, mode) * unit


@kernel
def _round(fraction: Fraction, unit: Ints, mode: int, found: Ints) -> None:
    for k in range(found.size):
        parts = fraction.product[k] * fraction.numerator[k] * fraction.part[k]
        found[k] = divided(parts, fraction.denominator[k] * fraction.whole[k] * unit[k], mode) * unit[k]


def lines_of(bonus: Bonus, *, earner: Whole, **rest: Whole | int) -> Lines:
    """Return lines of one bonus; a column that is not given is nobody, one whole, or zero."""
    given: dict[str, Whole | int] = {"earner": earner, "bonus": int(bonus), **rest}
    columns: dict[str, Any] = {}
    for name in Lines.__struct_fields__:
        value = np.asarray(given.get(name, OTHERWISE.get(name, 0)))
        columns[name] = np.broadcast_to(value, earner.shape).astype(np.int32 if name in NARROW else np.int64)
    return Lines(**columns)


def chosen(lines: Lines, rows: Whole | np.ndarray) -> Lines:
    """Return some of the lines: by a flag each, or by their places."""
    return Lines(**{name: getattr(lines, name)[rows] for name in Lines.__struct_fields__})


def joined(parts: Sequence[Lines]) -> Lines:
    """Return lines one after another, as they come."""
    blank = [lines_of(Bonus.PERSONAL, earner=np.empty(0, np.int32))]
    names = Lines.__struct_fields__
    return Lines(**{name: np.concatenate([getattr(part, name) for part in [*blank, *parts]]) for name in names})


def in_order(lines: Lines) -> Lines:
    """Return lines in their order: by earner, bonus, scheme, leg, source, rate, generation and entry."""
    return chosen(lines, np.lexsort([getattr(lines, name) for name in reversed(KEYS)]))


def paid(columns: Columns, lines: Lines, total_minor: Ints) -> None:
    """Write a stage's lines on the sheet and add them up per earner."""
    np.add.at(total_minor, lines.earner, lines.amount_minor)
    columns.lines.append(lines)


def inserted(columns: Columns, lines: Lines) -> None:
    """Write lines, already in the totals, among those that stand on the sheet, all of them in order."""
    if len(lines):
        columns.lines[:] = [in_order(joined([*columns.lines, lines]))]


def total_of(columns: Columns, bonus: Bonus) -> Ints:
    """Return the column that adds up a bonus per earner."""
    total: Ints = getattr(columns, TOTALS[bonus])
    return total


def kept(columns: Columns, lines: Lines) -> None:
    """Write what a stage earns for nobody: it stays with the company, recorded."""
    columns.breakage.append(lines)


def merged(parts: Sequence[Lines]) -> Lines:
    """
    Return the lines of all stages by earner, bonus and scheme.

    Each stage's lines are in order already within these, which a stable sort keeps.
    """
    lines = joined(parts)
    schemes = int(lines.scheme.max(initial=0)) + 1
    key = (lines.earner.astype(np.int64) * len(Bonus) + lines.bonus) * schemes + lines.scheme
    return chosen(lines, np.argsort(key, kind="stable"))
