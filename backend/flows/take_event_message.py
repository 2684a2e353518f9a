"""
Take a message of events: what a source sent, read and taken at the company's present time and by its present terms.
"""

from msgspec import Struct

from backend.flows.take_events import take_events
from backend.flows.take_message import nobody
from backend.intake.reading import read_events
from backend.intake.verdict import Told
from backend.kernel.finding import Refused
from backend.store.company import company


class EventReceipt(Struct, frozen=True, kw_only=True):
    """
    What became of each event, in the order of the message, and how many of them are new.

    `later` has events that had been held, and that these let in or showed to be wrong.
    """

    results: list[Told]
    accepted: int
    later: tuple[Told, ...]


async def take_event_message(*, source: str, raw: bytes) -> EventReceipt:
    """
    Answer each event of a message, after the commit.

    Raises Refused where none of it can be read, or no company is there; TimeoutError where its turn does not come, and
    what an absent database raises: the source sends it again then.
    """
    row = await company()
    if row is None:
        raise Refused([nobody()])
    read = read_events(raw, row.zone)
    now = row.clock.now()
    events = [one for one in read if not isinstance(one, Told)]
    terms = row.terms_of(row.period_at(now))
    taken = await take_events(source=source, events=events, now=now, zone=row.zone, terms=terms)
    told = iter(taken.told)
    results = [one if isinstance(one, Told) else next(told) for one in read]
    accepted = sum(one.status == "accepted" for one in results)
    return EventReceipt(results=results, accepted=accepted, later=taken.later)
