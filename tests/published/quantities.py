"""
What a published example expects, looked up in an outcome: each kind of quantity that the vocabulary names.

Amounts are exact: money in the currency's main unit, volumes in points, percents as whole numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from backend.engine.outcome import Bonus, Entry, Lines, Outcome, State
from backend.engine.personal import share_paid
from backend.engine.snapshot import Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS, divided
from backend.plan.currencies import DECIMALS
from backend.plan.terms import Terms
from tests.published.cases import Unreadable

Value: TypeAlias = bool | Fraction | list[Fraction]

VOLUMES = {"own": ("pv", "cv"), "gv": ("gv", "group_cv"), "tgv": ("tgv", "total_cv"), "side_volume": ("", "side_cv")}
"""The columns of the volumes that every plan has, in points and in CV."""


class Name(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an expected name means: a kind of quantity, and of what."""

    kind: Literal[
        "points", "base", "downline points", "percent", "gross", "money", "rest", "mark",
        "incoming", "passed up", "given", "own share", "factor",
    ]  # fmt: skip
    volume: str = ""
    bonuses: tuple[str, ...] = ()
    """Kinds of bonus; none named means all of them, the retail margin too."""
    scheme: str = ""
    generation: int = 0
    mark: str = ""
    of: str = ""
    less: str = ""
    greater: bool = False
    """The value is expected to be greater than what the case says."""


class Month(Struct, frozen=True, kw_only=True):
    """A month computed, and the case's members in its own order."""

    terms: Terms
    snapshot: Snapshot
    outcome: Outcome
    order: Sequence[str]

    def at(self, member: str) -> int:
        """Return a member's index."""
        return self.snapshot.members.index(member)

    def main(self, amount_minor: int, member: int) -> Fraction:
        """Return an amount in the main unit of the member's currency."""
        currency = self.terms.markets[self.snapshot.market[member]].currency
        return Fraction(int(amount_minor), 10 ** DECIMALS[currency])

    def scheme(self, bonus: Bonus, name: str) -> int:
        """Return the index of an override, pool or production bonus; -1 where the plan has none of that id."""
        entries: Sequence[Any] = {
            Bonus.OVERRIDE: self.terms.overrides,
            Bonus.POOL: self.terms.pools,
            Bonus.PRODUCTION: self.terms.productions,
        }.get(bonus, ())
        return next((at for at, each in enumerate(entries) if each.id == name), -1)


def value_of(name: Name, names: Mapping[str, Name], month: Month, member: str) -> Value:
    """Return a quantity of one member; raises Unreadable where the plan has nothing of that name."""
    if name.kind == "rest":
        parts = [value_of(names[each], names, month, member) for each in (name.of, name.less)]
        assert isinstance(parts[0], Fraction) and isinstance(parts[1], Fraction), "money is a number"
        return parts[0] - parts[1]
    return KINDS[name.kind](name, month, month.at(member))


def _points(name: Name, month: Month, i: int) -> Fraction:
    return Fraction(int(_column(name, month, 0)[i]), HUNDREDTHS)


def _base(name: Name, month: Month, i: int) -> Fraction:
    return Fraction(int(_column(name, month, 1)[i]), HUNDREDTHS)


def _column(name: Name, month: Month, part: int) -> np.ndarray:
    if name.volume in VOLUMES:
        column: np.ndarray = getattr(month.outcome, VOLUMES[name.volume][part])
        return column
    at = next((at for at, each in enumerate(month.terms.volumes) if each.id == name.volume), None)
    if at is None:
        raise Unreadable(f'The plan has no volume "{name.volume}".')
    named = (month.outcome.named_points, month.outcome.named_cv)[part]
    return named[:, at]


def _downline(_: Name, month: Month, i: int) -> Fraction:
    return Fraction(int(month.outcome.tgv[i] - month.outcome.pv[i]), HUNDREDTHS)


def _percent(_: Name, month: Month, i: int) -> Fraction:
    return Fraction(int(month.outcome.percent_bp[i]), HUNDREDTHS)


def _gross(name: Name, month: Month, i: int) -> Fraction:
    """Return the bracket's percent of a volume's CV, in whole minor units as the plan rounds them."""
    return _share(month, i, int(month.outcome.percent_bp[i]), int(_column(name, month, 1)[i]))


def _share(month: Month, i: int, rate_bp: int, base_cv: int) -> Fraction:
    market = month.terms.markets[month.snapshot.market[i]]
    unit = market.rounding_minor
    exact = (base_cv * rate_bp * market.minor_per_point, HUNDREDTHS * BASIS * unit)
    return month.main(divided(*exact, month.terms.rounding) * unit, i)


