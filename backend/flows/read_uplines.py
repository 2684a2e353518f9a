"""
Read uplines: what placements, enrolments and leavings could contradict is put into the books before they are judged.
"""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.intake.books import Books
from backend.intake.events import UPLINES, Event, Leaving, Upline
from backend.store import uplines


async def read_uplines(connection: BaseDBAsyncClient, events: Sequence[Event], books: Books, zone: str) -> None:
    """Look up who is above members that are named anew, on any day, and when those who leave have bought last."""
    for kind in UPLINES:
        if named := [event for event in events if isinstance(event, kind)]:
            await _read_lines(connection, kind, named, books)
    if leavers := sorted({event.member for event in events if isinstance(event, Leaving)}):
        for member_id, last in (await uplines.last_orders(connection, leavers, zone)).items():
            books.note_order(member_id, last.day, last.order)


async def _read_lines(
    connection: BaseDBAsyncClient, kind: type[Upline], events: Sequence[Upline], books: Books
) -> None:
    """Read the lines above those who are named, and above whom members of these events were told to stand so far."""
    rows = books.rows_of(kind)
    here = {row.above for known in rows.values() for row in known if row.above}
    named = {name for event in events for name in (event.member, event.above) if name}
    if wanted := sorted((here | named) - rows.keys()):
        for code, known in (await uplines.lines_above(connection, kind, wanted)).items():
            rows.setdefault(code, known)
