"""
Pages are read from a hot standby; they are right where it is behind, and answered where it is gone.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from backend.embedded.cluster import Cluster
from backend.kernel.signature import signed
from backend.store.database import migrate
from tests.databases import short_folder
from tests.fleet import Fleet, running
from tests.http.test_health import figure
from tests.serving.test_fleet import Phone, begun
from tests.shopping import SHOP
from tests.standby import Standby, standing_by

TOKEN = "a token of the tests"
SECONDS = 60
LEVEL, BEHIND = "handrail_replica_level", "handrail_replica_revisions_behind"
FROM_REPLICA, FROM_PRIMARY = (f'handrail_page_reads_total{{server="{name}"}}' for name in ("replica", "primary"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


class Visit:
    """A member with an open page at one web process, who buys ten points at a time."""

    def __init__(self, client: httpx.AsyncClient, address: str, secret: bytes) -> None:
        """Know the door and the shop's key; nothing was bought yet."""
        self.phone = Phone([address], client.cookies)
        self.shown = True
        self._client, self._secret, self._bought = client, secret, 0

    async def buy(self) -> None:
        """Post an order, wait until the open page shows it, and look whether a page that is asked for does too."""
        self._bought += 1
        now = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"order": f"V-{self._bought}", "member": "TOP", "placed_at": now, "pv": "10.00", "cv": "10.00"}
        body, stamp = json.dumps(said).encode(), int(time.time())
        headers = signed(body, key=SHOP, secret=self._secret, message_id=f"V-{self._bought}", timestamp=stamp)
        answer = await self._client.post("/intake/orders", content=body, headers=headers)
        assert "accepted" == answer.json()["results"][0]["status"], answer.text
        await self.phone.heard_of(self._own)
        await self.look()

    async def look(self) -> None:
        """Ask for the page; it has to show all that the open page has shown."""
        page = await self._client.get("/today")
        self.shown = self.shown and (200, True) == (page.status_code, self._own in page.text)

    async def is_there(self) -> bool:
        """Return whether the page has numbers yet."""
        return (await self._client.get("/today")).status_code == 200

    async def figure(self, name: str) -> float:
        """Return a figure of the web process, 0 where it was never counted."""
        text = (await self._client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text
        return figure(text, name) if f"{name} " in text else 0

    async def ready(self) -> tuple[int, str]:
        """Return what the web process says of itself."""
        answer = await self._client.get("/health/ready")
        return answer.status_code, answer.text

    @property
    def _own(self) -> str:
        return f"<b data-n>{self._bought * 10}</b>"


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SECONDS):
        while not await true():  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.05)


async def _story(visit: Visit, standby: Standby) -> dict[str, object]:
    """Buy while the standby follows, while its replay is paused, after it has caught up, and while it is gone."""

    async def is_level() -> bool:
        return await visit.figure(LEVEL) == 1

    async def is_away() -> bool:
        return "cannot be reached" in (await visit.ready())[1]

    seen: dict[str, object] = {}
    await until(is_level)
    await visit.buy()
    await until(is_level)
    before = await visit.figure(FROM_REPLICA)
    await visit.look()
    seen["read from the replica"] = await visit.figure(FROM_REPLICA) > before

    await standby.pause()
    await visit.buy()
    seen["behind"] = (await visit.figure(BEHIND) >= 1, await visit.ready())
    await standby.resume()
    await until(is_level)
    await visit.look()

    standby.end()
    await visit.look()
    await visit.buy()
    await until(is_away)
    seen["away"] = (await visit.figure(LEVEL), await visit.ready(), await visit.figure(FROM_PRIMARY) > 0)
    standby.start()
    await until(is_level)
    await visit.buy()
    seen["back"] = await visit.ready()
    return seen


async def test_pages_come_from_a_standby_and_are_right_where_it_is_paused_or_gone(folder: Path) -> None:
    """
    An order shows on the open page and on one that is asked for, whatever the standby does.

    It follows, then its replay is paused, then it is ended and started again. Figures and readiness say which it is,
    the process stays ready, and no log has a mistake in it.
    """
    with Cluster(folder / "database", durable=False) as cluster:
        await migrate(cluster.dsn)
        link, secret = await begun(cluster.dsn, folder)
        with standing_by(cluster, folder / "standby") as standby:
            fleet = Fleet(folder, dsn=cluster.dsn, web=1, DATABASE_READ_URL=standby.dsn, METRICS_TOKEN=TOKEN)
            with running(fleet):
                async with httpx.AsyncClient(base_url=fleet.addresses[0], timeout=10) as client:
                    await client.get(link)
                    visit = Visit(client, fleet.addresses[0], secret)
                    await until(visit.is_there)
                    async with visit.phone.streaming():
                        await visit.phone.heard_of("id:")
                        seen = await _story(visit, standby)
    levels = {json.loads(line)["level"] for line in (folder / "web-1.log").read_text().splitlines() if line[0] == "{"}

    replaced = "; pages are read from the primary."
    assert {
        "read from the replica": True,
        "behind": (True, (200, f"ready\nThe replica is behind{replaced}\n")),
        "away": (0, (200, f"ready\nThe replica cannot be reached{replaced}\n"), True),
        "back": (200, "ready\n"),
    } == seen
    assert visit.shown
    assert levels <= {"info", "warning"}
