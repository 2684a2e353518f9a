"""
Relay: what PostgreSQL announces as it commits, passed on to Redis or Valkey, where any number of processes hear it.

PostgreSQL goes on to say what is committed, and nothing before; only the worker at its post listens to it, instead of
every web process. Where the relay has missed anything it tells everybody to look.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import structlog

from backend.live.announcements import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, listening
from backend.live.hub import EVERYBODY, News

ALL = msgspec.json.encode(News(revision=0, members=(EVERYBODY,))).decode()

log = structlog.get_logger()


@asynccontextmanager
async def relaying(dsn: str, channel: str, address: str | None) -> AsyncIterator[None]:
    """Pass a channel on while the block runs; without an address there is nothing to do."""
    if address is None:
        yield
        return
    waiting: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(_pass_on(waiting, channel, address))
    try:
        async with listening(dsn, channel, heard=waiting.put_nowait, joined=lambda: waiting.put_nowait(ALL)):
            yield
    finally:
        task.cancel()


async def _pass_on(waiting: asyncio.Queue[str], channel: str, address: str) -> None:
    """Publish what comes, until cancelled; after a lost line, that everybody should look."""
    from backend.live.subscription import connected

    wait_seconds = FIRST_WAIT_SECONDS
    while True:
        try:
            async with connected(address) as client:
                await client.publish(channel, ALL)
                wait_seconds = FIRST_WAIT_SECONDS
                while True:
                    await client.publish(channel, await waiting.get())
        except OSError as error:
            log.warning("relay-away", channel=channel, error=error)
        await asyncio.sleep(wait_seconds)
        wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)
