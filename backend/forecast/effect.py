"""
Effect: what a correction of the network changes in one period, member by member.

The period is computed twice, as the network stands and as it would stand; whoever's title, step, breakaway or income
differs is listed with both.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from backend.engine.outcome import Outcome
from backend.engine.periods.adjustments import Posting
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms


class Seen(Struct, frozen=True, kw_only=True):
    """A period as it is computed on one network, and what it posts by that."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome
    posting: Posting
    closed: bool


class Income(Struct, frozen=True, kw_only=True):
    """
    What a member earns in a currency, before and after, in its minor units.

    The difference is what the member is owed by it; negative for what would be taken back.
    """

    currency: str
    before_minor: int
    after_minor: int
    difference_minor: int


class Standing(Struct, frozen=True, kw_only=True):
    """What a correction may change of a member beside money: the ids of title and step, and the breakaway."""

    title: str
    step: str
    broken_away: bool


class MemberEffect(Struct, frozen=True, kw_only=True):
    """A member whom a correction touches; `before` is None for who was not on the roll."""

    member: str
    before: Standing | None
    after: Standing
    incomes: tuple[Income, ...]


class PeriodEffect(Struct, frozen=True, kw_only=True):
    """A period that a correction touches, closed or open, with the members that it touches, and sums by currency."""

    period: str
    closed: bool
    members: tuple[MemberEffect, ...]
    sums: tuple[Income, ...]


def effect_of(before: Seen, after: Seen) -> PeriodEffect:
    """Return what differs between two computations of one period, members in the order of their ids."""
    members = tuple(_members(before, after))
    totals: dict[str, list[int]] = {}
    for one in members:
        for income in one.incomes:
            total = totals.setdefault(income.currency, [0, 0])
            total[0] += income.before_minor
            total[1] += income.after_minor
    sums = (_income(currency, *amounts) for currency, amounts in sorted(totals.items()))
    return PeriodEffect(period=before.outcome.period, closed=before.closed, members=members, sums=tuple(sums))


def _members(before: Seen, after: Seen) -> Iterator[MemberEffect]:
    was, now, incomes = _standings(before), _standings(after), _incomes(before.posting, after.posting)
    for code in sorted(now):
        if code in incomes or was.get(code) != now[code]:
            yield MemberEffect(member=code, before=was.get(code), after=now[code], incomes=tuple(incomes.get(code, ())))


def _standings(seen: Seen) -> dict[str, Standing]:
    titles, steps = seen.terms.titles, seen.terms.steps
    outcome = seen.outcome
    rows = zip(outcome.title.tolist(), outcome.step.tolist(), outcome.broken_away.tolist(), strict=True)
    return {
        code: Standing(title=titles[title].id, step=steps[step].id, broken_away=broken_away)
        for code, (title, step, broken_away) in zip(seen.snapshot.members, rows, strict=True)
    }


def _incomes(before: Posting, after: Posting) -> dict[str, list[Income]]:
    """Return what differs of each member's income, by currency."""
    earned, earns = _earned(before), _earned(after)
    found: dict[str, list[Income]] = {}
    for code, currency in sorted(earned.keys() | earns.keys()):
        was, now = earned[code, currency], earns[code, currency]
        if was != now:
            found.setdefault(code, []).append(_income(currency, was, now))
    return found


def _income(currency: str, before_minor: int, after_minor: int) -> Income:
    difference = after_minor - before_minor
    return Income(currency=currency, before_minor=before_minor, after_minor=after_minor, difference_minor=difference)


def _earned(posting: Posting) -> Counter[tuple[str, str]]:
    earned: Counter[tuple[str, str]] = Counter()
    for of, amount_minor in posting.amounts_minor:
        earned[of.earner, of.currency] += amount_minor
    return earned
