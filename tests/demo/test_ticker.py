"""The ticker plays a shop: everything arrives once, in its time, signed, whatever happens to the server."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import msgspec
import pytest

from backend.demo.replay import Placed, Replay
from backend.demo.shop import Answer, Shop, ShopRefused
from backend.demo.ticker import nap_seconds, tick
from backend.files.orders import read_orders
from backend.kernel.period import Period
from backend.kernel.signature import KEY_HEADER, Verdict, verified

ZONE = ZoneInfo("UTC")
SECRET = b"the demo shop's secret, kept here"
OCTOBER = Period(2026, 10)
HEADER = "order,kind,member,customer,placed_at,pv,cv,returns\n"


def replay(rows: str, *, seed: int = 1, until: Period = OCTOBER) -> Replay:
    """Return the replay of these orders."""
    return Replay(read_orders((HEADER + rows).encode(), zone=ZONE), until=until, zone=ZONE, seed=seed)


def many(period: Period, orders: int = 500) -> str:
    """Return rows of orders that are spread over a month."""
    start = period.start(ZONE)
    return "".join(
        f"{period}-{at},,A,,{(start + timedelta(minutes=80 * at)).isoformat()},{at}.50,1,\n" for at in range(orders)
    )


def placed(order: str) -> Placed:
    """Return some order by its number."""
    return Placed(
        order=order,
        kind="order",
        member="A",
        customer=None,
        placed_at=datetime(2026, 10, 5, 14, 22, tzinfo=UTC),
        pv="35.5",
        cv="31.95",
        returns=None,
    )


class Intake(BaseHTTPRequestHandler):
    """Stands for the intake's door: verifies each message as the intake does, and may be told to fail first."""

    protocol_version = "HTTP/1.1"
    failures: list[int] = []
    taken: list[str] = []
    bodies: list[bytes] = []
    ids: list[str] = []

    def do_POST(self) -> None:
        """Answer as told: 0 hangs up without an answer, any other failure is a status."""
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        type(self).ids.append(headers["webhook-id"])
        status = self.failures.pop(0) if self.failures else 200
        if verified(body, headers, secret=SECRET, now=int(time.time())) is not Verdict.GENUINE:
            status = 401
        if status == 0:
            self.close_connection = True
            return
        self._answer(status, body, headers[KEY_HEADER])

    def _answer(self, status: int, body: bytes, key: str) -> None:
        orders = msgspec.json.decode(body)["orders"]
        if status == 200:
            type(self).taken += [order["order"] for order in orders]
            type(self).bodies.append(body)
        results = [{"order": order["order"], "status": "accepted", "findings": [], "key": key} for order in orders]
        text = msgspec.json.encode({"results": results})
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def intake() -> Iterator[tuple[type[Intake], int]]:
    """Serve a fresh intake on a free port."""
    fresh = type("Fresh", (Intake,), {"failures": [], "taken": [], "bodies": [], "ids": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), fresh)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield fresh, server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def shop(port: int, secret: bytes = SECRET) -> Shop:
    """Return the shop at a port."""
    return Shop(host="127.0.0.1", port=port, key="demo", secret=secret)


def test_most_arrive_at_once_and_some_late() -> None:
    """Some four in a hundred orders arrive one to sixty-one hours late, the others in the instant they are placed."""
    late = [one.at - one.placed.placed_at for one in replay(many(OCTOBER)).arrivals(OCTOBER)]
    delays = [delay for delay in late if delay]
    assert 8 <= len(delays) <= 40
    assert timedelta(hours=1) <= min(delays) < max(delays) <= timedelta(hours=61)


def test_what_is_placed_before_and_what_comes_after_is_everything() -> None:
    """What is imported at an instant and what the ticker posts from it on are all orders of the month."""
    instant = datetime(2026, 10, 9, 9, tzinfo=UTC)
    whole = replay(many(OCTOBER) + "N,,A,,2025-11-05,1,1,\n")
    imported = {one.placed.order for one in whole.arrivals(OCTOBER) if one.placed.placed_at < instant}
    posted = takewhile(lambda one: one.at < datetime(2026, 11, 4, tzinfo=UTC), whole.after(instant))
    after = [one.placed.order for one in posted]
    assert imported | set(after) == {f"2026-10-{at}" for at in range(500)}
    assert (len(after), len(imported & set(after)) < 20) == (len(set(after)), True)


def test_arrivals_never_go_back_in_time() -> None:
    """Across the ends of months and into the months dated again, arrivals are in order and no number comes twice."""
    whole = replay("".join(many(OCTOBER.plus(-back)) for back in range(12)))
    found = list(islice(whole.after(datetime(2026, 10, 20, tzinfo=UTC)), 1500))
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert len({one.placed.order for one in found}) == 1500
    assert found[-1].at > datetime(2026, 12, 31, tzinfo=UTC)


