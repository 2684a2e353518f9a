"""
Where one machine is outgrown: a pooler in transaction mode before the database, and announcements over Redis or Valkey.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from backend.embedded.cluster import Cluster
from backend.live.announcements import listening
from backend.live.hub import Hub
from backend.live.relay import relaying
from backend.store.database import STANDINGS_CHANNEL, migrate
from tests.databases import short_folder
from tests.fleet import Fleet, running
from tests.servers import Announcer, pooled
from tests.serving.test_fleet import Phone, begun
from tests.shopping import Shop, judged

EARS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%handrail%'
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


async def test_behind_a_pooler_in_transaction_mode_everything_works(folder: Path) -> None:
    """
    Two web processes share three connections of a pooler, under the load of a shop and with an open page at each.

    No order is lost or doubled, no answer is a mistake of the server, and the pages show what was accepted.
    """
    with Cluster(folder / "database", durable=False) as cluster, pooled(cluster, folder) as pooler:
        await migrate(cluster.dsn)
        link, secret = await begun(cluster.dsn, folder)
        fleet = Fleet(
            folder, dsn=pooler, DATABASE_DIRECT_URL=cluster.dsn, DATABASE_POOLED="yes", METRICS_TOKEN="a" * 20
        )
        with running(fleet):
            async with httpx.AsyncClient(base_url=fleet.addresses[0], timeout=10) as browser:
                await browser.get(link)
                phones = [Phone([address], browser.cookies) for address in fleet.addresses]
                shop = Shop(fleet.addresses, secret, seed=5)
                async with phones[0].streaming(), phones[1].streaming(), shop.trading():
                    for phone in phones:
                        await phone.heard_of("id:")
                    pages = await asyncio.gather(*(browser.get("/today") for _ in range(60)))
                    for _ in range(100):
                        await shop.accepted_again()
                async with phones[0].streaming():
                    own = f"{shop.of['TOP'] / 100:,.2f}".rstrip("0").rstrip(".")
                    await phones[0].heard_of(f"<b data-n>{own}</b>")
                figures = (await browser.get("/metrics", headers={"authorization": f"Bearer {'a' * 20}"})).text
        verdict = await judged(cluster.dsn, shop)

    assert {200} == {page.status_code for page in pages}
    assert verdict.sound, verdict
    assert len(verdict.accepted) > 100
    assert 'status="500"' not in figures


async def test_announcements_go_over_redis_in_place_of_notify(database: str, folder: Path) -> None:
    """With one setting an order still reaches the open pages, and no web process listens to PostgreSQL."""
    announcer = Announcer()
    with announcer.running():
        link, secret = await begun(database, folder)
        with running(Fleet(folder, dsn=database, ANNOUNCEMENTS=announcer.address)) as fleet:
            async with httpx.AsyncClient(base_url=fleet.addresses[0], timeout=10) as browser:
                await browser.get(link)
                phones = [Phone([address], browser.cookies) for address in fleet.addresses]
                async with phones[0].streaming(), phones[1].streaming():
                    for phone in phones:
                        await phone.heard_of("id:")
                    shop = Shop(fleet.addresses, secret, seed=6, tills=1)
                    async with shop.trading():
                        for _ in range(10):
                            await shop.accepted_again()
                    own = f"{shop.of['TOP'] / 100:,.2f}".rstrip("0").rstrip(".")
                    for phone in phones:
                        await phone.heard_of(f"<b data-n>{own}</b>")
            connection = await asyncpg.connect(database)
            ears = await connection.fetchval(EARS)
            await connection.close()

    assert 2 == ears, "the worker alone listens: to orders, and to what it relays"


async def test_an_announcer_that_was_away_wakes_everybody_when_it_is_back(database: str) -> None:
    """What was announced meanwhile is gone, so each stream looks for itself; then the road works again."""
    announcer, hub = Announcer(), Hub()
    ear = listening(announcer.address, STANDINGS_CHANNEL, heard=hub.hear, joined=hub.announce_all)
    async with ear, relaying(database, STANDINGS_CHANNEL, announcer.address):
        subscription = hub.subscribe("AMARA")
        heard = []
        for _ in range(2):
            with announcer.running():
                heard.append(await subscription.wait(10))
                await asyncio.sleep(3)
                await subscription.wait(0.01)
                connection = await asyncpg.connect(database)
                news = '{"revision": 3, "members": ["AMARA"]}'
                await connection.execute("SELECT pg_notify($1, $2)", STANDINGS_CHANNEL, news)
                await connection.close()
                heard.append(await subscription.wait(2))
            await subscription.wait(0.01)

    assert [True] * 4 == heard
