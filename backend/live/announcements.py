"""
Announcements: what is told on one channel, heard on a connection of its own for as long as the process lives.

PostgreSQL tells, or where its address is named a Redis or Valkey, to which `live.relay` passes on. A lost connection is
opened again, at first at once and then ever more slowly. What was announced in between is gone for good, so whoever
listens is told each time the line stands: read everything anew.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import structlog

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0
CONNECT_SECONDS = 5
ASK_SECONDS = 20
"""After so long a silence the line is tried; a server that vanished without a word is noticed thus."""

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a database that is gone, going or coming may raise; asyncpg's time-outs are among OSError."""

log = structlog.get_logger()


@asynccontextmanager
async def listening(
    address: str, channel: str, *, heard: Callable[[str], None], joined: Callable[[], None]
) -> AsyncIterator[None]:
    """Listen in the background while the block runs: `joined` is told when the line stands, `heard` each payload."""
    task = asyncio.create_task(listen(address, channel, heard=heard, joined=joined))
    try:
        yield
    finally:
        task.cancel()


async def listen(address: str, channel: str, *, heard: Callable[[str], None], joined: Callable[[], None]) -> None:
    """Listen until cancelled, over as many connections as it takes."""
    once = _listen_to_redis if is_redis(address) else _listen_to_postgresql
    wait_seconds = FIRST_WAIT_SECONDS

    def stands() -> None:
        nonlocal wait_seconds
        wait_seconds = FIRST_WAIT_SECONDS
        joined()

    while True:
        try:
            await once(address, channel, heard=heard, joined=stands)
        except AWAY as error:
            log.warning("listener-away", channel=channel, error=error)
        await asyncio.sleep(wait_seconds)
        wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)


def is_redis(address: str) -> bool:
    """Return whether an address is of a Redis or a Valkey."""
    return address.partition("://")[0] in {"redis", "rediss", "valkey", "valkeys"}


async def _listen_to_redis(
    address: str, channel: str, *, heard: Callable[[str], None], joined: Callable[[], None]
) -> None:
    """Listen on a subscription until it is lost; the library is loaded only where it is used."""
    from backend.live.subscription import listen_once

    await listen_once(address, channel, heard=heard, joined=joined)


async def _listen_to_postgresql(
    dsn: str, channel: str, *, heard: Callable[[str], None], joined: Callable[[], None]
) -> None:
    """Listen on one connection until it is lost."""
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(channel, lambda *said: heard(str(said[3])))
        joined()
        while not await _within(lost, ASK_SECONDS):
            await connection.execute("SELECT 1")
    finally:
        connection.terminate()


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
