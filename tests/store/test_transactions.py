"""
A transaction whose connection is killed costs that transaction, and a crowded pool a moment; nothing else.
"""

import asyncio
import socket
import time
from contextlib import AsyncExitStack

import asyncpg
import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.store.away import AWAY
from backend.store.database import POOL, opened
from backend.store.driver import ACQUIRE_SECONDS
from backend.store.transactions import transaction

MORE_THAN_THE_POOL = POOL[1] + 2
KILL_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
COUNT = "SELECT count(*)::int AS companies FROM company"
WRITE = "INSERT INTO company (id, name, zone, plan_source, plan_digest) VALUES (1, 'A', 'UTC', '', '')"


async def kill_connections(database: str) -> None:
    """Let the server end every other connection to a database."""
    connection = await asyncpg.connect(database)
    await connection.execute(KILL_OTHERS)
    await connection.close()


async def companies() -> int:
    """Ask outside of any transaction; fails where the task still holds on to a dead one."""
    (row,) = await get_connection("default").execute_query_dict(COUNT)
    return int(row["companies"])


async def write_and_lose(database: str) -> None:
    """Write in a transaction whose connection is killed before its end."""
    async with transaction() as connection:
        await connection.execute_query(WRITE)
        await kill_connections(database)


async def write_and_err() -> None:
    """Write in a transaction and raise before its end."""
    async with transaction() as connection:
        await connection.execute_query(WRITE)
        raise LookupError


async def test_transactions_that_die_leave_the_task_and_the_pool_whole(database: str) -> None:
    """More deaths than the pool has places: each rolls back, and the task that saw them goes on asking."""
    async with opened(database):
        for _ in range(MORE_THAN_THE_POOL):
            with pytest.raises(AWAY):
                await write_and_lose(database)
        assert 0 == await companies()


async def test_a_transaction_that_cannot_begin_leaves_the_task_and_the_pool_whole(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that dies between the pool and BEGIN is given up, and the next transaction begins on another."""

    async def dying(wrapper: BaseDBAsyncClient) -> None:
        await kill_connections(database)
        await begin(wrapper)

    async with opened(database):
        assert 0 == await companies()
        async with transaction() as connection:
            kind = type(connection)
        begin = kind.begin
        with monkeypatch.context() as patched:
            patched.setattr(kind, "begin", dying)
            for _ in range(MORE_THAN_THE_POOL):
                with pytest.raises(AWAY):
                    await write_and_lose(database)
        async with transaction() as connection:
            await connection.execute_query(WRITE)
        assert 1 == await companies()


async def test_what_raises_in_the_block_rolls_back(database: str) -> None:
    """A mistake within the block undoes the block, and is heard."""
    async with opened(database):
        with pytest.raises(LookupError):
            await write_and_err()
        assert 0 == await companies()


async def test_whoever_finds_the_pool_used_up_waits_no_longer_than_a_moment(database: str) -> None:
    """With every connection taken, a question and a transaction each give up in time, and the next ones are served."""
    async with opened(database), AsyncExitStack() as taken:
        for _ in range(POOL[1]):
            await taken.enter_async_context(get_connection("default").acquire_connection())
        for ask in (companies, write_and_err):
            began = time.monotonic()
            with pytest.raises(AWAY):
                await ask()
            assert ACQUIRE_SECONDS <= time.monotonic() - began < ACQUIRE_SECONDS + 0.5
        await taken.aclose()
        assert 0 == await companies()


async def test_a_server_that_says_nothing_is_waited_for_no_longer_than_a_moment() -> None:
    """Where a connection opens and nobody speaks, all who ask at once give up at once, not one after the other."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with opened(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"):
            began = time.monotonic()
            found = await asyncio.gather(*(companies() for _ in range(POOL[1] + 2)), return_exceptions=True)
            waited = time.monotonic() - began
    assert all(isinstance(one, AWAY) for one in found)
    assert waited < 2 * ACQUIRE_SECONDS
