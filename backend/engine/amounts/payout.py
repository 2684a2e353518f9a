"""
Payout: what an outcome pays, by bonus, by depth and by market, and as a share of the CV that it is paid on.

A margin that is kept at the sale is nothing that the company pays, and what is carried forward it does not pay yet.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct

from backend.engine.columns.first_orders import cv_alone
from backend.engine.laws.of_lines import UNCOUNTED
from backend.engine.outcome import Bonus, Entry, Outcome
from backend.engine.snapshot import Flags, Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS, Rounding, divided
from backend.plan.terms import Terms

ON_VOLUME = (Bonus.PERSONAL, Bonus.DIFFERENTIAL)
"""The bonuses that together never pay more than the plan's highest percent."""

OWN, GROUP, APART = "own_volume", "own_group", "apart_from_volume"
"""What a bonus is paid on: own orders and customers', the own group's legs, or nobody's volume in particular."""

DEPTHS = {
    Bonus.PERSONAL: OWN,
    Bonus.DIFFERENTIAL: GROUP,
    Bonus.PRODUCTION: GROUP,
    Bonus.OVERRIDE: "generation",
    Bonus.LEVEL: "level",
    Bonus.MATCH: "match",
}

SCHEMES = {
    Bonus.OVERRIDE: "overrides",
    Bonus.POOL: "pools",
    Bonus.PRODUCTION: "productions",
    Bonus.LEVEL: "levels",
    Bonus.MATCH: "matches",
    Bonus.MULTIPLIER: "multipliers",
    Bonus.ONE_TIME: "one_times",
}
"""Where the terms list the bonuses of a kind that a plan may have several of."""


class Part(Struct, frozen=True, kw_only=True):
    """A part of the payout: what it is, in one currency, and its share of all CV in basis points, rounded half up."""

    name: str
    currency: str
    amount_minor: int
    share_bp: int


class Split(Struct, frozen=True, kw_only=True):
    """The same payout three times over: by bonus, by own volume against depth, and by the market of who is paid."""

    by_bonus: tuple[Part, ...]
    by_depth: tuple[Part, ...]
    by_market: tuple[Part, ...]


class Heap(NamedTuple):
    """What lines of one bonus, scheme and generation pay in one market, caps' cuts apart from the rest."""

    bonus: Bonus
    scheme: int
    generation: int
    cut: int
    market: int
    amount_minor: int


