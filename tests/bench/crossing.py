"""
Crossing a line: a month is closed twice at once while two web processes take its orders, and each lands on one side.

Part of `scripts/storm`. Every order bears an instant of the month. Those that the log of entries has before the line
are the month's, sealed in its snapshot; those behind it count in the next one; none is lost, doubled or on both sides.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
from msgspec import Struct

from backend.flows.close_period import Closing, close_period
from backend.flows.open_shop import open_shop
from backend.flows.set_clock import set_clock
from backend.flows.shop_secret import secret_of
from backend.kernel.period import Period
from backend.kernel.signature import signed
from backend.settings import read_settings
from backend.store import periods
from backend.store.database import opened
from tests.databases import Databases
from tests.fleet import Fleet, running
from tests.flows.companies import found
from tests.stores import migrate

SHOP = "till"
AT_ONCE = 8
NOVEMBER = Period(2026, 11)
BOUGHT = "2026-11-25T09:00:00Z"
MONTH_IS_OVER = datetime(2026, 12, 2, 9, tzinfo=UTC)
POINTS = 50_00
SIDES = """
SELECT count(*) FILTER (WHERE period = '2026-11' AND position <= $1) AS before,
       count(*) FILTER (WHERE period = '2026-12' AND position > $1) AS behind, count(*) AS entries,
       count(DISTINCT order_id) AS orders
FROM volume_entry
"""


class Crossed(Struct, frozen=True, kw_only=True):
    """How many orders were accepted, how many lie on each side of the line, and whether the seal is one and right."""

    posted: int
    accepted: int
    before: int
    behind: int
    entries: int
    is_sealed_once: bool

    @property
    def is_right(self) -> bool:
        """Each order is there once, some on either side, and both closers and a third run found the same hashes."""
        once = self.posted == self.accepted == self.entries == self.before + self.behind
        return once and self.is_sealed_once and min(self.before, self.behind) > 0


async def cross(folder: Path, dsn: str, posts: int) -> Crossed:
    """Post so many orders of November through two web processes, and close November twice in the midst of them."""
    databases = Databases(dsn, migrate)
    async with databases.fresh() as fresh, opened(fresh):
        await found()
        await set_clock(real_at=datetime.now(UTC), company_at=MONTH_IS_OVER, speed=1)
        secret = secret_of(read_settings({"HANDRAIL_DATA": str(folder)}).secret, SHOP, await open_shop(SHOP))
        with running(Fleet(folder, dsn=fresh, workers=0)) as fleet:
            accepted, closings = await _closed_amidst(fleet.addresses, secret, posts)
        crossed = await _counted(fresh, posts, accepted, [*closings, await close_period(NOVEMBER)])
    await databases.close()
    return crossed


async def _closed_amidst(addresses: Sequence[str], secret: bytes, posts: int) -> tuple[int, list[Closing]]:
    """Return how many orders were accepted, and what the two closers said that began after a third of them."""
    numbers, accepted = iter(range(posts)), list[bool]()
    third = asyncio.Event()

    async def post_on(client: httpx.AsyncClient, address: str) -> None:
        for number in numbers:
            accepted.append(await _is_accepted(client, address, secret, number))
            if number >= posts // 3:
                third.set()

    async def close() -> Closing:
        await third.wait()
        return await close_period(NOVEMBER)

    async with httpx.AsyncClient(timeout=60) as client, asyncio.TaskGroup() as group:
        closers = [group.create_task(close()) for _ in range(2)]
        for at in range(AT_ONCE):
            group.create_task(post_on(client, addresses[at % len(addresses)]))
    return sum(accepted), [closer.result() for closer in closers]


async def _is_accepted(client: httpx.AsyncClient, address: str, secret: bytes, number: int) -> bool:
    order = {"order": f"X-{number}", "member": "LEG", "customer": "C-1", "placed_at": BOUGHT, "pv": "50", "cv": "45"}
    body = json.dumps(order).encode()
    headers = signed(body, key=SHOP, secret=secret, message_id=f"X-{number}", timestamp=int(time.time()))
    answer = await client.post(f"{address}/intake/orders", content=body, headers=headers)
    return answer.is_success and answer.json()["results"][0]["status"] == "accepted"


async def _counted(dsn: str, posts: int, accepted: int, closings: Sequence[Closing]) -> Crossed:
    kept = await periods.sealed(NOVEMBER)
    assert kept is not None, "it was closed"
    connection = await asyncpg.connect(dsn)
    try:
        sides = await connection.fetchrow(SIDES, kept.position)
    finally:
        await connection.close()
    hashes = {(each.snapshot_digest, each.outcome_digest) for each in closings}
    sealed_pv = int(kept.snapshot.own_pv.sum() + kept.snapshot.customer_pv.sum())
    return Crossed(
        posted=posts,
        accepted=accepted,
        before=sides["before"],
        behind=sides["behind"],
        entries=sides["entries"],
        is_sealed_once=len(hashes) == 1 and sealed_pv == POINTS * sides["before"] and sides["orders"] == posts,
    )
