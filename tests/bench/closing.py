"""
Closing: how long live numbers stand still while the worker that keeps them closes a month.

`scripts/bench closing [--promoters 350 20000]`. One process refreshes a demo company's standings without a pause, first
alone and then beside a close. Printed are the longest time between two refreshes, and how long the event loop stood.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from backend.demo.company import write_company
from backend.embedded.cluster import Cluster
from backend.flows.close_period import close_period
from backend.flows.import_company import import_company
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.flows.set_clock import set_clock
from backend.kernel.period import Period
from backend.store.database import opened
from tests.databases import Databases, short_folder
from tests.flows.companies import PLAN, ZONE
from tests.stores import migrate

FIRST = Period(2025, 11)
AT_ITS_END = datetime(2025, 11, 30, 18, tzinfo=UTC)
AFTER_IT = datetime(2025, 12, 2, 18, tzinfo=UTC)
ALONE_REFRESHES = 5
TICK_SECONDS = 0.005


def main() -> int:
    """Measure companies of the sizes asked for, and print a line each."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--promoters", type=int, nargs="+", default=[350, 20_000])
    for promoters in words.parse_args().promoters:
        asyncio.run(_measured(promoters))
    return 0


async def _measured(promoters: int) -> None:
    with short_folder() as folder, Cluster(folder / "database", durable=False) as cluster:
        databases = Databases(cluster.dsn, migrate)
        async with databases.fresh() as dsn, opened(dsn):
            memory = await _begun(folder, promoters)
            beats, ticks = list[float](), list[float]()
            async with _beside(_refreshing(memory, beats)), _beside(_ticking(ticks)):
                while len(beats) <= ALONE_REFRESHES:  # noqa: ASYNC110 - refreshes go at their own pace
                    await asyncio.sleep(TICK_SECONDS)
                alone = f"{_longest(beats):.2f} s, loop {_longest(ticks):.2f} s"
                del beats[:-1], ticks[:-1]
                began = time.monotonic()
                closing = await close_period(FIRST)
                took, so_far = time.monotonic() - began, len(beats)
                while len(beats) == so_far:  # noqa: ASYNC110 - the last gap ends with the next one
                    await asyncio.sleep(TICK_SECONDS)
        await databases.close()
    beside = f"{_longest(beats):.2f} s, loop {_longest(ticks):.2f} s"
    print(f"{promoters:,} members, {closing.lines:,} lines: longest between two refreshes {alone}; ", end="")
    print(f"beside a close of {took:.1f} s {beside}", flush=True)


async def _begun(folder: Path, promoters: int) -> Memory:
    """Import a demo company whose first month was shown to everybody and is over."""
    write_company(folder, promoters=promoters, seed=7, until=FIRST.plus(11))
    await import_company(
        members_csv=(folder / "members.csv").read_bytes(),
        orders_csv=(folder / "orders.csv").read_bytes(),
        plan_source=PLAN,
        name="Demo",
        zone=ZONE,
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )
    for now in (AT_ITS_END, AFTER_IT):
        await set_clock(real_at=datetime.now(UTC), company_at=now, speed=1)
        memory = await recall(now)
        assert memory is not None, "it was imported"
        await refresh_standing(memory, now)
    return memory


async def _refreshing(memory: Memory, beats: list[float]) -> None:
    while True:
        await refresh_standing(memory, AFTER_IT)
        beats.append(time.monotonic())


async def _ticking(ticks: list[float]) -> None:
    while True:
        ticks.append(time.monotonic())
        await asyncio.sleep(TICK_SECONDS)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let something go on while the block runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _longest(moments: list[float]) -> float:
    return max(later - earlier for earlier, later in pairwise(moments))


if __name__ == "__main__":
    sys.exit(main())
