"""
The shop's door on a real database: who is let in, what is answered, and that a retry is harmless.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from litestar import Litestar
from tortoise.connection import get_connection

from backend.app import create_app
from backend.embedded.cluster import Cluster
from backend.flows import find_shop
from backend.flows.import_company import import_company
from backend.flows.open_shop import open_shop
from backend.flows.shop_secret import secret_of
from backend.http.intake import MOST_BYTES
from backend.kernel.signature import TOLERANCE_SECONDS, signed
from backend.settings import Settings
from backend.store.database import ORDERS_CHANNEL, POOL, migrate
from tests.databases import short_folder

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
MEMBERS = b"member,sponsor,name,joined\nTOP,,Amara,2025-01-01\nLEG,TOP,Mei,2025-02-01\n"
NO_ORDERS = b"order,kind,member,customer,placed_at,pv,cv,returns\n"
ZONE = ZoneInfo("Europe/Berlin")
MASTER = "a secret of the tests, long enough"
SHOP = "till"
AGO = timedelta(hours=1)


class Door(NamedTuple):
    """The site's intake, and the database behind it."""

    client: httpx.AsyncClient
    dsn: str

    async def post(self, body: bytes, *, shop: str = SHOP, version: int = 1, late_seconds: int = 0) -> httpx.Response:
        """Send a body signed with a shop's key."""
        timestamp = int(time.time()) - late_seconds
        secret = secret_of(MASTER, shop, version)
        headers = signed(body, key=shop, secret=secret, message_id="message", timestamp=timestamp)
        return await self.client.post("/intake/orders", content=body, headers=headers)

    async def ask(self, question: str) -> Any:
        """Return one value from the database."""
        connection = await asyncpg.connect(self.dsn)
        answer = await connection.fetchval(question)
        await connection.close()
        return answer


@pytest.fixture
async def door(database: str, tmp_path: Path) -> AsyncIterator[Door]:
    """Yield the door of a company of two members and one shop."""
    async with opened_door(database, tmp_path) as door:
        yield door


@asynccontextmanager
async def opened_door(dsn: str, folder: Path) -> AsyncIterator[Door]:
    """Import a company of two into a database, and open the site before it to one shop."""
    settings = Settings(data_folder=folder, database_url=dsn, host="127.0.0.1", port=0, secret=MASTER, zone=ZONE)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with living(app), httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        await import_company(
            members_csv=MEMBERS,
            orders_csv=NO_ORDERS,
            plan_source=PLAN.read_text(),
            name="Two",
            zone=ZONE,
            now=datetime.now(UTC),
        )
        await open_shop(SHOP)
        yield Door(client, dsn)


