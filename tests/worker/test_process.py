"""
Workers as processes: one holds the post, the next takes over, and none outlives its parent.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from backend.flows.ports import EngineAway
from backend.live.desk import Desk
from backend.live.wire import desk_path
from backend.store.database import opened
from tests.databases import short_folder
from tests.worker.processes import started
from tests.worker.small import found_small, order

EVERY_SESSION = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


async def test_the_next_worker_takes_over_when_one_is_killed(database: str, folder: Path) -> None:
    """While the first works the second waits; after `kill -9` the second holds the post and answers questions."""
    async with opened(database):
        await found_small()
    async with started("worker", dsn=database, folder=folder) as first:
        await first.event("refreshed")
        async with started("worker", dsn=database, folder=folder) as second:
            waiting = asyncio.create_task(second.event("post-taken"))
            await asyncio.sleep(1)
            assert not waiting.done()

            first.process.kill()
            await waiting
            await second.event("refreshed")
            desk = Desk(desk_path(folder))
            traces, ahead = await desk.explain("TOP"), await desk.changes("TOP")
            leg = await desk.breakaway("TOP", "LEG")
            with pytest.raises(EngineAway):
                await desk.breakaway("TOP", "LONE")

    assert "gv" in {trace.name for trace in traces}
    assert ahead.next_step is not None
    assert ("TOP", "step", 1) == (ahead.next_step.member, ahead.next_step.what, ahead.next_step.index)
    assert ("TOP", "LEG", 0) == (leg.member, leg.leg, leg.now.total_minor)


async def test_a_worker_whose_sessions_were_cut_comes_back_and_misses_nothing(database: str, folder: Path) -> None:
    """After every session was ended, an order accepted meanwhile is in the next refresh."""
    async with opened(database):
        await found_small()
    async with started("worker", dsn=database, folder=folder) as worker:
        await worker.event("refreshed")
        connection = await asyncpg.connect(database)
        await connection.execute(EVERY_SESSION)
        async with opened(database):
            await order("s-1")
        await worker.event("post-taken")
        await worker.event("refreshed")
        points = await connection.fetchval(
            "SELECT gv_points FROM member_standing JOIN member ON member.id = member_id WHERE code = 'TOP'"
        )
        await connection.close()

    assert 50_00 == points


async def test_a_worker_ends_with_its_parent(database: str, folder: Path) -> None:
    """When standard input closes, as it does with the parent's death, the worker ends by itself and well."""
    async with started("worker", "--with-parent", dsn=database, folder=folder) as worker:
        await worker.event("post-taken")
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        assert 0 == await worker.ended(seconds=10)
    assert not desk_path(folder).exists()


async def test_a_worker_ends_when_told_to(database: str, folder: Path) -> None:
    """SIGTERM is a clean end."""
    async with started("worker", dsn=database, folder=folder) as worker:
        await worker.event("post-taken")
        worker.process.terminate()
        assert 0 == await worker.ended(seconds=10)
