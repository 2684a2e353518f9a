"""
Take events: whatever a company tells, in one transaction, with one effect a key, in any order of arrival.

An event is accepted, recognised (`repeated`), refused by name, or held until what it lacks has come. The answer is
given after the commit, never before. Orders and all else share one writer, so that what is known does not change while
events are judged.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.flows.order_rows import Present
from backend.flows.taking import Taking
from backend.flows.write_taken import write_taken
from backend.intake.books import members_named
from backend.intake.events import (
    Event,
    kind_of,
    shown_key,
)
from backend.intake.order_body import OrderBody
from backend.intake.verdict import Told
from backend.plan.terms import Terms
from backend.store.looking import Looked, look
from backend.store.orders import Ledger, open_ledger


class TakenEvents(Struct, frozen=True, kw_only=True):
    """What became of each event, and of events that had been held and that it let in, or that are wrong now."""

    told: tuple[Told, ...]
    later: tuple[Told, ...] = ()


class Undone(Exception):
    """A transaction that is tried only; carries what would have become of its events."""

    def __init__(self, taken: TakenEvents) -> None:
        """Keep what was found."""
        super().__init__("this was only tried")
        self.taken = taken


async def take_events(
    *,
    source: str,
    events: Sequence[Event],
    now: datetime,
    zone: ZoneInfo,
    terms: Terms,
    is_trial: bool = False,
    all_or_none: bool = False,
) -> TakenEvents:
    """
    Take events as one transaction; refusals say why, and leave the others alone.

    `now` is the company's time. A trial says what would become of them and leaves nothing; so does `all_or_none` where
    one of them is refused. Raises TimeoutError where its turn does not come.
    """
    try:
        async with open_ledger() as ledger:
            looked = await look(ledger.connection, members=members_of(events), orders=orders_of(events))
            present = Present(now=now, zone=zone, terms=terms, closed=looked.ground.closed)
            taken = await take_looked(ledger, [(source, event) for event in events], present, looked)
            if is_trial or (all_or_none and any(one.status == "refused" for one in taken.told)):
                raise Undone(taken)
    except Undone as undone:
        return undone.taken
    return taken


async def take_looked(
    ledger: Ledger, sent: Sequence[tuple[str, Event]], present: Present, looked: Looked
) -> TakenEvents:
    """Take events, each with its source, in a transaction that is open, by what was `looked` up there."""
    taking = Taking(ledger, present, anything_held=looked.ground.anything_held)
    taking.know(looked)
    told = await taking.take(sent)
    await write_taken(ledger, taking, present.now)
    return TakenEvents(told=tuple(told), later=tuple(_later(taking, told)))


def members_of(events: Iterable[Event]) -> list[str]:
    """Return the members that events name, each once."""
    return list({name for event in events for name in members_named(event)})


def orders_of(events: Iterable[Event]) -> list[str]:
    """Return the keys of the orders among events."""
    return [event.order for event in events if type(event) is OrderBody]


def _later(taking: Taking, told: Sequence[Told]) -> list[Told]:
    """Say what became of events that had been held, where no answer says so already."""
    answered = {(one.key, one.status) for one in told}
    fates = {key: (event, "accepted", ()) for key, event in taking.went_in.items()} | {
        key: (event, "refused", tuple(findings)) for key, (event, findings) in taking.refused.items()
    }
    return [
        Told(kind=kind_of(event), key=shown_key(event), status=status, findings=findings)
        for event, status, findings in fates.values()
        if (shown_key(event), status) not in answered
    ]
