"""
One command serves the whole product: an order posted over HTTP reaches an open stream, whatever dies in between.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from backend.flows.create_sign_in_link import create_sign_in_link
from backend.flows.open_shop import open_shop
from backend.flows.replace_plan import stored_plan
from backend.flows.shop_secret import secret_of
from backend.kernel.finding import Refused
from backend.kernel.signature import signed
from backend.serving import bound
from backend.settings import read_settings
from backend.store.database import opened
from backend.store.tables import Company
from tests.databases import short_folder
from tests.worker.processes import Started, started
from tests.worker.small import found_small

SHOP = "till"


class Site(NamedTuple):
    """The served product, somebody's browser, and a shop's secret."""

    process: Started
    browser: httpx.AsyncClient
    secret: bytes

    async def order(self, key: str, pv: str) -> int:
        """Post an order of this moment and return the status."""
        placed_at = datetime.now(UTC).isoformat(timespec="seconds")
        body = json.dumps({"order": key, "member": "LEG", "placed_at": placed_at, "pv": pv, "cv": pv}).encode()
        headers = signed(body, key=SHOP, secret=self.secret, message_id=key, timestamp=int(time.time()))
        return (await self.browser.post("/intake/orders", content=body, headers=headers)).status_code


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


@pytest.fixture
async def site(database: str, folder: Path) -> AsyncIterator[Site]:
    """Serve a small company, with its top member signed in and the first numbers there."""
    settings = read_settings({"HANDRAIL_DATA": str(folder), "DATABASE_URL": database})
    async with opened(database):
        await found_small()
        link = await create_sign_in_link(member_code="TOP")
        secret = secret_of(settings.secret, SHOP, await open_shop(SHOP))
    async with started("serve", dsn=database, folder=folder) as process:
        address = (await process.line()).rpartition(" ")[-1]
        await process.event("refreshed")
        async with httpx.AsyncClient(base_url=address, timeout=20) as browser:
            assert 303 == (await browser.get(link)).status_code
            yield Site(process, browser, secret)


async def heard(lines: AsyncIterator[str], words: str) -> str:
    """Read a stream until a line holds some words, and return it."""
    async with asyncio.timeout(60):
        async for line in lines:
            if words in line:
                return line
    raise AssertionError(f"the stream ended before it said {words}")


async def worker_of(process: int) -> int:
    """Return the number of the worker that a server has started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        parent = path.read_text().rpartition(") ")[2].split()[1] if path.exists() else ""
        if parent == str(process) and b"worker" in (path.parent / "cmdline").read_bytes():
            return int(path.parent.name)
    raise AssertionError("no worker runs")


async def test_an_order_reaches_an_open_stream_also_after_the_worker_was_killed(site: Site) -> None:
    """Orders before and after `kill -9` of the worker change the numbers of a stream that stays open."""
    async with site.browser.stream("GET", "/today/stream") as stream:
        lines = stream.aiter_lines()
        await heard(lines, "id:")
        assert 200 == await site.order("s-1", "123.00")
        await heard(lines, "<b data-n>123</b>")

        os.kill(await worker_of(site.process.process.pid), signal.SIGKILL)
        assert 200 == await site.order("s-2", "101.00")
        await heard(lines, "<b data-n>224</b>")


async def test_a_clean_end_ends_streams_first_and_takes_the_worker_along(site: Site, folder: Path) -> None:
    """On SIGTERM an open stream is told to come back soon, and the command ends well within a few seconds."""
    worker = await worker_of(site.process.process.pid)
    async with site.browser.stream("GET", "/today/stream") as stream:
        lines = stream.aiter_lines()
        await heard(lines, "id:")
        site.process.process.terminate()
        await heard(lines, "closing")
        assert "retry: 300" == await heard(lines, "retry")

    assert 0 == await site.process.ended(seconds=10)
    assert not Path(f"/proc/{worker}").exists()


async def test_a_taken_port_is_a_finding() -> None:
    """Whoever names a port that somebody uses reads which, and what to do."""
    with bound("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(Refused, match=f"127.0.0.1:{port}"):
            bound("127.0.0.1", port)


async def test_a_plan_of_an_older_form_is_refused_in_plain_words_and_can_be_replaced(
    database: str, folder: Path
) -> None:
    """
    A kept plan that was written for another Handrail ends serving with its findings and what to do, not a traceback.

    Read back, mended and replaced, it is the company's plan again.
    """
    async with opened(database):
        await found_small()
        sound = await stored_plan()
        older = sound.replace("[[pools]]", "[pool]").replace("[[overrides]]", "[overrides]")
        await Company.filter(id=1).update(plan_source=older, plan_digest="older")
    refused = await said("serve", dsn=database, folder=folder)
    worker = await said("worker", dsn=database, folder=folder)
    stored = await said("plan", "stored", dsn=database, folder=folder)
    mended = folder / "plan.toml"
    mended.write_text(stored.out.replace("[pool]", "[[pools]]").replace("[overrides]", "[[overrides]]"))
    replaced = await said("plan", "replace", str(mended), dsn=database, folder=folder)
    async with opened(database):
        now = await stored_plan()

    for ended in (refused, worker):
        assert (1, False) == (ended.code, "Traceback" in ended.err or "exception" in ended.err)
        assert "handrail plan replace plan.toml" in ended.err
        assert "plan-of-the-company:" in ended.err
    assert (older, 0, sound) == (stored.out, replaced.code, now)


class Said(NamedTuple):
    """What a command that has ended printed, and its exit code."""

    code: int
    out: str
    err: str


async def said(*words: str, dsn: str, folder: Path) -> Said:
    """Run a command to its end."""
    async with started(*words, dsn=dsn, folder=folder) as run:
        out, err = await asyncio.wait_for(run.process.communicate(), 60)
        assert run.process.returncode is not None
        return Said(run.process.returncode, out.decode(), err.decode())
