"""
What the machine that runs the product asks: is it alive, is it ready, and what does it count.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest
from msgspec import structs
from tortoise.connection import get_connection

from backend.app import create_app
from backend.embedded.cluster import Cluster
from backend.settings import read_settings
from backend.store.database import POOL, migrate
from tests.databases import short_folder
from tests.http.test_intake import Door, an_order, living, opened_door, written

TOKEN = "a token of the tests"


@pytest.fixture
async def door(database: str, tmp_path: Path) -> AsyncIterator[Door]:
    """Yield the door of a company of two."""
    async with opened_door(database, tmp_path) as door:
        yield door


def figure(text: str, name: str) -> float:
    """Return the value of one figure, named with its labels."""
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.rpartition(" ")[-1])


async def test_a_process_is_ready_while_its_database_has_its_tables(door: Door) -> None:
    """Ready with all migrations; 503 with the missing one by name and when to ask again; alive in both."""
    before = await door.client.get("/health/ready")
    await door.ask("DELETE FROM tortoise_migrations WHERE name = '0006_seals' RETURNING name")
    behind = await door.client.get("/health/ready")
    alive = await door.client.get("/health/live")

    assert [(200, "ready\n"), (200, "alive\n")] == [(one.status_code, one.text) for one in (before, alive)]
    assert (503, "2", "no-store") == (
        behind.status_code,
        behind.headers["retry-after"],
        behind.headers["cache-control"],
    )
    assert "The database lacks 0006_seals." == behind.json()["detail"]
    assert ["database-behind"] == [finding["code"] for finding in behind.json()["findings"]]


async def test_while_every_connection_is_taken_a_person_reads_that_it_will_pass(door: Door) -> None:
    """With the whole pool in use a page is answered 503 within two seconds, in words; afterwards as ever."""
    signed_in = {"cookie": "handrail=somebody", "accept": "text/html"}
    async with AsyncExitStack() as held:
        for _ in range(POOL[1]):
            await held.enter_async_context(get_connection("default").acquire_connection())
        began = time.monotonic()
        pages = await asyncio.gather(*(door.client.get("/today", headers=signed_in) for _ in range(POOL[1])))
        waited = time.monotonic() - began
    back = await door.client.get("/today", headers=signed_in)

    assert {(503, "5", "text/html; charset=utf-8")} == {
        (page.status_code, page.headers["retry-after"], page.headers["content-type"]) for page in pages
    }
    assert waited < 2
    assert 401 == back.status_code


async def test_a_process_is_not_ready_while_its_database_is_away_or_silent(tmp_path: Path) -> None:
    """A stopped server is told at once, one that says nothing within about a second; back, it is ready by itself."""
    with short_folder() as folder, Cluster(folder, durable=False) as cluster:
        await migrate(cluster.dsn)
        async with opened_door(cluster.dsn, tmp_path) as door:
            locker = await asyncpg.connect(cluster.dsn)
            async with locker.transaction():
                await locker.execute("LOCK TABLE tortoise_migrations IN ACCESS EXCLUSIVE MODE")
                async with asyncio.timeout(1.5):
                    silent = await door.client.get("/health/ready")
            await locker.close()
            await asyncio.to_thread(cluster.stop)
            away = await door.client.get("/health/ready")
            await asyncio.to_thread(cluster.start)
            back = await door.client.get("/health/ready")

    assert [503, 503, 200] == [one.status_code for one in (silent, away, back)]
    assert ["database-silent", "database-away"] == [one.json()["findings"][0]["code"] for one in (silent, away)]


async def test_a_process_that_is_ending_is_not_ready(door: Door) -> None:
    """Whoever sends it requests is told to send them elsewhere before it goes."""
    transport = door.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    transport.app.state.hub.stop()  # type: ignore[attr-defined]
    answer = await door.client.get("/health/ready")
    assert (503, "this process is ending") == (answer.status_code, answer.json()["detail"])


async def test_the_figures_are_for_whoever_bears_the_token(database: str, tmp_path: Path) -> None:
    """Without a token in the settings there are none; with it, a false one and no one are 401."""
    environment = {"HANDRAIL_DATA": str(tmp_path), "DATABASE_URL": database}
    without = create_app(read_settings(environment))
    with_one = create_app(structs.replace(read_settings(environment), metrics_token=TOKEN))
    statuses = []
    for app, headers in (
        (without, {"authorization": f"Bearer {TOKEN}"}),
        (with_one, {}),
        (with_one, {"authorization": "Bearer a token of others"}),
        (with_one, {"authorization": f"Bearer {TOKEN}"}),
    ):
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with living(app), httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            statuses.append((await client.get("/metrics", headers=headers)).status_code)
    assert [404, 401, 401, 200] == statuses


async def test_the_figures_say_what_happened_and_of_whom_nothing(door: Door) -> None:
    """Orders by what became of them, answers by route and status, the lag of the standings, and no person's code."""
    transport = door.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    state = transport.app.state  # type: ignore[attr-defined]
    state.settings = structs.replace(state.settings, metrics_token=TOKEN)
    body = written(an_order("CANARY-7"))
    for _ in range(2):
        await door.post(body)
    await door.client.get("/sign-in/CANARY-TOKEN")
    await door.client.get("/CANARY-PATH")
    text = (await door.client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})).text

    assert 1 == figure(text, 'handrail_orders_total{status="accepted"}')
    assert 1 == figure(text, 'handrail_orders_total{status="repeated"}')
    assert 2 == figure(text, 'handrail_requests_total{method="POST",route="/intake/orders",status="200"}')
    assert 1 == figure(text, 'handrail_requests_total{method="GET",route="none",status="404"}')
    assert 2 == figure(text, 'handrail_request_seconds_count{route="/intake/orders"}')
    assert 1 == figure(text, "handrail_database_up")
    assert 0 < figure(text, "handrail_pulse_lag_seconds") < 60
    assert 10 == figure(text, 'handrail_database_connections{state="most"}')
    assert 0 == figure(text, "handrail_streams_open")
    assert "CANARY" not in text
