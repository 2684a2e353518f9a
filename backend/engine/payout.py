"""
Payout: what an outcome pays, by bonus, by depth and by market, and as a share of the CV that it is paid on.

A margin that is kept at the sale is nothing that the company pays, and what is carried forward it does not pay yet.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.engine.laws_of_lines import UNCOUNTED
from backend.engine.outcome import Bonus, Outcome
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


def split_of(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Split:
    """Return an outcome's payout, split; each of the three adds up to all of it in every currency."""
    lines = outcome.lines
    names: dict[str, list[str]] = {"by_bonus": [], "by_depth": [], "by_market": []}
    rows = zip(lines.bonus.tolist(), lines.scheme.tolist(), lines.generation.tolist(), strict=True)
    for (bonus, scheme, generation), market in zip(rows, snapshot.market[lines.earner].tolist(), strict=True):
        names["by_bonus"].append(scheme_name(terms, Bonus(bonus), scheme))
        names["by_depth"].append(_depth(Bonus(bonus), generation))
        names["by_market"].append(terms.markets[market].id)
    return Split(**{by: _parts(snapshot, terms, outcome, np.array(found, dtype=object)) for by, found in names.items()})


def scheme_name(terms: Terms, bonus: Bonus, scheme: int) -> str:
    """Return a bonus by its kind, or by its kind and id where a plan may have several: `override leadership`."""
    kind = bonus.name.lower()
    schemes: Sequence[Any] = getattr(terms, SCHEMES[bonus]) if bonus in SCHEMES else ()
    return f"{kind} {schemes[scheme].id}" if len(schemes) > scheme else kind


def _depth(bonus: Bonus, generation: int) -> str:
    depth = DEPTHS.get(bonus, APART)
    return depth if depth in (OWN, GROUP, APART) else f"{depth} {generation}"


def _parts(snapshot: Snapshot, terms: Terms, outcome: Outcome, names: NDArray[Any]) -> tuple[Part, ...]:
    """Add lines up by name and currency, in the order in which the names first come in the plan's order of bonuses."""
    counted = counts(outcome)
    currencies = np.array([market.currency for market in terms.markets], dtype=object)
    currency = currencies[snapshot.market[outcome.lines.earner]]
    order = np.argsort(outcome.lines.bonus, kind="stable")
    wanted = dict.fromkeys((names[row], currency[row]) for row in order.tolist() if counted[row])
    found = []
    for name, code in wanted:
        chosen = counted & (names == name) & (currency == code)
        points = _points(snapshot, terms, outcome, chosen)
        amount_minor = int(outcome.lines.amount_minor[chosen].sum())
        found.append(Part(name=name, currency=code, amount_minor=amount_minor, share_bp=_share_bp(points, outcome)))
    return tuple(found)


def share_bp(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Iterable[Bonus]) -> int:
    """Return what some bonuses pay as a share of the CV, each amount turned to points by its earner's market."""
    chosen = counts(outcome) & np.isin(outcome.lines.bonus, list(bonuses))
    return _share_bp(_points(snapshot, terms, outcome, chosen), outcome)


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


def _share_bp(points: Fraction, outcome: Outcome) -> int:
    cv = int(outcome.cv.sum())
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
