"""
Take a message: what a shop sent, read and taken at the company's present time and by its present terms.

Messages that come while others are being committed are gathered, and share the next transaction.
"""

from collections.abc import Sequence

from msgspec import Struct

from backend.flows.find_shop import KeyChanged, forget_version
from backend.flows.gathering import Gathering
from backend.flows.order_rows import Present
from backend.flows.take_events import members_of, orders_of, take_looked
from backend.intake.order_body import OrderBody, Taken
from backend.intake.order_message import plain_bodies, read_each
from backend.intake.verdict import Told
from backend.kernel.finding import Finding, Place, Refused
from backend.store.away import AWAY
from backend.store.company import company
from backend.store.looking import Looked, look
from backend.store.orders import Ledger, open_ledger

TOGETHER_BYTES = 1024 * 1024
"""So much is taken in one transaction; a single message may be as large."""

WAITING_BYTES = 16 * TOGETHER_BYTES
WAITING_SECONDS = 2.0


class Message(Struct, frozen=True, kw_only=True):
    """What a shop sent: the orders that can be read, and what became of the rest; signed with its key of a version."""

    shop: str
    version: int
    bodies: list[OrderBody]
    refused: list[Taken]


async def take_message(*, shop: str, version: int, raw: bytes) -> list[Taken]:
    """
    Answer each order of a message, after the commit.

    `version` is that of the key by which the message was found genuine. Raises KeyChanged where the shop has another
    key by now; Refused where none of it can be read, or no company is there; TimeoutError where it cannot be taken in
    time, and what an absent database raises: the shop sends it again then.
    """
    bodies, refused = await _read(raw)
    message = Message(shop=shop, version=version, bodies=bodies, refused=refused)
    return await MESSAGES.ask(message, len(raw))


async def _read(raw: bytes) -> tuple[list[OrderBody], list[Taken]]:
    """Read a message; only what is not plain needs to know the company's zone."""
    plain = plain_bodies(raw)
    if plain is not None:
        return plain, []
    row = await company()
    if row is None:
        raise Refused([nobody()])
    return read_each(raw, row.zone)


async def _take_together(messages: Sequence[Message]) -> list[list[Taken] | Exception]:
    """Take messages in one transaction; what is not let in is answered with its exception."""
    bodies = [body for message in messages for body in message.bodies]
    async with open_ledger() as ledger:
        looked = await look(
            ledger.connection,
            shops=list({message.shop for message in messages}),
            members=members_of(bodies),
            orders=orders_of(bodies),
        )
        judged = [(message, _not_let_in(message, looked)) for message in messages]
        told = iter(await _take([message for message, why in judged if why is None], looked, ledger))
    return [why or _answered(message, [next(told) for _ in message.bodies]) for message, why in judged]


def _not_let_in(message: Message, looked: Looked) -> Exception | None:
    """Return why nothing of a message is taken, if that is so."""
    if looked.company is None:
        return Refused([nobody()])
    if looked.shops.get(message.shop) == message.version:
        return None
    forget_version(message.shop)
    return KeyChanged(message.shop)


async def _take(messages: Sequence[Message], looked: Looked, ledger: Ledger) -> Sequence[Told]:
    row = looked.company
    if row is None:
        return ()
    now = row.clock.now()
    terms = row.terms_of(row.period_at(now))
    present = Present(now=now, zone=row.zone, terms=terms, closed=looked.ground.closed)
    sent = [(message.shop, body) for message in messages for body in message.bodies]
    return (await take_looked(ledger, sent, present, looked)).told


def _answered(message: Message, told: Sequence[Told]) -> list[Taken]:
    taken = [Taken(order=one.key, status=one.status, findings=one.findings, lacks=one.lacks) for one in told]
    return [*taken, *message.refused]


def nobody() -> Finding:
    """Return what a shop hears that sends before there is a company."""
    return Finding(
        code="company-missing",
        place=Place(source="database"),
        message="No company was imported here yet.",
        remedy="Import one with `handrail import`, then send the message again.",
    )


MESSAGES: Gathering[Message, list[Taken]] = Gathering(
    _take_together, away=AWAY, at_once=TOGETHER_BYTES, most=WAITING_BYTES, seconds=WAITING_SECONDS
)
"""What shops send to this process."""
