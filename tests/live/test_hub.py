"""
The hub wakes the streams of the right topic, whoever waits or not, and lets go of them at once.
"""

import asyncio

import pytest

from backend.live.hub import COMPANY, EVERYBODY, MOST_COMPANY_STREAMS, MOST_STREAMS, Hub, Subscription

SOON = 0.05
LATE = 5.0


async def woken(*subscriptions: Subscription) -> list[bool]:
    """Return of each stream whether it has news."""
    return await asyncio.gather(*(subscription.wait(SOON) for subscription in subscriptions))


async def test_the_right_topic_wakes_alone() -> None:
    """Both streams of the announced member wake; another member's and the company's sleep on."""
    hub = Hub()
    ears = [hub.subscribe(topic) for topic in ("AMARA", "AMARA", "LUIS", COMPANY)]
    hub.hear('{"revision": 7, "members": ["AMARA", "NOBODY"]}')

    assert [True, True, False, False] == await woken(*ears)


async def test_who_waits_wakes_at_once() -> None:
    """A stream in the middle of its wait hears within it, and not at its end."""
    hub = Hub()
    waiting = asyncio.create_task(hub.subscribe("AMARA").wait(LATE))
    await asyncio.sleep(0)
    hub.announce("AMARA")

    assert await asyncio.wait_for(waiting, 1)


async def test_several_announcements_are_one_piece_of_news() -> None:
    """A stream reads the present state once, however often it was announced before."""
    hub = Hub()
    ear = hub.subscribe("AMARA")
    for _ in range(3):
        hub.announce("AMARA")

    assert [[True], [False]] == [await woken(ear), await woken(ear)]


@pytest.mark.parametrize("payload", ['{"revision": 7, "members": ["*"]}', "7", "", '{"members": 1}'])
async def test_everybody_wakes_for_a_star_and_for_what_cannot_be_read(payload: str) -> None:
    """An announcement that nobody can read meant somebody, so all look."""
    hub = Hub()
    ears = [hub.subscribe(topic) for topic in ("AMARA", "LUIS", COMPANY)]
    hub.hear(payload)

    assert [True, True, True] == await woken(*ears)


async def test_a_closed_stream_is_forgotten() -> None:
    """After closing, once or twice, nothing of a stream or its topic is kept."""
    hub = Hub()
    first, second = hub.subscribe("AMARA"), hub.subscribe("AMARA")
    first.close()
    first.close()
    assert 1 == hub.count()

    second.close()
    hub.announce("AMARA")
    assert {} == hub._streams


@pytest.mark.parametrize(("topic", "most"), [("AMARA", MOST_STREAMS), (COMPANY, MOST_COMPANY_STREAMS)])
async def test_one_stream_too_many_ends_the_oldest(topic: str, most: int) -> None:
    """At the limit all stay open; one more ends the oldest alone, in the middle of its wait."""
    hub = Hub()
    ears = [hub.subscribe(topic) for _ in range(most)]
    assert all(ear.open for ear in ears)

    waiting = asyncio.create_task(ears[0].wait(LATE))
    await asyncio.sleep(0)
    ears.append(hub.subscribe(topic))

    assert not await asyncio.wait_for(waiting, 1)
    assert [False, *([True] * most)] == [ear.open for ear in ears]
    assert most == hub.count()


async def test_stopping_ends_every_stream_and_each_that_comes_later() -> None:
    """A stopping server holds up nobody: waits end without news, and none begins."""
    hub = Hub()
    waiting = [asyncio.create_task(hub.subscribe(topic).wait(LATE)) for topic in ("AMARA", COMPANY)]
    await asyncio.sleep(0)
    hub.stop()
    hub.stop()

    assert [False, False] == await asyncio.wait_for(asyncio.gather(*waiting), 1)
    assert [True, False] == [hub.stopping, hub.subscribe("LATE").open]


async def test_a_star_is_everybody() -> None:
    """The star reaches whoever is there."""
    hub = Hub()
    ear = hub.subscribe("AMARA")
    hub.announce(EVERYBODY)

    assert [True] == await woken(ear)