@asynccontextmanager
async def living(app: Litestar) -> AsyncIterator[None]:
    """Keep an app alive in a task of its own: its lifespan has to end in the task in which it began."""
    alive, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            alive.set()
            await over.wait()

    task = asyncio.create_task(live())
    await asyncio.wait([task, waiting := asyncio.create_task(alive.wait())], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield
    finally:
        over.set()
        await task


def an_order(order: str = "s-1", **others: str) -> dict[str, str]:
    """Return an order of an hour ago as a shop writes it; others replace or add fields."""
    placed_at = (datetime.now(UTC) - AGO).replace(microsecond=0)
    return {"order": order, "member": "LEG", "placed_at": placed_at.isoformat(), "pv": "50.00", "cv": "45.00"} | others


def written(*orders: dict[str, str]) -> bytes:
    """Write a message of orders."""
    return json.dumps({"orders": orders}).encode()


async def test_accepted_orders_are_answered_by_name_and_announced(door: Door) -> None:
    """Each order of a message is answered; what was accepted is in the tables and told to the worker once."""
    heard: list[str] = []
    listener = await asyncpg.connect(door.dsn)
    await listener.add_listener(ORDERS_CHANNEL, lambda *said: heard.append(str(said[3])))
    answer = await door.post(written(an_order("s-1"), an_order("s-2", pv="0.01")))
    await listener.fetchval("SELECT 1")
    await listener.close()

    assert 200 == answer.status_code
    assert {
        "results": [{"order": key, "status": "accepted", "findings": [], "lacks": []} for key in ("s-1", "s-2")],
        "accepted": 2,
    } == answer.json()
    assert 50_01 == await door.ask("SELECT sum(pv_points) FROM volume_entry")
    assert 1 == len(heard)


async def test_the_same_message_again_changes_nothing(door: Door) -> None:
    """A shop that heard no answer may send again for ever."""
    body = written(an_order())
    answers = [(await door.post(body)).json() for _ in range(3)]

    assert [1, 0, 0] == [answer["accepted"] for answer in answers]
    assert ["accepted", "repeated", "repeated"] == [answer["results"][0]["status"] for answer in answers]
    assert 1 == await door.ask("SELECT count(*) FROM volume_entry")


async def test_two_hundred_at_once_with_one_key_have_one_effect(door: Door) -> None:
    """However concurrent the retries, one is accepted, the others are recognised, none fails."""
    body = written(an_order())
    answers = await asyncio.gather(*(door.post(body) for _ in range(200)))

    assert {200: 200} == Counter(answer.status_code for answer in answers)
    statuses = Counter(answer.json()["results"][0]["status"] for answer in answers)
    assert {"accepted": 1, "repeated": 199} == statuses
    assert 50_00 == await door.ask("SELECT sum(pv_points) FROM volume_entry")


async def test_a_key_with_another_content_is_refused_by_name(door: Door) -> None:
    """The second content is told apart, and the first one stays."""
    await door.post(written(an_order()))
    answer = (await door.post(written(an_order(pv="51.00")))).json()

    assert ["refused", 0] == [answer["results"][0]["status"], answer["accepted"]]
    assert ["key-reused"] == [finding["code"] for finding in answer["results"][0]["findings"]]
    assert 50_00 == await door.ask("SELECT sum(pv_points) FROM volume_entry")


async def test_a_bad_order_leaves_the_good_ones_alone(door: Door) -> None:
    """The answer names every mistake of the bad one, with place, message and remedy; the good one counts."""
    answer = (await door.post(written(an_order(), an_order("s-2", pv="many", member="")))).json()
    by_order = {result["order"]: result for result in answer["results"]}

    assert {"s-1": "accepted", "s-2": "refused"} == {order: found["status"] for order, found in by_order.items()}
    findings = by_order["s-2"]["findings"]
    assert {"orders[1].pv", "orders[1].member"} == {finding["place"]["path"] for finding in findings}
    assert all({"code", "place", "message", "remedy"} == set(finding) and finding["remedy"] for finding in findings)
    assert 1 == await door.ask("SELECT count(*) FROM sales_order")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"7", b'{"orders": 7}', written(*[an_order()] * 1001)])
async def test_a_message_that_is_none_is_refused_whole(door: Door, body: bytes) -> None:
    """What cannot be read at all, or holds too many, is problem details with findings."""
    answer = await door.post(body)

    assert [422, "application/problem+json"] == [answer.status_code, answer.headers["content-type"]]
    assert answer.json()["findings"][0]["remedy"]


async def test_a_thousand_orders_fit(door: Door) -> None:
    """The most orders that a message may hold are taken at once."""
    answer = await door.post(written(*(an_order(f"s-{number}") for number in range(1000))))
    assert [200, 1000] == [answer.status_code, answer.json()["accepted"]]


