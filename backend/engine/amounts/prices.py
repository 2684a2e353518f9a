"""
Prices: what a base at a rate is in the money of who earns it, rounded once.
"""

from fractions import Fraction as Exact
from math import floor, prod
from typing import NamedTuple

import numpy as np

from backend.engine.amounts.worth import ROOM, worth
from backend.engine.columns.compiled import divided, kernel
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.kernel import points
from backend.plan.terms import Terms

Whole = Indexes | Ints
"""A column of whole numbers, narrow or wide; lines store each at its own width."""


def alike(column: Whole) -> bool:
    """Say whether a column is kept as one number, which all of its lines have."""
    return column.size > 0 and column.strides == (0,)


def all_one(value: Whole | int) -> bool:
    """Say whether a number, or a column kept as one, is one."""
    return value == 1 if isinstance(value, int) else alike(value) and bool(value[0] == 1)


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
    base_cv = base_cv.astype(np.int64, copy=False)
    if all_one(part) and all_one(whole) and not terms.rounded_on_sum and _small(base_cv, rate_bp, numerators):
        units = np.array([market.rounding_minor for market in terms.markets], dtype=np.int64)
        found = np.empty(earner.size, dtype=np.int64)
        money = Money(snapshot.market, numerators, denominators * units, units, int(terms.rounding))
        _price(money, earner, base_cv, _column(rate_bp, earner), found)
        return found
    market = snapshot.market[earner]
    return rounded(
        snapshot,
        terms,
        earner=earner,
        product=base_cv * rate_bp,
        numerator=numerators[market],
        denominator=denominators[market],
        part=part,
        whole=whole,
    )


class Money(NamedTuple):
    """What a line's product becomes in money: each member's market, and per market the fraction and the unit."""

    market: Indexes
    numerator: Ints
    denominator: Ints
    """Of whole units."""
    unit: Ints
    mode: int


@kernel
def _price(money: Money, earner: Whole, base_cv: Ints, rate_bp: Ints, found: Ints) -> None:
    for k in range(found.size):
        here = money.market[earner[k]]
        parts = base_cv[k] * rate_bp[k] * money.numerator[here]
        found[k] = divided(parts, money.denominator[here], money.mode) * money.unit[here]


def _small(base_cv: Ints, rate_bp: Whole, numerators: Ints) -> bool:
    """Say whether every product stays within 64 bits, whichever its largest factors meet."""
    factors = (base_cv, rate_bp, numerators)
    return prod(max(int(each.max(initial=0)), -int(each.min(initial=0))) for each in factors) < ROOM


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
    return np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype=np.int64), like.shape))


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
