"""
Deviation: where the plan computes something else than another system paid, member by member.

A title, a volume, an amount by bonus, or the total: each that differs is one row with both values.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from backend.engine.amounts.payout import SCHEMES, scheme_name
from backend.engine.outcome import Bonus, Outcome
from backend.engine.periods.adjustments import posting_of
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms

TITLE, POINTS = "title", "points"
TOTAL = "total"

Amounts = Mapping[str, Mapping[str, int]]
"""Minor units by member and bonus."""


class Former(Struct, frozen=True, kw_only=True):
    """
    A member's period in the other system: hundredths of a point, and minor units by bonus.

    An empty title and a missing GV say nothing; a bonus that is absent paid nothing.
    """

    title: str = ""
    pv_points: int = 0
    gv_points: int | None = None
    amounts_minor: Mapping[str, int] = {}


class Deviation(Struct, frozen=True, kw_only=True):
    """
    What differs of a member in a period.

    `unit` is a currency for minor units, `points` for hundredths of a point, and `title` for indexes of the plan's
    titles, whose ids stand in `former_title` and `computed_title`. `difference` is how much more the plan computes,
    negative for less.
    """

    period: str
    member: str
    what: str
    unit: str
    former: int
    computed: int
    difference: int
    former_title: str = ""
    computed_title: str = ""


class Sum(Struct, frozen=True, kw_only=True):
    """
    What the other system paid of a bonus in a currency, what the plan computes, and how much more that is, minor units.
    """

    what: str
    currency: str
    former_minor: int
    computed_minor: int
    difference_minor: int


class MemberSum(Struct, frozen=True, kw_only=True):
    """What the other system paid a member by all bonuses, what the plan computes, and how much more that is."""

    member: str
    currency: str
    former_minor: int
    computed_minor: int
    difference_minor: int


class Compared(Struct, frozen=True, kw_only=True):
    """
    A period beside the history: how many members it has, how many differ, the rows, and sums by bonus and currency.

    `by_member` has each member whose pay as a whole differs, by however little; what differs there adds up to what
    differs in `totals`.
    """

    period: str
    from_orders: bool
    members: int
    differing: int
    deviations: tuple[Deviation, ...]
    by_member: tuple[MemberSum, ...]
    sums: tuple[Sum, ...]
    totals: tuple[Sum, ...]


def bonus_names(terms: Terms) -> list[str]:
    """Return the bonuses that a plan may pay, and the caps that cut them, by the names that posted lines bear."""
    names = [
        scheme_name(terms, bonus, scheme)
        for bonus in Bonus
        for scheme in range(len(getattr(terms, SCHEMES[bonus])) if bonus in SCHEMES else 1)
    ]
    return [*names, *(f"cap {cap.id}" for cap in terms.caps)]


def compared(
    former: Mapping[str, Former],
    snapshot: Snapshot,
    terms: Terms,
    *,
    outcome: Outcome,
    from_orders: bool,
    markets: Mapping[str, str],
    tolerance_minor: int = 0,
) -> Compared:
    """
    Return a period computed beside what another system has said of it; `markets` are those of the members.

    Amounts that differ by the tolerance or less are not listed; sums are of all. Who is not in the history was paid
    nothing by it, and nothing is said of such a member's title and volumes. Who came only after the period was sealed
    is computed to nothing.
    """
    paid, said = _paid(snapshot, terms, outcome), {code: was.amounts_minor for code, was in former.items()}
    of = _currencies(snapshot, terms, former, markets)
    found: list[Deviation] = []
    for i, code in enumerate(snapshot.members):
        was = former.get(code)
        found += _standing(was, snapshot, terms, outcome=outcome, i=i) if was else ()
    for code, unit in of.items():
        money = _money(snapshot.period, code, unit, former=said.get(code, {}), computed=paid.get(code, {}))
        found += (each for each in money if abs(each.difference) > tolerance_minor)
    sums = tuple(_sums(said, paid, of))
    return Compared(
        period=snapshot.period,
        from_orders=from_orders,
        members=len(former),
        differing=len({each.member for each in found}),
        deviations=ranked(found),
        by_member=tuple(_by_member(said, paid, of)),
        sums=sums,
        totals=totals_of(sums),
    )


def _currencies(
    snapshot: Snapshot, terms: Terms, former: Mapping[str, Former], markets: Mapping[str, str]
) -> dict[str, str]:
    """Return the currency of each member of the period, and of those whom only the history has in it."""
    of_market = {market.id: market.currency for market in terms.markets}
    there = {
        code: terms.markets[market].currency
        for code, market in zip(snapshot.members, snapshot.market.tolist(), strict=True)
    }
    first = terms.markets[0].currency
    return there | {code: of_market.get(markets.get(code, ""), first) for code in former if code not in there}


def totals_of(sums: Sequence[Sum]) -> tuple[Sum, ...]:
    """Return what sums come to in each currency."""
    former, computed = Counter[str](), Counter[str]()
    for one in sums:
        former[one.currency] += one.former_minor
        computed[one.currency] += one.computed_minor
    return tuple(_sum(TOTAL, unit, former[unit], computed[unit]) for unit in sorted(former))


def ranked(deviations: Sequence[Deviation]) -> tuple[Deviation, ...]:
    """Return money first, then points, then titles, each with the largest differences first."""
    units = {POINTS: 1, TITLE: 2}

    def rank(one: Deviation) -> tuple[int, int, str, str, str]:
        return units.get(one.unit, 0), -abs(one.difference), one.period, one.member, one.what

    return tuple(sorted(deviations, key=rank))


def _standing(was: Former, snapshot: Snapshot, terms: Terms, *, outcome: Outcome, i: int) -> Iterator[Deviation]:
    """Yield what differs of title and volumes."""
    who, ids = {"period": snapshot.period, "member": snapshot.members[i]}, [title.id for title in terms.titles]
    volumes = (("pv", was.pv_points, int(outcome.pv[i])), ("gv", was.gv_points, int(outcome.gv[i])))
    for what, said, computed in volumes:
        if said is not None and said != computed:
            yield Deviation(what=what, unit=POINTS, former=said, computed=computed, difference=computed - said, **who)
    title = int(outcome.title[i])
    if was.title in ids and ids.index(was.title) != title:
        before = ids.index(was.title)
        yield Deviation(
            what=TITLE,
            unit=TITLE,
            former=before,
            computed=title,
            difference=title - before,
            former_title=was.title,
            computed_title=ids[title],
            **who,
        )


def _money(
    period: str, member: str, currency: str, *, former: Mapping[str, int], computed: Mapping[str, int]
) -> Iterator[Deviation]:
    """Yield what was paid and is computed by each bonus, and of all together where there are several."""
    names = sorted(former.keys() | computed.keys())
    rows = [(name, former.get(name, 0), computed.get(name, 0)) for name in names]
    rows += [(TOTAL, sum(former.values()), sum(computed.values()))] if len(rows) > 1 else []
    for what, said, amount in rows:
        if said != amount:
            yield Deviation(
                period=period,
                member=member,
                what=what,
                unit=currency,
                former=said,
                computed=amount,
                difference=amount - said,
            )


def _paid(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, Counter[str]]:
    """Return what each member is posted, by bonus."""
    paid: dict[str, Counter[str]] = {}
    for of, amount_minor in posting_of(snapshot, terms, outcome).amounts_minor:
        paid.setdefault(of.earner, Counter())[of.bonus] += amount_minor
    return paid


def _by_member(said: Amounts, paid: Amounts, currency: Mapping[str, str]) -> Iterator[MemberSum]:
    """Yield the members whose pay differs, in the order of the network."""
    for code, unit in currency.items():
        former, computed = sum(said.get(code, {}).values()), sum(paid.get(code, {}).values())
        if former != computed:
            yield MemberSum(
                member=code,
                currency=unit,
                former_minor=former,
                computed_minor=computed,
                difference_minor=computed - former,
            )


def _sums(said: Amounts, paid: Amounts, currency: Mapping[str, str]) -> Iterator[Sum]:
    former, computed = _by_bonus(said, currency), _by_bonus(paid, currency)
    for what, unit in sorted(former.keys() | computed.keys()):
        yield _sum(what, unit, former[what, unit], computed[what, unit])


def _by_bonus(amounts: Amounts, currency: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """Return amounts of members by bonus and currency."""
    found = Counter[tuple[str, str]]()
    for code, of_member in amounts.items():
        for bonus, amount_minor in of_member.items():
            found[bonus, currency[code]] += amount_minor
    return found


def _sum(what: str, currency: str, former_minor: int, computed_minor: int) -> Sum:
    return Sum(
        what=what,
        currency=currency,
        former_minor=former_minor,
        computed_minor=computed_minor,
        difference_minor=computed_minor - former_minor,
    )
