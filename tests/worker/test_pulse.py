"""
The pulse refreshes when something has changed, soon after it was announced, and not otherwise.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from backend.flows.set_clock import set_clock
from backend.forecast.change import Changes
from backend.forecast.preview import Preview
from backend.kernel.period import Period
from backend.live.announcements import listening
from backend.live.hub import Hub
from backend.live.wire import Question
from backend.store import views
from backend.store.company import WallClock
from backend.store.database import ORDERS_CHANNEL, STANDINGS_CHANNEL, opened
from backend.store.rolls import Mark
from backend.worker.pulse import HOUR_SECONDS, Ground, Pulse, Seen
from tests.worker.small import found_small, order

SEEN = Seen(
    ground=Ground(plan_digest="a", clock=WallClock(), period=Period(2026, 10)),
    mark=Mark(position=7, data_at=None),
    hour=datetime(2026, 10, 5, 11, tzinfo=UTC),
)


@pytest.fixture
async def store(database: str) -> AsyncIterator[str]:
    """Open an empty store; yield its address."""
    async with opened(database):
        yield database


async def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def gv_points(code: str) -> int:
    """Return the group volume on a member's page."""
    page = await views.member_page(code)
    assert page is not None
    return page.standing.gv_points


async def test_without_a_company_there_is_nothing_to_do(store: str) -> None:
    """A worker that comes before the import waits for it, and has no answers yet."""
    pulse = Pulse()
    await pulse.look()
    assert (0, None) == (pulse.beats, await pulse.explained("LEG"))

    await found_small()
    await pulse.look()
    assert 1 == pulse.beats


async def test_a_look_refreshes_only_what_has_changed(store: str) -> None:
    """The first look computes, the second finds nothing, an order in between is on both pages of its line."""
    await found_small()
    pulse = Pulse()
    beats = []
    for key in ("", "", "s-1"):
        if key:
            await order(key)
        await pulse.look()
        beats.append(pulse.beats)

    assert [1, 1, 2] == beats
    assert [50_00, 50_00, 0] == [await gv_points(code) for code in ("LEG", "TOP", "LONE")]


async def test_numbers_are_explained_from_what_was_computed(store: str) -> None:
    """After a refresh the group volume's trace is the number on the page."""
    await found_small()
    await order("s-1")
    pulse = Pulse()
    await pulse.look()
    traces = await pulse.explained("TOP")

    assert traces is not None
    assert [50_00] == [trace.value for trace in traces if trace.name == "gv"]
    assert () == await pulse.explained("NOBODY")


async def test_what_lies_ahead_is_worked_out_from_what_was_computed(store: str) -> None:
    """
    LEG has 50 points of the 200 that the next step asks for; of who is no leg of TOP nothing is foreseen.
    """
    await found_small()
    await order("s-1")
    pulse = Pulse()
    asked = Question(asked="changes", member="LEG")
    assert await pulse.found(asked) is None
    await pulse.look()
    changes = await pulse.found(asked)
    previews = [await pulse.found(Question(asked="breakaway", member="TOP", of=leg)) for leg in ("LEG", "LONE")]

    assert isinstance(changes, Changes)
    assert changes.next_step is not None
    assert changes.next_step.cheapest is not None
    assert {"LEG": 150_00} == changes.next_step.cheapest.sales
    assert [True, False] == [isinstance(each, Preview) for each in previews]


async def test_an_order_reaches_the_streams_of_its_line_alone(store: str) -> None:
    """From the commit of an order to the hub of a web process: the member and the sponsor hear, a stranger does not."""
    await found_small()
    hub, pulse, lost = Hub(), Pulse(), asyncio.Event()
    ears = {code: hub.subscribe(code) for code in ("LEG", "TOP", "LONE", "")}
    async with (
        listening(store, STANDINGS_CHANNEL, heard=hub.hear, joined=lambda: None),
        listening(store, ORDERS_CHANNEL, heard=lambda _: pulse.stir(), joined=pulse.stir),
    ):
        keeping = asyncio.create_task(pulse.keep(lost))
        await until(lambda: pulse.beats > 0)
        await asyncio.sleep(0.3)
        for ear in ears.values():
            await ear.wait(0.01)
        await order("s-1")
        heard = {code: await ear.wait(2 if code != "LONE" else 0.2) for code, ear in ears.items()}
        lost.set()
        pulse.stir()
        await asyncio.wait_for(keeping, 5)

    assert {"LEG": True, "TOP": True, "LONE": False, "": True} == heard


async def test_orders_that_come_together_are_refreshed_together(store: str) -> None:
    """Thirty orders one after the other cause far fewer refreshes, and none is missed."""
    await found_small()
    pulse, lost = Pulse(), asyncio.Event()
    async with listening(store, ORDERS_CHANNEL, heard=lambda _: pulse.stir(), joined=pulse.stir):
        keeping = asyncio.create_task(pulse.keep(lost))
        await until(lambda: pulse.beats > 0)
        before = pulse.beats
        for number in range(30):
            await order(f"s-{number}", pv_points=1_00)
        async with asyncio.timeout(10):
            while await gv_points("TOP") < 30_00:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        lost.set()
        pulse.stir()
        await asyncio.wait_for(keeping, 5)

    assert 30_00 == await gv_points("TOP")
    assert 1 <= pulse.beats - before <= 15


async def test_an_order_that_was_never_announced_is_found(store: str) -> None:
    """Without any announcement the pulse looks for itself within a second or two."""
    await found_small()
    pulse, lost = Pulse(), asyncio.Event()
    keeping = asyncio.create_task(pulse.keep(lost))
    await until(lambda: pulse.beats == 1)
    await order("s-1")
    await until(lambda: pulse.beats == 2, seconds=3)
    lost.set()
    await asyncio.wait_for(keeping, 5)

    assert 50_00 == await gv_points("TOP")


async def test_another_clock_and_another_month_are_computed_anew(store: str) -> None:
    """When the company's clock is set into another month, the pages show that month."""
    await found_small()
    pulse = Pulse()
    await pulse.look()
    await set_clock(real_at=datetime.now(UTC), company_at=datetime(2027, 3, 5, 12, tzinfo=UTC), speed=60)
    await pulse.look()
    page = await views.member_page("TOP")

    assert page is not None
    assert [2, "2027-03"] == [pulse.beats, page.standing.period]


@pytest.mark.parametrize(
    ("real_seconds", "hours", "position", "due"),
    [
        (3600, 0, 7, False),
        (0, 0, 8, True),
        (HOUR_SECONDS, 1, 7, True),
        (HOUR_SECONDS - 0.1, 1, 7, False),
        (0, 1, 8, True),
    ],
)
def test_hours_wait_and_orders_do_not(real_seconds: float, hours: int, position: int, due: bool) -> None:
    """An order is due at once; a fast clock's hour at most once in so many real seconds; silence never."""
    present = Seen(
        ground=SEEN.ground,
        mark=Mark(position=position, data_at=None),
        hour=SEEN.hour + timedelta(hours=hours),
    )
    assert due == SEEN.is_behind(present, real_seconds=real_seconds)
