"""
Several web processes and a worker on one database: ended one after another or killed, they lose no order and no phone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from backend.flows.create_sign_in_link import create_sign_in_link
from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of
from backend.settings import read_settings
from backend.store.database import opened
from tests.bench.kills import course
from tests.databases import short_folder
from tests.fleet import Fleet, free_port, running
from tests.http.test_health import figure
from tests.shopping import SHOP, Shop, judged
from tests.worker.small import found_small

RECONNECT_SECONDS = 15.0
"""A phone comes back 0.3 s after it was told to; the rest is room for a machine that does other things as well."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


async def begun(dsn: str, folder: Path) -> tuple[str, bytes]:
    """Found a small company; return a way in and a shop's secret."""
    async with opened(dsn):
        await found_small()
        link = await create_sign_in_link(member_code="TOP")
        settings = read_settings({"HANDRAIL_DATA": str(folder), "DATABASE_URL": dsn})
        return link, secret_of(settings.secret, SHOP, await open_shop(SHOP))


class Phone:
    """An open page: when its stream ends it comes back, after as long as it was told to, to whoever answers."""

    def __init__(self, addresses: list[str], cookies: httpx.Cookies) -> None:
        """Know the doors, which a balancer would hide, and who one is."""
        self.gaps_seconds: list[float] = []
        self.heard: list[str] = []
        self.closings = 0
        self._addresses = addresses
        self._cookies = cookies

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[None]:
        """Keep the page open while the block runs."""
        task = asyncio.create_task(self._stay())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() or not task.exception(), task.exception()

    async def heard_of(self, words: str) -> None:
        """Wait until the stream has said some words."""
        async with asyncio.timeout(30):
            while not any(words in line for line in self.heard):  # noqa: ASYNC110 - lines have no event
                await asyncio.sleep(0.02)

    async def _stay(self) -> None:
        door, retry_ms, ended_at = 0, 0, time.monotonic()
        async with httpx.AsyncClient(cookies=self._cookies, timeout=20) as client:
            while True:
                await asyncio.sleep(retry_ms / 1000)
                try:
                    async with client.stream("GET", f"{self._addresses[door]}/today/stream") as stream:
                        async for line in stream.aiter_lines():
                            if line.startswith("id:") and ended_at:
                                self.gaps_seconds.append(time.monotonic() - ended_at)
                                ended_at = 0.0
                            retry_ms = int(line[6:]) if line.startswith("retry:") else retry_ms
                            self.closings += line == "event: closing"
                            self.heard.append(line)
                except httpx.TransportError:
                    retry_ms = 50
                ended_at, door = ended_at or time.monotonic(), (door + 1) % len(self._addresses)


async def test_a_rolling_restart_drops_no_order_and_no_stream_for_longer_than_a_reconnect(
    database: str, folder: Path
) -> None:
    """
    Each of two web processes is ended and started again while a shop posts to both.

    Every order that was accepted is there once and whole; the open page is told to come back, and has the present
    state again within a second; both processes end cleanly.
    """
    link, secret = await begun(database, folder)
    with running(Fleet(folder, dsn=database)) as fleet:
        async with httpx.AsyncClient(base_url=fleet.addresses[0]) as browser:
            assert 303 == (await browser.get(link)).status_code
            phone = Phone(fleet.addresses, browser.cookies)
        shop = Shop(fleet.addresses, secret, seed=1, tills=3)
        async with phone.streaming(), shop.trading():
            await phone.heard_of("id:")
            ends = []
            for name in fleet.web:
                ends.append(await asyncio.to_thread(fleet.end, name))
                await shop.accepted_again()
                fleet.start(name)
                await asyncio.to_thread(fleet.await_ready, name)
        verdict = await judged(database, shop)

    assert [0, 0] == ends
    assert verdict.sound, verdict
    assert len(verdict.accepted) > 20
    assert phone.closings >= 1
    assert max(phone.gaps_seconds[1:]) <= RECONNECT_SECONDS
    assert shop.longest_silence_seconds <= RECONNECT_SECONDS