async def test_a_megabyte_is_the_most(door: Door) -> None:
    """A message up to the limit is read, one byte more is not."""
    answers = [await door.post(written(an_order()).ljust(length)) for length in (MOST_BYTES, MOST_BYTES + 1)]
    assert [200, 413] == [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    ("shop", "version", "late_seconds"),
    [
        ("nobody", 0, 0),
        ("nobody", 1, 0),
        (SHOP, 2, 0),
        (SHOP, 1, TOLERANCE_SECONDS + 5),
        (SHOP, 1, -TOLERANCE_SECONDS - 5),
    ],
)
async def test_who_cannot_prove_itself_is_not_let_in(door: Door, shop: str, version: int, late_seconds: int) -> None:
    """An unknown shop, another key, an old message and one from the future are 401, and nothing is written."""
    answer = await door.post(written(an_order()), shop=shop, version=version, late_seconds=late_seconds)

    assert [401, "application/problem+json"] == [answer.status_code, answer.headers["content-type"]]
    assert "handrail" not in answer.headers.get("set-cookie", "")
    assert 0 == await door.ask("SELECT count(*) FROM sales_order")


async def test_another_method_is_refused(door: Door) -> None:
    """Orders are posted; asking for them is answered as such, with the headers that every answer bears."""
    answer = await door.client.get("/intake/orders")

    assert [405, "application/problem+json"] == [answer.status_code, answer.headers["content-type"]]
    assert "nosniff" == answer.headers["x-content-type-options"]


async def test_while_every_connection_is_taken_a_shop_is_told_to_come_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the whole pool in use a message hears 503 within the time that it may wait, and is taken afterwards."""
    monkeypatch.setattr(find_shop.SHOPS, "_longest_seconds", 0.3)
    async with AsyncExitStack() as held:
        for _ in range(POOL[1]):
            await held.enter_async_context(get_connection("default").acquire_connection())
        began = time.monotonic()
        away = await asyncio.gather(*(door.post(written(an_order(f"s-{one}"))) for one in range(3)))
        waited = time.monotonic() - began
    back = await door.post(written(an_order("s-1")))

    assert [(503, "5")] * 3 == [(answer.status_code, answer.headers["retry-after"]) for answer in away]
    assert waited < 2
    assert [200, 1] == [back.status_code, back.json()["accepted"]]


async def test_an_unsigned_message_is_not_let_in(door: Door) -> None:
    """Without headers, and with headers of another body, the answer says what to do."""
    body = written(an_order())
    headers = signed(body, key=SHOP, secret=secret_of(MASTER, SHOP, 1), message_id="m", timestamp=int(time.time()))
    unsigned = await door.client.post("/intake/orders", content=body)
    altered = await door.client.post("/intake/orders", content=body + b" ", headers=headers)

    assert [401, 401] == [unsigned.status_code, altered.status_code]
    assert ["sign it", "sign the bytes"] == [
        next(words for words in ("sign it", "sign the bytes") if words in answer.json()["detail"])
        for answer in (unsigned, altered)
    ]


async def test_a_revoked_key_is_not_let_in_and_a_new_one_is(door: Door) -> None:
    """After revoking, a key that was good a moment ago is worthless for good; opening the shop again gives another."""
    good = await door.post(written(an_order("s-0")))
    await door.ask(f"UPDATE shop SET revoked_at = now() WHERE id = '{SHOP}' RETURNING id")
    revoked = await door.post(written(an_order()))
    version = await open_shop(SHOP)
    old, new = [await door.post(written(an_order()), version=each) for each in (1, version)]

    assert [200, 401, 401, 200] == [answer.status_code for answer in (good, revoked, old, new)]
    assert 2 == await door.ask("SELECT count(*) FROM sales_order")


async def test_a_database_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    """While the server is gone the shop hears 503 and when to come back; afterwards the same message is accepted."""
    with short_folder() as folder, Cluster(folder, durable=False) as cluster:
        await migrate(cluster.dsn)
        async with opened_door(cluster.dsn, tmp_path) as door:
            first = await door.post(written(an_order("s-1")))
            await asyncio.to_thread(cluster.stop)
            away = await door.post(written(an_order("s-2")))
            await asyncio.to_thread(cluster.start)
            back = await door.post(written(an_order("s-2")))
            count = await door.ask("SELECT count(*) FROM sales_order")

    assert [200, 503, 200] == [answer.status_code for answer in (first, away, back)]
    assert ["5", 1, 2] == [away.headers["retry-after"], back.json()["accepted"], count]
