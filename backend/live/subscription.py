"""
Subscription: a channel of Redis or Valkey, as announcements hear it and the relay speaks on it.

Both keep nothing: who does not listen at that moment never hears of it, as with PostgreSQL's NOTIFY.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.live.announcements import ASK_SECONDS, CONNECT_SECONDS


@asynccontextmanager
async def connected(address: str) -> AsyncIterator["Redis"]:
    """
    Yield a client of a Redis or Valkey; it connects with its first word.

    Raises ConnectionError, as any lost line does, whatever the library calls it.
    """
    client = Redis.from_url(
        "redis" + address.removeprefix("redis").removeprefix("valkey"),
        decode_responses=True,
        socket_connect_timeout=CONNECT_SECONDS,
        health_check_interval=ASK_SECONDS,
    )
    try:
        yield client
    except RedisError as error:
        raise ConnectionError(repr(error)) from error
    finally:
        await client.aclose()


async def listen_once(address: str, channel: str, *, heard: Callable[[str], None], joined: Callable[[], None]) -> None:
    """Listen until the line is lost, which raises ConnectionError; each time it stands anew, `joined` is told."""
    async with connected(address) as client, client.pubsub() as ear:
        await ear.subscribe(channel)
        while True:
            said = await ear.get_message(timeout=ASK_SECONDS)
            if said is not None and said["type"] == "subscribe":
                joined()
            elif said is not None and said["type"] == "message":
                heard(str(said["data"]))