async def test_one_order_is_seen_on_a_phone_at_each_web_process(database: str, folder: Path) -> None:
    """
    An order that one process takes changes the open pages of both, and both ask the one worker for reasons.

    The worker is ready and measures its pulse at a port of its own.
    """
    link, secret = await begun(database, folder)
    door, token = f"http://127.0.0.1:{(port := free_port())}", "a token of the tests"
    with running(Fleet(folder, dsn=database, WORKER_PORT=str(port), METRICS_TOKEN=token)) as fleet:
        async with httpx.AsyncClient(base_url=fleet.addresses[0], timeout=10) as browser:
            await browser.get(link)
            phones = [Phone([address], browser.cookies) for address in fleet.addresses]
            async with phones[0].streaming(), phones[1].streaming():
                for phone in phones:
                    await phone.heard_of("id:")
                shop = Shop(fleet.addresses[:1], secret, seed=2, tills=1)
                async with shop.trading():
                    await shop.accepted_again()
                own = f"{shop.of['TOP'] / 100:,.2f}".rstrip("0").rstrip(".")
                for phone in phones:
                    await phone.heard_of(f"<b data-n>{own}</b>")
            reasons = [
                (await browser.get(f"{address}/explain/pv", headers={"accept": "text/html"})).status_code
                for address in fleet.addresses
            ]
            ready = (await browser.get(f"{door}/health/ready")).status_code
            figures = (await browser.get(f"{door}/metrics", headers={"authorization": f"Bearer {token}"})).text
            pages = (await browser.get(f"{door}/today")).status_code
    assert [200, 200] == reasons
    assert (200, 404) == (ready, pages)
    assert figure(figures, "handrail_pulse_seconds_count") >= 2
    assert 0 == figure(figures, "handrail_pulse_lag_seconds")


async def test_killed_under_load_nothing_accepted_is_lost_doubled_or_half() -> None:
    """A short course of `scripts/kills`: a web process, a worker and the database are each killed once."""
    found = await course(kills=3, seed=4)
    assert {"server", "worker", "database"} == set(found.killed)
    assert found.sound, found


async def test_what_the_database_does_not_have_is_found_lost(database: str, folder: Path) -> None:
    """The judge finds an order that was promised and is not there, one that nobody sent, and one of other volume."""
    _, secret = await begun(database, folder)
    with running(Fleet(folder, dsn=database, web=1, workers=0)) as fleet:
        shop = Shop(fleet.addresses, secret, seed=3, tills=1)
        async with shop.trading():
            await shop.accepted_again()
    first, *_ = shop.accepted
    shop.accepted["never"] = 5
    shop.accepted[first] += 1
    shop.sent.remove(first)
    verdict = await judged(database, shop)

    assert (["never"], [first], [first]) == (verdict.lost, verdict.half, verdict.unheard)
    assert not verdict.sound


async def answered(browser: httpx.AsyncClient, path: str) -> httpx.Response:
    """Ask for a page until the worker's answer stands on it."""
    async with asyncio.timeout(60):
        while True:
            page = await browser.get(path)
            if page.status_code == 200 and "retry-after" not in page.headers:
                return page
            await asyncio.sleep(0.1)


async def test_a_web_process_on_another_machine_has_its_reasons_from_afar(database: str, folder: Path) -> None:
    """Two data folders share only the database, a secret and the desk's address: why and what-if are answered."""
    link, _ = await begun(database, folder)
    shared = {"DESK": f"tcp://127.0.0.1:{free_port()}", "HANDRAIL_SECRET": "a secret of the tests, long enough"}
    with (
        short_folder() as other,
        running(Fleet(other, dsn=database, web=0, workers=1, **shared)),
        running(Fleet(folder, dsn=database, web=1, workers=0, **shared)) as here,
    ):
        async with httpx.AsyncClient(base_url=here.addresses[0], timeout=10) as browser:
            await browser.get(link)
            pages = [await answered(browser, path) for path in ("/explain/pv", "/changes")]
        assert not (folder / "desk").exists()
    assert [200, 200] == [page.status_code for page in pages]
