"""
Take a message: what a shop sent, read and taken at the company's present time and by its present terms.

Messages that come while others are being committed are gathered, and share the next transaction.
"""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from backend.flows.gathering import Gathering
from backend.flows.take_orders import take_orders
from backend.intake.order_body import OrderBody, Taken
from backend.intake.order_message import read_bodies
from backend.kernel.finding import Finding, Place, Refused
from backend.store.away import AWAY
from backend.store.company import CompanyRow, company

TOGETHER_BYTES = 1024 * 1024
"""So much is taken in one transaction; a single message may be as large."""

WAITING_BYTES = 32 * TOGETHER_BYTES
WAITING_SECONDS = 2.0


class Message(Struct, frozen=True, kw_only=True):
    """What a shop sent, as it was sent."""

    shop: str
    raw: bytes


class Read(Struct, frozen=True, kw_only=True):
    """What of a message can be read, and what became of the rest."""

    bodies: list[OrderBody]
    refused: list[Taken]


async def take_message(*, shop: str, raw: bytes) -> list[Taken]:
    """
    Answer each order of a message, after the commit.

    Raises Refused where none of it can be read, or no company is there; TimeoutError where it cannot be taken in time,
    and what an absent database raises: the shop sends it again then.
    """
    return await MESSAGES.ask(Message(shop=shop, raw=raw), len(raw))


async def _take_together(messages: Sequence[Message]) -> list[list[Taken] | Exception]:
    """Take messages in one transaction a shop; one that cannot be read is answered with its Refused."""
    async with asyncio.timeout(WAITING_SECONDS):
        row = await company()
    if row is None:
        return [Refused([nobody()]) for _ in messages]
    read = [_read(message, row) for message in messages]
    answers: list[list[Taken] | Exception] = [one if isinstance(one, Refused) else one.refused for one in read]
    for shop in dict.fromkeys(message.shop for message in messages):
        of_shop = [
            (place, one)
            for place, (message, one) in enumerate(zip(messages, read, strict=True))
            if message.shop == shop and isinstance(one, Read) and one.bodies
        ]
        taken = iter(await _take([body for _, one in of_shop for body in one.bodies], shop, row))
        for place, one in of_shop:
            answers[place] = [*(next(taken) for _ in one.bodies), *one.refused]
    return answers


def _read(message: Message, row: CompanyRow) -> Read | Refused:
    try:
        bodies, refused = read_bodies(message.raw, row.zone)
    except Refused as none_of_it:
        return none_of_it
    return Read(bodies=bodies, refused=refused)


async def _take(bodies: Sequence[OrderBody], shop: str, row: CompanyRow) -> list[Taken]:
    if not bodies:
        return []
    now = row.clock.now()
    terms = row.terms_of(row.period_at(now))
    return await take_orders(shop=shop, orders=bodies, now=now, zone=row.zone, terms=terms)


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