def test_a_company_without_orders_brings_nothing() -> None:
    """Where nobody ever bought there is nothing to wait for."""
    assert list(replay("").after(datetime(2026, 10, 9, tzinfo=UTC))) == []


def test_a_month_of_the_year_before_comes_again() -> None:
    """November 2025 comes as November 2026 and again in 2027, under other numbers, returns with their orders."""
    rows = "D-1,,A,K,2025-11-05T10:00:00Z,10,9,\nD-2,return,A,,2025-12-05T10:00:00Z,10,9,D-1\n"
    whole = replay(rows)
    months = [Period(2025, 11), Period(2026, 11), Period(2027, 12)]
    found = [(one.placed.order, one.placed.returns, str(one.placed.placed_at.date())) for month in months
             for one in whole.arrivals(month)]  # fmt: skip
    assert found == [("D-1", None, "2025-11-05"), ("D-1-1", None, "2026-11-05"), ("D-2-2", "D-1-2", "2027-12-05")]


def test_a_leap_day_comes_again_on_the_28th() -> None:
    """What was placed on 29 February 2028 comes on 28 February 2029."""
    whole = replay("D-1,,A,,2028-02-29T10:00:00Z,1,1,\n", until=Period(2028, 2))
    assert [one.placed.placed_at.day for one in whole.arrivals(Period(2029, 2))] == [28]


def test_a_return_never_arrives_before_its_order() -> None:
    """Where an order is late, its return waits for it, for every seed tried."""
    rows = "D-1,,A,,2026-10-05T10:00:00Z,1,1,\nD-2,return,A,,2026-10-05T11:00:00Z,1,1,D-1\n"
    found = [[one.at for one in replay(rows, seed=seed).arrivals(OCTOBER)] for seed in range(300)]
    numbers = [[one.placed.order for one in replay(rows, seed=seed).arrivals(OCTOBER)] for seed in range(300)]
    assert any(first > datetime(2026, 10, 5, 11, tzinfo=UTC) for first, _ in found)
    assert numbers == [["D-1", "D-2"]] * 300


async def test_an_order_is_posted_as_the_intake_reads_it(intake: tuple[type[Intake], int]) -> None:
    """The body is the contract's: points as text, the instant with its offset, null for what there is not."""
    door, port = intake
    answers = await shop(port).post([placed("D-1001")])
    assert answers == [Answer(order="D-1001", status="accepted")]
    assert msgspec.json.decode(door.bodies[0]) == {
        "orders": [
            {
                "order": "D-1001",
                "kind": "order",
                "member": "A",
                "customer": None,
                "placed_at": "2026-10-05T14:22:00Z",
                "pv": "35.5",
                "cv": "31.95",
                "returns": None,
            }
        ]
    }


async def test_a_silent_and_a_failing_server_are_tried_again(intake: tuple[type[Intake], int]) -> None:
    """A hang-up, a 503 and a 429 are answered with the same message under the same id, until it is taken, once."""
    door, port = intake
    door.failures += [0, 503, 429]
    await shop(port).post([placed("D-1")])
    assert (door.taken, len(door.ids), len(set(door.ids))) == (["D-1"], 4, 1)


async def test_a_wrong_secret_ends_the_shop(intake: tuple[type[Intake], int]) -> None:
    """A message that will never be taken is not sent for ever."""
    with pytest.raises(ShopRefused, match="401"):
        await shop(intake[1], b"another secret").post([placed("D-1")])


async def test_the_ticker_posts_what_is_due_and_waits_for_the_rest(intake: tuple[type[Intake], int]) -> None:
    """What has arrived by the company's clock is posted in messages of at most a hundred; the rest waits."""
    door, port = intake
    start = datetime(2026, 10, 1, tzinfo=UTC)
    clock = [start + timedelta(days=10)]
    told: list[Answer] = []
    whole = replay(many(OCTOBER))
    ticking = asyncio.create_task(
        tick(whole, shop(port), since=start, now=lambda: clock[0], speed=1e9, told=told.extend)
    )
    due = [one.placed.order for one in islice(whole.after(start), 500) if one.at <= clock[0]]
    await until(lambda: len(told) == len(due))
    at_first = list(door.taken)
    clock[0] += timedelta(days=40)
    await until(lambda: len(told) == 500)
    ticking.cancel()
    assert at_first == due
    assert sorted(door.taken) == sorted(f"2026-10-{at}" for at in range(500))
    assert max(len(msgspec.json.decode(body)["orders"]) for body in door.bodies) == 100


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, ten seconds at most."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to hold")


@pytest.mark.parametrize(
    ("ahead", "speed", "nap"),
    [(timedelta(hours=1), 1800, 1.0), (timedelta(minutes=6), 1800, 0.2), (timedelta(minutes=-6), 1800, 0.0)],
)
def test_the_nap_follows_the_clock(ahead: timedelta, speed: float, nap: float) -> None:
    """The ticker sleeps until the next arrival at the clock's speed, and a second at most."""
    assert nap_seconds(ahead, speed) == pytest.approx(nap)
