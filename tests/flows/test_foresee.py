"""What would change for a member, asked of the state that the worker holds."""

from collections.abc import AsyncIterator

import pytest

from backend.flows.foresee_breakaway import foresee_breakaway
from backend.flows.foresee_changes import foresee_changes
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.flows.refresh_standing import refresh_standing
from backend.store.database import opened
from tests.flows.companies import NOW, found, order, take


@pytest.fixture
async def memory(database: str) -> AsyncIterator[Memory]:
    """Yield what the worker holds of a company of three before its first pulse; LEG has sold 50 points."""
    async with opened(database):
        await found()
        await take(order("A-1"))
        held = await recall(NOW)
        assert held is not None
        yield held


async def test_nothing_is_foreseen_before_the_first_pulse(memory: Memory) -> None:
    """Before anything was computed there is no state to ask."""
    assert (None, None) == (foresee_breakaway(memory, "TOP", "LEG"), foresee_changes(memory, "TOP"))


async def test_a_leg_s_breakaway_is_foreseen_for_the_member_above(memory: Memory) -> None:
    """TOP sees what LEG's breakaway would change; who is no leg of TOP's is not shown."""
    await refresh_standing(memory, NOW)
    seen = foresee_breakaway(memory, "TOP", "LEG")
    assert seen is not None
    assert ("TOP", "LEG", 5_000) == (seen.member, seen.leg, seen.now.leg_points)
    assert [None] * 3 == [foresee_breakaway(memory, *pair) for pair in (("TOP", "LOW"), ("LEG", "TOP"), ("TOP", "NO"))]


async def test_what_is_missing_is_foreseen(memory: Memory) -> None:
    """LEG has 50 points of 200 for the next step, and 150 of own customers bring it there."""
    await refresh_standing(memory, NOW)
    seen = foresee_changes(memory, "LEG")
    assert seen is not None
    assert seen.next_step is not None
    assert seen.next_step.cheapest is not None
    assert ({"LEG": 15_000}, None) == (seen.next_step.cheapest.sales, foresee_changes(memory, "NO"))
