"""
What is announced in the database is heard in another process, and a lost line is told as soon as it stands again.
"""

import asyncio

import asyncpg

from backend.live.announcements import listening
from backend.live.hub import Hub

CHANNEL = "handrail_trial"
LISTENERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)


async def said(dsn: str, statement: str, *values: str) -> None:
    """Run a statement from elsewhere."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement, *values)
    await connection.close()


async def test_an_announcement_reaches_the_stream_that_it_means(database: str) -> None:
    """From NOTIFY over the listener and the hub to the one member's stream, in far less than a second."""
    hub, standing = Hub(), asyncio.Event()
    async with listening(database, CHANNEL, heard=hub.hear, joined=standing.set):
        await asyncio.wait_for(standing.wait(), 5)
        meant, other = hub.subscribe("AMARA"), hub.subscribe("LUIS")
        await said(database, "SELECT pg_notify($1, $2)", CHANNEL, '{"revision": 3, "members": ["AMARA"]}')

        assert [True, False] == [await meant.wait(1), await other.wait(0.05)]


async def test_a_lost_line_wakes_everybody_once_it_stands_again(database: str) -> None:
    """Whatever was announced while nobody listened, each stream looks for itself afterwards; then the line works."""
    hub, joined = Hub(), asyncio.Semaphore(0)

    def stands() -> None:
        hub.announce_all()
        joined.release()

    async with listening(database, CHANNEL, heard=hub.hear, joined=stands):
        await asyncio.wait_for(joined.acquire(), 5)
        ears = [hub.subscribe("AMARA"), hub.subscribe("LUIS")]
        await said(database, LISTENERS)
        await asyncio.wait_for(joined.acquire(), 5)
        assert [True, True] == [await ear.wait(0.05) for ear in ears]

        await said(database, "SELECT pg_notify($1, $2)", CHANNEL, '{"revision": 4, "members": ["LUIS"]}')
        assert [False, True] == [await ear.wait(0.5) for ear in ears]


async def test_leaving_closes_the_line(database: str) -> None:
    """After the block no connection listens any more."""
    standing = asyncio.Event()
    connection = await asyncpg.connect(database)
    count = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    async with listening(database, CHANNEL, heard=print, joined=standing.set):
        await asyncio.wait_for(standing.wait(), 5)
        assert 1 == await connection.fetchval(count)

    async with asyncio.timeout(5):
        while await connection.fetchval(count):  # noqa: ASYNC110 - another process's work has no event
            await asyncio.sleep(0.02)
    await connection.close()