def _money(name: Name, month: Month, i: int) -> Fraction:
    """Add up what is earned and released; what is only carried forward is not there yet."""
    lines = month.outcome.lines
    mine = (lines.earner == i) & (lines.state != State.HELD_ACTIVITY)
    if name.bonuses:
        mine &= np.isin(lines.bonus, [Bonus[each.upper()] for each in name.bonuses])
    if name.scheme:
        mine &= lines.scheme == month.scheme(Bonus[name.bonuses[0].upper()], name.scheme)
    if name.generation:
        mine &= lines.generation == name.generation
    return month.main(lines.amount_minor[mine].sum(), i)


def _mark(name: Name, month: Month, i: int) -> bool:
    at = next((at for at, each in enumerate(month.terms.marks) if each.id == name.mark), None)
    if at is None:
        raise Unreadable(f'The plan has no mark "{name.mark}".')
    return bool(month.outcome.marks[i] >> at & 1)


def _factor(_: Name, month: Month, i: int) -> Fraction:
    part, whole = share_paid(month.snapshot, month.terms, np.array([i], dtype=np.int32))
    return Fraction(int(part[0]), int(whole[0]))


def _own_share(name: Name, month: Month, i: int) -> Fraction:
    override = month.terms.overrides[_override(name, month)]
    return _share(month, i, override.rates_bp[0][0], int(month.outcome.group_cv[i]))


def _override(name: Name, month: Month) -> int:
    at = month.scheme(Bonus.OVERRIDE, name.scheme)
    if at < 0:
        raise Unreadable(f'The plan has no override "{name.scheme}".')
    return at


def _given(name: Name, month: Month, i: int) -> Fraction:
    lines = month.outcome.lines
    gave = (lines.earner == i) & (lines.entry == Entry.GUARANTEE_GIVEN)
    return -month.main(lines.amount_minor[gave & _of_override(lines, name, month)].sum(), i)


def _of_override(lines: Lines, name: Name, month: Month) -> np.ndarray:
    mine: np.ndarray = (lines.bonus == Bonus.OVERRIDE) & (lines.scheme == _override(name, month))
    return mine


def _incoming(name: Name, month: Month, i: int) -> list[Fraction]:
    """
    Return what arrives at a member through each leg that brings anything or leads a group, in the order of the case.

    That is the override on groups below, and what was made up for them, whoever from here upward earns it.
    """
    legs = np.flatnonzero(month.snapshot.sponsor == i).tolist()
    legs.sort(key=lambda leg: _place(month, leg))
    brought = [(leg, _beyond(name, month, leg, from_=i)) for leg in legs]
    outcome = month.outcome
    return [b for leg, b in brought if b or outcome.broken_away[leg] or outcome.legs_broken_away[leg]]


def _place(month: Month, i: int) -> int:
    id_ = month.snapshot.members[i]
    return month.order.index(id_) if id_ in month.order else len(month.order)


def _passed_up(name: Name, month: Month, i: int) -> Fraction:
    """Return the override on the own group and those below that is earned above, or by nobody."""
    return _beyond(name, month, i, from_=int(month.snapshot.sponsor[i]))


def _beyond(name: Name, month: Month, i: int, *, from_: int) -> Fraction:
    """Return the override on the line led by `i` that `from_` or anyone above earns, or the company keeps."""
    below, above = _line(month.snapshot, i), _line_up(month.snapshot, from_)
    found = Fraction(0)
    for lines in (month.outcome.lines, month.outcome.breakage):
        moves = _of_override(lines, name, month) & (lines.entry != Entry.GUARANTEE_GIVEN)
        moves &= np.isin(lines.source, below) & np.isin(lines.earner, [*above, -1])
        found += month.main(lines.amount_minor[moves].sum(), i)
    return found


def _line(snapshot: Snapshot, i: int) -> list[int]:
    """Return a member and everyone below."""
    found = [i]
    for each in found:
        found += np.flatnonzero(snapshot.sponsor == each).tolist()
    return found


def _line_up(snapshot: Snapshot, i: int) -> list[int]:
    found = []
    while i >= 0:
        found.append(i)
        i = int(snapshot.sponsor[i])
    return found


KINDS: Mapping[str, Callable[[Name, Month, int], Value]] = {
    "points": _points,
    "base": _base,
    "downline points": _downline,
    "percent": _percent,
    "gross": _gross,
    "money": _money,
    "mark": _mark,
    "incoming": _incoming,
    "passed up": _passed_up,
    "given": _given,
    "own share": _own_share,
    "factor": _factor,
}
