"""
In whatever order a company's events arrive, doubled and cut anywhere, they end in the same state, with nothing held.
"""

from collections.abc import AsyncIterator, Sequence
from random import Random

import pytest

from backend.flows.take_events import TakenEvents, take_events
from backend.intake.events import Event
from backend.store.database import opened
from tests.flows.companies import NOW, ZONE, found, terms
from tests.histories import History, shaken
from tests.states import state_of

HISTORIES = 40
TOGETHER = 8


@pytest.fixture
async def company(database: str) -> AsyncIterator[None]:
    """Open a company of three members and no order."""
    async with opened(database):
        await found()
        yield


async def take(events: Sequence[Event]) -> TakenEvents:
    """Take events as one message."""
    return await take_events(source="till", events=events, now=NOW, zone=ZONE, terms=terms())


async def test_every_order_of_arrival_ends_in_the_same_state(company: None) -> None:
    """Forty histories, some at a time in one stream, shuffled, doubled and cut: the rows are as in the plain order."""
    for first in range(0, HISTORIES, TOGETHER):
        seeds = range(first, first + TOGETHER)
        for seed in seeds:
            taken = await take(History(seed, f"a{seed:03d}").events)
            assert {"accepted"} == {one.status for one in taken.told}, [one for one in taken.told if one.findings]
        stream = [event for seed in seeds for event in History(seed, f"b{seed:03d}").events]
        for message in shaken(stream, Random(first)):
            assert "refused" not in {one.status for one in (await take(message)).told}
        for seed in seeds:
            assert await state_of(f"a{seed:03d}-") == await state_of(f"b{seed:03d}-"), seed
