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
    titles, whose ids stand in `former_title` and `computed_title`.
    """

    period: str
    member: str
    what: str
    unit: str
    former: int
    computed: int
    former_title: str = ""
    computed_title: str = ""

    @property
    def difference(self) -> int:
        """How much more the plan computes; negative for less."""
        return self.computed - self.former


class Sum(Struct, frozen=True, kw_only=True):
    """What the other system paid of a bonus in a currency, and what the plan computes, minor units."""

    what: str
    currency: str
    former_minor: int
    computed_minor: int


class Compared(Struct, frozen=True, kw_only=True):
    """A period beside the history: how many members it has, how many differ, the rows, and the sums by bonus."""

    period: str
    from_orders: bool
    members: int
    differing: int
    deviations: tuple[Deviation, ...]
    sums: tuple[Sum, ...]


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
    tolerance_minor: int = 0,
) -> Compared:
    """
    Return a period computed beside what another system has said of it.

    Amounts that differ by the tolerance or less are not listed; sums are of all. Who is not in the history was paid
    nothing by it, and nothing is said of such a member's title and volumes.
    """
    paid = _paid(snapshot, terms, outcome)
    currency = [terms.markets[market].currency for market in snapshot.market.tolist()]
    found: list[Deviation] = []
    for i, code in enumerate(snapshot.members):
        was = former.get(code)
        found += _standing(was, snapshot, terms, outcome=outcome, i=i) if was else ()
        amounts = was.amounts_minor if was else {}
        money = _money(snapshot.period, code, currency[i], former=amounts, computed=paid.get(code, {}))
        found += (each for each in money if abs(each.difference) > tolerance_minor)
    return Compared(
        period=snapshot.period,
        from_orders=from_orders,
        members=len(former),
        differing=len({each.member for each in found}),
        deviations=ranked(found),
        sums=tuple(_sums(former, paid, dict(zip(snapshot.members, currency, strict=True)))),
    )


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
            yield Deviation(what=what, unit=POINTS, former=said, computed=computed, **who)
    title = int(outcome.title[i])
    if was.title in ids and ids.index(was.title) != title:
        yield Deviation(
            what=TITLE,
            unit=TITLE,
            former=ids.index(was.title),
            computed=title,
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
            yield Deviation(period=period, member=member, what=what, unit=currency, former=said, computed=amount)


def _paid(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, Counter[str]]:
    """Return what each member is posted, by bonus."""
    paid: dict[str, Counter[str]] = {}
    for of, amount_minor in posting_of(snapshot, terms, outcome).amounts_minor:
        paid.setdefault(of.earner, Counter())[of.bonus] += amount_minor
    return paid


def _sums(
    former: Mapping[str, Former], paid: Mapping[str, Mapping[str, int]], currency: Mapping[str, str]
) -> Iterator[Sum]:
    said, computed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for code, was in former.items():
        for bonus, amount_minor in was.amounts_minor.items():
            said[bonus, currency[code]] += amount_minor
    for code, amounts in paid.items():
        for bonus, amount_minor in amounts.items():
            computed[bonus, currency[code]] += amount_minor
    for what, unit in sorted(said.keys() | computed.keys()):
        yield Sum(what=what, currency=unit, former_minor=said[what, unit], computed_minor=computed[what, unit])
