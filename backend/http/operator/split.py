"""
Split: where the payout so far goes, by bonus, by own volume against depth, and by market, as bars that add up.

A bar's length is its share of the company's CV; amounts stay in the currency in which they are paid.
"""

from msgspec import Struct

from backend.forecast.company import CompanyTotals, PayoutPart
from backend.http.bonus_names import bonus_named
from backend.plan.terms import Terms

DEEP = ("own_group", "generation", "level", "match")
"""What is paid on the volume of others, by the first word of its name."""


class Money(Struct, frozen=True, kw_only=True):
    """An amount in minor units of a currency."""

    amount_minor: int
    currency: str


class Bar(Struct, frozen=True, kw_only=True):
    """
    One part of the payout: its kind, the plan's own name or number for it, its amounts, and its share of all CV.

    `longest_bp` is the largest share beside it, the length of a whole bar.
    """

    kind: str
    name: str
    amounts: tuple[Money, ...]
    share_bp: int
    longest_bp: int


class Bars(Struct, frozen=True, kw_only=True):
    """The payout split in one way, and the sum that its bars give."""

    by: str
    bars: tuple[Bar, ...]
    amounts: tuple[Money, ...]
    share_bp: int


def split_bars(totals: CompanyTotals, terms: Terms) -> tuple[Bars, ...]:
    """Return the three ways to split the payout; none before the first numbers of that kind."""
    ways = {
        "bonus": [bonus_named(part.name, terms) for part in totals.split.by_bonus],
        "depth": [_of_depth(part.name) for part in totals.split.by_depth],
        "market": [("market", part.name) for part in totals.split.by_market],
    }
    parts = {"bonus": totals.split.by_bonus, "depth": totals.split.by_depth, "market": totals.split.by_market}
    return tuple(_bars(by, named, parts[by]) for by, named in ways.items() if named)


def weights_bp(totals: CompanyTotals) -> tuple[int, int]:
    """Return what is paid on own volume, and what on the volume of others, as shares of all CV."""
    own = sum(part.share_bp for part in totals.split.by_depth if part.name == "own_volume")
    deep = sum(part.share_bp for part in totals.split.by_depth if part.name.split()[0] in DEEP)
    return own, deep


def _bars(by: str, named: list[tuple[str, str]], parts: tuple[PayoutPart, ...]) -> Bars:
    together: dict[tuple[str, str], list[PayoutPart]] = {}
    for name, part in zip(named, parts, strict=True):
        together.setdefault(name, []).append(part)
    longest = max(sum(part.share_bp for part in each) for each in together.values())
    bars = tuple(_bar(name, each, longest_bp=longest) for name, each in together.items())
    return Bars(by=by, bars=bars, amounts=_amounts(parts), share_bp=sum(part.share_bp for part in parts))


def _bar(name: tuple[str, str], parts: list[PayoutPart], *, longest_bp: int) -> Bar:
    share_bp = sum(part.share_bp for part in parts)
    return Bar(kind=name[0], name=name[1], amounts=_amounts(parts), share_bp=share_bp, longest_bp=longest_bp)


def _amounts(parts: tuple[PayoutPart, ...] | list[PayoutPart]) -> tuple[Money, ...]:
    """Add amounts up, each currency by itself."""
    found: dict[str, int] = {}
    for part in parts:
        found[part.currency] = found.get(part.currency, 0) + part.amount_minor
    return tuple(Money(amount_minor=amount, currency=currency) for currency, amount in found.items())


def _of_depth(name: str) -> tuple[str, str]:
    kind, _, number = name.partition(" ")
    return kind, number
