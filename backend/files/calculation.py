"""
A company's files computed period by period: what each member carries out of one goes into the next.

A plan holds for a period as it stands on the period's last day: that is the day on which volume, steps and titles are
settled, so a change within a month is announced before it counts. What a period comes to know of those before it, it
adjusts, and they stay as they were.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from backend.engine.amounts.worth import TooLarge
from backend.engine.laws import LawBroken
from backend.engine.outcome import Outcome
from backend.engine.periods.adjustments import Adjustment, Posting, posting_of
from backend.engine.periods.assemble import brought, snapshot_of, with_volumes
from backend.engine.periods.carryover import Carryover, carryover, carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.files.company import Company
from backend.files.journal import Journal, facts_of, journal_of, period_of, returned_in, roll_of, volumes_of
from backend.files.members import Members
from backend.files.settling import Settling
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.network.tree import Arranged
from backend.plan.document import Document
from backend.plan.resolve import terms_on
from backend.plan.terms import Returns, Terms

NOTHING_POSTED: Mapping[Period, Posting] = MappingProxyType({})


class Unrecovered(Struct, frozen=True, kw_only=True):
    """
    A return that the plan recovers from those who earned on its order, and the calculation begins after that order.

    `pv` and `cv` are hundredths of a point, and never negative.
    """

    order: str
    returns: str
    of_period: Period
    member: str
    pv: int
    cv: int


class Computed(Struct, frozen=True, kw_only=True):
    """
    A period with the terms that held, what went in and what came out, and what it adjusts of periods before it.

    `unrecovered` are returns in it that nobody gives back for, as their orders lie before the first period.
    """

    period: Period
    terms: Terms
    snapshot: Snapshot
    outcome: Outcome
    adjustments: tuple[Adjustment, ...] = ()
    unrecovered: tuple[Unrecovered, ...] = ()


def terms_of(document: Document, period: Period) -> Terms:
    """Return what a plan says of a period: its terms on the period's last day. Raises Refused outside of the plan."""
    return terms_on(document, period.last_day)


def computed(
    company: Company,
    terms: Sequence[Terms],
    periods: Sequence[Period],
    zone: ZoneInfo,
    *,
    carried: Carryover | None = None,
    posted: Mapping[Period, Posting] = NOTHING_POSTED,
) -> Iterator[Computed]:
    """
    Yield successive periods, each with the terms that hold in it.

    The first begins with what an earlier period handed on, or with the titles of the members' file; orders before it
    count for nothing. Each is computed as it is known at its own end, and hands that on. What comes back of it later,
    where the plan recovers that, and what differs from the posting that was saved of it, is adjusted in the period that
    comes to know it, the first of which none was saved. Raises Refused where volumes are so large that amounts have no
    room, or where an outcome breaks a law.
    """
    months = _months_of(company, zone)
    settling = Settling(posted, months.due)
    carried = carried or _brought(company.members, terms[0])
    for held, period in zip(terms, periods, strict=True):
        snapshot = months.snapshot(held, period, carried)
        outcome = _run(snapshot, held)
        back = months.recovered(period, held)
        one = Computed(
            period=period,
            terms=held,
            snapshot=snapshot,
            outcome=outcome,
            adjustments=settling.adjusted(period, back),
            unrecovered=tuple(months.unrecovered(back, before=periods[0])),
        )
        yield one
        months.over[period] = one
        settling.close(period)
        carried = carryover_of(snapshot, held, outcome)


def _brought(members: Members, terms: Terms) -> Carryover:
    """Return what the members bring into the first period, by their file."""
    titles = brought(ids=members.member, titles=members.title, held=members.held, missed=members.missed, terms=terms)
    return carryover("", terms, titles)


def _months_of(company: Company, zone: ZoneInfo) -> "_Months":
    return _Months(company=company, journal=journal_of(company), arranged=Arranged(), zone=zone)


class _Months(Struct, kw_only=True):
    """The ground of a calculation, and the periods that are over."""

    company: Company
    journal: Journal
    arranged: Arranged
    zone: ZoneInfo
    over: dict[Period, Computed] = field(default_factory=dict)

    def snapshot(self, terms: Terms, period: Period, carried: Carryover) -> Snapshot:
        """Return a period's snapshot as it is known at its own end."""
        roll = roll_of(self.company.members, terms, period, facts_of(self.company))
        return snapshot_of(
            period=str(period),
            roll=roll,
            volumes=volumes_of(self.journal, roll, terms=terms, period=period, zone=self.zone),
            carried=carried.under(terms),
            terms=terms,
            tree=self.arranged.tree(roll.ids, roll.sponsors),
        )

    def due(self, past: Period, through: Period) -> Posting:
        """Return what a period comes to with what is known at the end of another: on its own tree, terms and state."""
        one = self.over[past]
        roll = roll_of(self.company.members, one.terms, past)
        volumes = volumes_of(self.journal, roll, terms=one.terms, period=past, zone=self.zone, through=through)
        snapshot = with_volumes(one.snapshot, volumes, terms=one.terms)
        same = snapshot.digest() == one.snapshot.digest()
        return posting_of(snapshot, one.terms, one.outcome if same else _run(snapshot, one.terms))

    def recovered(self, period: Period, terms: Terms) -> dict[Period, list[int]]:
        """Return the rows of what came back in a period and is recovered, by the earlier period of its order."""
        found: dict[Period, list[int]] = {}
        if terms.returns is Returns.RECOVERED:
            for row in returned_in(self.journal, period, self.zone).tolist():
                second = int(self.journal.second[self.journal.of[row]])
                found.setdefault(period_of(second, self.zone), []).append(row)
        return found

    def unrecovered(self, back: Mapping[Period, Sequence[int]], *, before: Period) -> Iterator[Unrecovered]:
        """Yield what came back of orders from before the first period, by their periods."""
        orders = self.company.orders
        for of_period in sorted(period for period in back if period < before):
            for row in sorted(back[of_period], key=orders.order.__getitem__):
                yield Unrecovered(
                    order=orders.order[row],
                    returns=orders.returns[row],
                    of_period=of_period,
                    member=orders.member[row],
                    pv=orders.pv[row],
                    cv=orders.cv[row],
                )


def _run(snapshot: Snapshot, terms: Terms) -> Outcome:
    try:
        return run(snapshot, terms)
    except TooLarge as wrong:
        raise Refused([_uncomputed(snapshot, "volume-too-large", f"{wrong}.", "Mend the volumes.")]) from wrong
    except LawBroken as wrong:
        remedy = "Nothing was computed; tell the people who make Handrail, and keep the files."
        findings = [_uncomputed(snapshot, "law-broken", sentence, remedy) for sentence in wrong.sentences]
        raise Refused(findings) from wrong


def _uncomputed(snapshot: Snapshot, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source="orders", path=snapshot.period), message=message, remedy=remedy)
