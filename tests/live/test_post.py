"""
The worker's post is held by one, and passes on when its holder is gone, however that went.
"""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest

from backend.live.post import LOCK, held

KILL = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = {LOCK & 0xFFFFFFFF}"


async def test_the_second_waits_until_the_first_leaves(database: str) -> None:
    """While one holds the post nobody else does; when it leaves, the next has it within a second."""
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(held(database))
        waiting = asyncio.create_task(second.enter_async_context(held(database)))
        await asyncio.sleep(0.6)
        assert not waiting.done()

        await first.aclose()
        lost = await asyncio.wait_for(waiting, 1)
        assert not lost.is_set()


async def test_a_lost_connection_is_a_lost_post(database: str) -> None:
    """When the holder's connection dies the holder is told, and another takes over."""
    connection = await asyncpg.connect(database)
    async with held(database) as lost:
        await connection.execute(KILL)
        await asyncio.wait_for(lost.wait(), 1)
        async with asyncio.timeout(1), held(database) as taken_over:
            assert not taken_over.is_set()
    await connection.close()


async def test_a_post_of_no_database_is_refused() -> None:
    """Where nobody listens the world's own error is raised, for whoever tries again."""
    with pytest.raises(OSError):
        await held("postgresql://nobody@127.0.0.1:1/none").__aenter__()
