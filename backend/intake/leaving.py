"""
Leaving, judged against the books: who has bought on a day had not left on that day.

An order and a leaving that say otherwise do not go together. Whichever of them comes last waits for a leaving that says
something else, so that a leaving and its corrections may come in any order among orders.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec.structs import replace

from backend.intake.books import Books, KnownMember, LastOrder
from backend.intake.events import Leaving
from backend.intake.network import OPENINGS, judge_other
from backend.intake.verdict import Accept, Verdict, Wait


def judge_leaving(event: Leaving, books: Books) -> Verdict:
    """Let a member leave who has bought nothing on that day or later; else the leaving waits for its correction."""
    before = judge_other(event, books)
    if not isinstance(before, Accept):
        return before
    if last := order_after(event, books):
        return Wait(lacks=(f"{OPENINGS[Leaving]}{event.member}", f"day after order {last.order}"))
    _leave(event, books)
    return before


def leave_together(waiting: Sequence[Leaving], books: Books) -> list[Leaving]:
    """
    Return the leavings that wait and go in with corrections of theirs that wait too; note what the last ones say.

    A leaving that no order lets in alone is a word that was taken back: with what took it back it does no harm.
    """
    events, able = dict(books.events), list[Leaving]()
    for _, said in groupby(sorted(waiting, key=_in_order), key=lambda one: one.member):
        chain: list[Leaving] = []
        for event in said:
            if not isinstance(judge_other(event, books, events), Accept):
                break
            events[event.key] = ""
            chain.append(event)
            if not order_after(event, books):
                _leave(event, books)
                able += chain
                chain = []
    return able


def order_after(event: Leaving, books: Books) -> LastOrder | None:
    """Return the member's last order, if it was placed on the day of leaving or later."""
    last = books.last_orders.get(books.members[event.member].id)
    return last if last is not None and event.on is not None and event.on <= last.day else None


def has_left(member: KnownMember, day: date) -> bool:
    """Tell whether a member has left on a day."""
    return member.left is not None and member.left <= day


def _in_order(event: Leaving) -> tuple[str, int]:
    return event.member, event.correction


def _leave(event: Leaving, books: Books) -> None:
    books.members[event.member] = replace(books.members[event.member], left=event.on)
