"""
Post: the worker's one place, held by an advisory lock on a connection of its own.

The lock dies with the connection and the connection with its process, so a killed worker leaves the post free. Whoever
waits asks again and again instead of waiting inside the database, where a waiting statement would hold up vacuum.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from backend.live.announcements import CONNECT_SECONDS

LOCK = 7_305_815_002
ASK_SECONDS = 0.25
WATCH_SECONDS = 5.0


@asynccontextmanager
async def held(dsn: str) -> AsyncIterator[asyncio.Event]:
    """
    Wait for the post and hold it while the block runs; the event says that it is lost.

    Raises what a database that is away raises (`announcements.AWAY`).
    """
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 - as above
            await asyncio.sleep(ASK_SECONDS)
        watch = asyncio.create_task(_watch(connection, lost))
        try:
            yield lost
        finally:
            watch.cancel()
    finally:
        connection.terminate()


async def _watch(connection: "asyncpg.Connection[asyncpg.Record]", lost: asyncio.Event) -> None:
    """Ask now and then, since a server that vanished without a word closes nothing."""
    while not lost.is_set():
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await connection.execute("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            lost.set()