def split_of(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Split:
    """Return an outcome's payout, split; each of the three adds up to all of it in every currency."""
    heaps, cv = _heaps(snapshot, outcome), sold_cv(snapshot, terms, outcome)
    markets = sorted(heaps, key=lambda heap: heap.market)
    return Split(
        by_bonus=_parts(terms, cv, [(_name(terms, heap), heap) for heap in heaps]),
        by_depth=_parts(terms, cv, [(_depth(heap), heap) for heap in heaps]),
        by_market=_parts(terms, cv, [(terms.markets[heap.market].id, heap) for heap in markets]),
    )


def _heaps(snapshot: Snapshot, outcome: Outcome) -> list[Heap]:
    """Add up what is paid, in the plan's order of bonuses; there are few heaps, however many lines."""
    lines, counted = outcome.lines, counts(outcome)
    cut = lines.entry == Entry.CUT
    columns = (lines.bonus, lines.scheme, lines.generation, cut, snapshot.market[lines.earner])
    rows = np.stack(columns, axis=1).astype(np.int64)[counted]
    if not len(rows):
        return []
    least = rows.min(axis=0)
    places = tuple((rows - least).T)
    keys = np.ravel_multi_index(places, tuple((rows.max(axis=0) - least + 1).tolist()))
    _, first, heap_of = np.unique(keys, return_index=True, return_inverse=True)
    amounts = np.zeros(len(first), dtype=np.int64)
    np.add.at(amounts, heap_of, lines.amount_minor[counted])
    found = zip(rows[first].tolist(), amounts.tolist(), strict=True)
    return [
        Heap(bonus=Bonus(bonus), scheme=scheme, generation=generation, cut=cut, market=market, amount_minor=amount)
        for (bonus, scheme, generation, cut, market), amount in found
    ]


def _name(terms: Terms, heap: Heap) -> str:
    return scheme_name(terms, heap.bonus, heap.scheme, cut=bool(heap.cut))


def scheme_name(terms: Terms, bonus: Bonus, scheme: int, *, cut: bool = False) -> str:
    """
    Return a bonus by its kind, or by its kind and id where a plan may have several: `override leadership`.

    What a cap cuts of a bonus is named by the cap.
    """
    if cut:
        return f"cap {terms.caps[scheme].id}"
    kind = bonus.name.lower()
    schemes: Sequence[Any] = getattr(terms, SCHEMES[bonus]) if bonus in SCHEMES else ()
    return f"{kind} {schemes[scheme].id}" if len(schemes) > scheme else kind


def _depth(heap: Heap) -> str:
    depth = APART if heap.cut else DEPTHS.get(heap.bonus, APART)
    return depth if depth in (OWN, GROUP, APART) else f"{depth} {heap.generation}"


def _parts(terms: Terms, cv: int, named: Iterable[tuple[str, Heap]]) -> tuple[Part, ...]:
    """Add heaps up by name and currency, in the order in which the names first come."""
    found: dict[tuple[str, str], list[Heap]] = {}
    for name, heap in named:
        found.setdefault((name, terms.markets[heap.market].currency), []).append(heap)
    return tuple(
        Part(
            name=name,
            currency=currency,
            amount_minor=sum(heap.amount_minor for heap in heaps),
            share_bp=_share_bp(sum((_worth(terms, heap) for heap in heaps), Fraction(0)), cv),
        )
        for (name, currency), heaps in found.items()
    )


def _worth(terms: Terms, heap: Heap) -> Fraction:
    return Fraction(heap.amount_minor * HUNDREDTHS, terms.markets[heap.market].minor_per_point)


def share_bp(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Iterable[Bonus]) -> int:
    """Return what some bonuses pay as a share of the CV, each amount turned to points by its earner's market."""
    chosen = counts(outcome) & np.isin(outcome.lines.bonus, list(bonuses))
    return _share_bp(_points(snapshot, terms, outcome, chosen), sold_cv(snapshot, terms, outcome))


def sold_cv(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> int:
    """Return all CV of the period, hundredths, first orders that pay a level bonus alone included."""
    return int(outcome.cv.sum()) + int(cv_alone(snapshot, terms).sum())


def counts(outcome: Outcome) -> Flags:
    """Say of each line whether the company pays it, now or when a pause ends."""
    return ~np.isin(outcome.lines.state, UNCOUNTED)


def _points(snapshot: Snapshot, terms: Terms, outcome: Outcome, chosen: Flags) -> Fraction:
    market = snapshot.market[outcome.lines.earner]
    amounts = outcome.lines.amount_minor
    points = (
        Fraction(int(amounts[chosen & (market == at)].sum()) * HUNDREDTHS, each.minor_per_point)
        for at, each in enumerate(terms.markets)
    )
    return sum(points, Fraction(0))


def _share_bp(points: Fraction, cv: int) -> int:
    share = points * BASIS / cv if cv > 0 else Fraction(0)
    return divided(share.numerator, share.denominator, Rounding.HALF_UP)


def paid_by_bonus(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[tuple[Bonus, str], int]:
    """Return the sum of each bonus in each currency, in minor units; what pays nothing is left out."""
    lines, counted = outcome.lines, counts(outcome)
    market = snapshot.market[lines.earner]
    paid: dict[tuple[Bonus, str], int] = {}
    for bonus in Bonus:
        for at, each in enumerate(terms.markets):
            amount = int(lines.amount_minor[counted & (lines.bonus == bonus) & (market == at)].sum())
            if amount:
                paid[bonus, each.currency] = paid.get((bonus, each.currency), 0) + amount
    return paid
