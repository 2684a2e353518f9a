"""
A shop that never gives up: each order is sent, to one web process or another, until one has answered that it has it.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
import httpx
from msgspec import Struct

from backend.kernel.signature import signed

SHOP = "till"
RETRY_SECONDS = 0.05
PATIENCE_SECONDS = 45
DOUBLED = 0.1
"""So many of the orders are sent once more after they were accepted."""

BUYERS = ("TOP", "LEG", "LONE")


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of the orders that a shop sent: each list has keys, and should be empty but for `accepted`."""

    accepted: list[str]
    lost: list[str]
    doubled: list[str]
    half: list[str]
    unheard: list[str]

    @property
    def sound(self) -> bool:
        """Whether each accepted order is there once and whole, and no other."""
        return not (self.lost or self.doubled or self.half or self.unheard)


class Shop:
    """Posts orders from several tills at once until it is closed; `accepted` says what it was promised, in points."""

    def __init__(self, addresses: Sequence[str], secret: bytes, *, seed: int, tills: int = 6) -> None:
        """Know the doors and the key."""
        self.accepted: dict[str, int] = {}
        self.sent: set[str] = set()
        self.of = dict.fromkeys(BUYERS, 0)
        self.tries = 0
        self.longest_silence_seconds = 0.0
        self._last_accepted_at = time.monotonic()
        self._addresses = addresses
        self._secret = secret
        self._chance = random.Random(seed)
        self._tills = tills
        self._closed = False
        self._heard = asyncio.Event()

    @asynccontextmanager
    async def trading(self) -> AsyncIterator[None]:
        """Sell while the block runs; every order that was begun is brought to its end, and a refused one raises."""
        task = asyncio.create_task(self._trade())
        task.add_done_callback(lambda _: self._heard.set())
        try:
            await self.accepted_again()
            yield
        finally:
            self._closed = True
            await task

    async def _trade(self) -> None:
        async with httpx.AsyncClient(timeout=5) as client, asyncio.TaskGroup() as group:
            for till in range(self._tills):
                group.create_task(self._sell(client, till))

    async def accepted_again(self, seconds: float = 60) -> None:
        """Wait until an order that is yet to be answered was accepted."""
        self._heard.clear()
        await asyncio.wait_for(self._heard.wait(), seconds)

    async def _sell(self, client: httpx.AsyncClient, till: int) -> None:
        number = 0
        while not self._closed:
            number += 1
            points = self._chance.randint(1, 999)
            key = f"K-{till}-{number}"
            member = self._chance.choice(BUYERS)
            body = _body(key, points, member)
            await self._bring(client, key, points, body)
            self.of[member] += points
            if self._chance.random() < DOUBLED:
                await self._bring(client, key, points, body)

    async def _bring(self, client: httpx.AsyncClient, key: str, points: int, body: bytes) -> None:
        """Send an order until it is accepted, here or there."""
        self.sent.add(key)
        began = time.monotonic()
        while not await self._is_taken(client, key, body):
            assert time.monotonic() - began < PATIENCE_SECONDS, f"{key} was never accepted"
            await asyncio.sleep(RETRY_SECONDS)
        self.accepted[key] = points
        silence = time.monotonic() - self._last_accepted_at
        self.longest_silence_seconds = max(self.longest_silence_seconds, silence if len(self.accepted) > 1 else 0)
        self._last_accepted_at += silence
        self._heard.set()

    async def _is_taken(self, client: httpx.AsyncClient, key: str, body: bytes) -> bool:
        self.tries += 1
        headers = signed(body, key=SHOP, secret=self._secret, message_id=key, timestamp=int(time.time()))
        door = self._chance.choice(self._addresses)
        try:
            answer = await client.post(f"{door}/intake/orders", content=body, headers=headers)
        except httpx.HTTPError:
            return False
        if answer.status_code >= 500:
            return False
        (result,) = answer.json()["results"]
        assert result["status"] in {"accepted", "repeated"}, answer.text
        return True


def _body(key: str, points: int, member: str) -> bytes:
    """Write an order of this moment, of so many hundredths of a point."""
    volume = f"{points / 100:.2f}"
    placed_at = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"order": key, "member": member, "customer": "c1", "placed_at": placed_at, "pv": volume, "cv": volume}
    return json.dumps(said).encode()


async def judged(dsn: str, shop: Shop) -> Verdict:
    """Compare what a shop was promised with what the database has, order by order and entry by entry."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(KEPT)
    await connection.close()
    kept = {row["key"]: row for row in rows}
    whole = {key for key, row in kept.items() if row["entries"] == 1 and row["ordered"] == row["entered"]}
    return Verdict(
        accepted=sorted(shop.accepted),
        lost=sorted(key for key in shop.accepted if key not in kept),
        doubled=sorted(key for key, row in kept.items() if row["orders"] > 1 or row["entries"] > 1),
        half=sorted(
            key
            for key, row in kept.items()
            if key not in whole or (key in shop.accepted and row["ordered"] != shop.accepted[key])
        ),
        unheard=sorted(key for key in kept if key not in shop.sent),
    )


KEPT = """
SELECT key, count(DISTINCT sales_order.id) AS orders, count(volume_entry.position) AS entries,
       max(sales_order.pv_points) AS ordered, coalesce(sum(volume_entry.pv_points), 0)::bigint AS entered
FROM sales_order FULL JOIN volume_entry ON volume_entry.order_id = sales_order.id
GROUP BY key
"""
