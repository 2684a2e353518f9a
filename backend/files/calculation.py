"""
A company's files computed period by period: what each member carries out of one goes into the next.

A plan holds for a period as it stands on the period's last day: that is the day on which volume, steps and titles are
settled, so a change within a month is announced before it counts.
"""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.engine.amounts.worth import TooLarge
from backend.engine.laws import LawBroken
from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import brought, snapshot_of
from backend.engine.periods.carryover import Carryover, carryover, carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.files.company import Company
from backend.files.journal import journal_of, roll_of, volumes_of
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.network.tree import arrange
from backend.plan.document import Document
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms


class Computed(Struct, frozen=True, kw_only=True):
    """A period with the terms that held, what went in and what came out."""

    period: Period
    terms: Terms
    snapshot: Snapshot
    outcome: Outcome


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
) -> Iterator[Computed]:
    """
    Yield successive periods, each with the terms that hold in it.

    The first begins with what an earlier period handed on, or with the titles of the members' file; orders before it
    count for nothing. Raises Refused where
    volumes are so large that amounts have no room, or where an outcome breaks a law.
    """
    journal = journal_of(company)
    members = company.members
    tree = arrange(members.member, [code or None for code in members.sponsor])
    if carried is None:
        titles = brought(
            ids=members.member, titles=members.title, held=members.held, missed=members.missed, terms=terms[0]
        )
        carried = carryover("", terms[0], titles)
    for held, period in zip(terms, periods, strict=True):
        roll = roll_of(members, held, period)
        snapshot = snapshot_of(
            period=str(period),
            roll=roll,
            volumes=volumes_of(journal, roll, terms=held, period=period, zone=zone),
            carried=carried.under(held),
            terms=held,
            tree=tree,
        )
        outcome = _run(snapshot, held)
        yield Computed(period=period, terms=held, snapshot=snapshot, outcome=outcome)
        carried = carryover_of(snapshot, held, outcome)


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
