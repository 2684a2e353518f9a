"""
The network in events: members, placements, enrolments, facts and customers, judged against the books.

Nobody is ever an orphan and no circle is ever closed, of sponsors or of enrollers, in whatever order events come: what
names somebody unknown waits for that member, and what would close a circle waits for what opens it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from backend.intake.books import Books, Row, members_named, placed
from backend.intake.circles import circle_with, circles_of
from backend.intake.events import (
    Correctable,
    Customer,
    Enrolment,
    Leaving,
    Member,
    Placement,
    Upline,
    corrected,
)
from backend.intake.verdict import Accept, Refuse, Verdict, Wait, found, verdict
from backend.kernel.finding import Finding

OPENINGS: Mapping[type[Correctable], str] = {
    Placement: "placement of ",
    Enrolment: "enrolment of ",
    Leaving: "corrected leaving of ",
}
"""
What is lacked where events do not go together, with the member's code behind it.

A placement or enrolment that would close a circle lacks a further one of any of its members; an order of somebody who
has left, and a leaving before somebody's last order, lack a leaving that says something else.
"""


def judge_member(event: Member, books: Books) -> Verdict:
    """Let a member join whose sponsor and enroller are there; a member of that code may be there once."""
    if event.member in books.members:
        message = f'The member "{event.member}" is there already, and was not told of by an event.'
        remedy = "Send placements, enrolments and facts for what has changed."
        return Refuse(findings=(found("member-there", "member", message, remedy),))
    lacks = [f"member {name}" for name in members_named(event) if name != event.member and name not in books.members]
    if lacks:
        return verdict(lacks, ())
    books.add_member(event)
    return Accept(came=(f"member {event.member}", f"{OPENINGS[Placement]}{event.member}"))


def judge_upline(event: Upline, books: Books) -> Verdict:
    """Name a member's sponsor or enroller from a day on, unless that closes a circle on any day: then it waits."""
    before = judge_other(event, books)
    if not isinstance(before, Accept):
        return before
    row, rows = Row(since=event.since, above=event.above), books.rows_of(type(event))
    if circle := circle_with(rows, event.member, row):
        return Wait(lacks=tuple(f"{OPENINGS[type(event)]}{code}" for code in sorted(circle.members)))
    rows[event.member] = placed(rows[event.member], row)
    return before


def place_together(kind: type[Upline], waiting: Sequence[Upline], books: Books) -> list[Upline]:
    """
    Return those of the placements, or of the enrolments, that wait and close no circle when all are there; note them.

    Each of them may close one alone: two members who change places. Who is in a circle even so goes on waiting.
    """
    some = waiting
    while some:
        rows, events = dict(books.rows_of(kind)), dict(books.events)
        able: list[Upline] = []
        for event in sorted(some, key=lambda one: (one.member, one.since, one.correction)):
            if isinstance(judge_other(event, books, events), Accept):
                rows[event.member] = placed(rows[event.member], Row(since=event.since, above=event.above))
                events[event.key] = ""
                able.append(event)
        closed = circles_of(rows, sorted({one.member for one in able}))
        if not closed:
            books.rows_of(kind).update(rows)
            return able
        some = [one for one in able if one.member not in closed]
    return []


def judge_other(event: Correctable, books: Books, events: Mapping[str, str] | None = None) -> Verdict:
    """
    Accept what is told of members that are there, from their day of joining on.

    A correction waits for the one before it. `events` are those that are taken to be known, in place of the books'.
    """
    known = books.events if events is None else events
    lacks = [f"member {name}" for name in members_named(event) if name not in books.members]
    first = 1 if _is_told_by_joining(event, books) else 0
    if event.correction > first and (last := corrected(event.base_key, event.correction - 1)) not in known:
        lacks.append(f"event {last}")
    came = [f"event {event.key}", *([f"{OPENINGS[type(event)]}{event.member}"] if type(event) in OPENINGS else [])]
    return verdict(lacks, [] if lacks else list(_findings(event, books, first)), came)


def _is_told_by_joining(event: Correctable, books: Books) -> bool:
    """Tell whether a placement is of the day of joining, where the member's own event says it first."""
    member = books.members.get(event.member)
    return isinstance(event, Placement) and member is not None and event.since == member.joined


def _findings(event: Correctable, books: Books, first: int) -> Iterator[Finding]:
    member = books.members[event.member]
    since: date | None = event.on if isinstance(event, Leaving) else event.since
    if since is not None and since < member.joined and not isinstance(event, Customer):
        message = f'{since} lies before "{event.member}" joined on {member.joined}.'
        path = "on" if isinstance(event, Leaving) else "from"
        yield found("event-early", path, message, "Mend the day, or the member's day of joining.")
    if event.correction < first:
        message = f'Where "{event.member}" stands on the day of joining was said when the member joined.'
        yield found("placement-there", "correction", message, "Correct it: send the same with correction 1.")
