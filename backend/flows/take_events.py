"""
Take events: whatever a company tells, in one transaction, with one effect a key, in any order of arrival.

An event is accepted, recognised (`repeated`), refused by name, or held until what it lacks has come. The answer is
given after the commit, never before. Orders and all else share one writer, so that what is known does not change while
events are judged.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.flows.order_rows import Present
from backend.flows.taking import Taking
from backend.flows.telling import by_source
from backend.intake.events import (
    Customer,
    Enrolment,
    Event,
    Fact,
    Leaving,
    Member,
    Placement,
    Price,
    Product,
    key_of,
    kind_of,
    shown_key,
)
from backend.intake.verdict import Told
from backend.plan.terms import Terms
from backend.store import intake, joining, network
from backend.store.intake import Held
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
            taken = await _take(ledger, source, events, now=now, zone=zone, terms=terms)
            if is_trial or (all_or_none and any(one.status == "refused" for one in taken.told)):
                raise Undone(taken)
    except Undone as undone:
        return undone.taken
    return taken


async def _take(
    ledger: Ledger, source: str, events: Sequence[Event], *, now: datetime, zone: ZoneInfo, terms: Terms
) -> TakenEvents:
    ground = await ledger.ground()
    present = Present(now=now, zone=zone, terms=terms, closed=ground.closed)
    taking = Taking(ledger, present, source, anything_held=ground.anything_held)
    told = await taking.take(events)
    await _write(ledger, taking, now)
    if ground.anything_held or taking.waiting:
        await _write_held(ledger, taking, now)
    return TakenEvents(told=tuple(told), later=tuple(_later(taking, told)))


async def _write(ledger: Ledger, taking: Taking, now: datetime) -> None:
    """Write what was accepted: what others refer to before what refers to it."""
    connection, added = ledger.connection, [event for _, event in taking.added]
    if added:
        await joining.join(connection, [one for one in added if isinstance(one, Member)], taking.books.members)
        await _write_network(ledger, added)
        await joining.serve(connection, [one for one in added if isinstance(one, Customer)])
        await joining.state(connection, [one for one in added if isinstance(one, Fact)])
        products = [one for one in added if isinstance(one, Product)]
        await joining.shelve(connection, products)
        listed = [(one.product, price) for one in products for price in one.prices]
        await joining.price(
            connection, [*listed, *((one.product, one.price) for one in added if isinstance(one, Price))]
        )
        await intake.accept(connection, taking.added, now)
        await network.announce(connection)
    for kind in ("order", "return"):
        for source, rows in by_source(taking.rows).items():
            await ledger.add(source, now, [row for row in rows if row.kind == kind])


async def _write_network(ledger: Ledger, added: Sequence[Event]) -> None:
    """Record who moved, was enrolled by another, or left, each as a row of the network's log, in their order."""
    for event in added:
        match event:
            case Placement():
                await network.place(ledger.connection, event.member, event.sponsor, event.since)
            case Enrolment():
                await network.enrol(ledger.connection, event.member, event.enroller, event.since)
            case Leaving():
                await network.depart(ledger.connection, event.member, event.on)
            case _:
                continue


async def _write_held(ledger: Ledger, taking: Taking, now: datetime) -> None:
    """Keep what waits, let go of what waits no longer, and say of what is wrong why."""
    accepted = [key_of(event) for _, event in taking.added] + [f"order {row.key}" for _, row in taking.rows]
    await intake.release(ledger.connection, accepted)
    await intake.refuse_held(ledger.connection, {key: findings for key, (_, findings) in taking.refused.items()}, now)
    await intake.hold(ledger.connection, [one for one in taking.waiting.values() if _is_otherwise(one, taking)])


def _is_otherwise(held: Held, taking: Taking) -> bool:
    """Tell whether what is held is new, or lacks something else than before."""
    return taking.lacked_before.get(key_of(held.event)) != held.lacks


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
