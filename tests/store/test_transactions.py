"""
A transaction whose connection is killed costs that transaction, and nothing else.
"""

import asyncpg
import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from backend.store.away import AWAY
from backend.store.database import POOL, opened
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
