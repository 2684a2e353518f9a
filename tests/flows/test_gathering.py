"""
What is asked meanwhile is answered together, each asker hears its own answer, and nobody waits for ever.
"""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from backend.flows.gathering import Crowded, Gathering


class Counter:
    """Doubles numbers, slowly; keeps the groups that it was asked, and raises for numbers that are odd."""

    def __init__(self) -> None:
        """No group yet, and nothing holds it up."""
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.away = False

    async def double(self, numbers: Sequence[int]) -> list[int | Exception]:
        """Answer a group; an odd number breaks the whole of it, a negative one only its own answer."""
        self.groups.append(list(numbers))
        await self.open.wait()
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionResetError("gone")
        if any(number % 2 for number in numbers):
            raise ValueError("odd")
        return [2 * number if number >= 0 else KeyError(number) for number in numbers]

    def gathered(
        self, *, at_once: int = 100, most: int = 100, seconds: float = 5.0, longest_seconds: float = 5.0
    ) -> Gathering[int, int]:
        """Return what gathers for it."""
        return Gathering(
            self.double, away=(OSError,), at_once=at_once, most=most, seconds=seconds, longest_seconds=longest_seconds
        )


async def asked(ask: Callable[[int], object], *numbers: int) -> list[object]:
    """Ask at once, and return each answer or what was raised."""
    return await asyncio.gather(*(ask(number) for number in numbers), return_exceptions=True)  # type: ignore[call-overload]


async def test_who_comes_meanwhile_shares_the_next_group() -> None:
    """The first goes alone; those who come while it is under way go together, and each hears its own answer."""
    counter = Counter()
    gathered = counter.gathered()
    counter.open.clear()
    first = asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0.01)
    others = asyncio.create_task(asked(gathered.ask, 4, 6, 8))
    await asyncio.sleep(0.01)
    counter.open.set()

    assert [4, 8, 12, 16] == [await first, *await others]
    assert [[2], [4, 6, 8]] == counter.groups


async def test_nobody_hears_before_the_work_is_done() -> None:
    """An answer is never given before its group has ended."""
    counter = Counter()
    gathered = counter.gathered()
    counter.open.clear()
    task = asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0.05)
    waiting = not task.done()
    counter.open.set()

    assert [True, 4] == [waiting, await task]


async def test_only_the_culprit_hears_of_its_mistake() -> None:
    """One that breaks its group fails alone; one that is answered with an exception harms nobody to begin with."""
    counter = Counter()
    answers = await asked(counter.gathered().ask, 2, 3, 4, -2)

    assert [4, 8] == [answers[0], answers[2]]
    assert [ValueError, KeyError] == [type(answers[1]), type(answers[3])]


async def test_groups_and_those_who_wait_are_bounded() -> None:
    """A group is no larger than allowed, one that is larger by itself goes alone, and too many are sent away."""
    counter = Counter()
    gathered = counter.gathered(at_once=4, most=12)
    answers = await asyncio.gather(
        *(gathered.ask(number, size) for number, size in ((2, 2), (4, 2), (6, 8), (8, 1))), return_exceptions=True
    )

    assert [[2, 4], [6]] == counter.groups
    assert [4, 8, 12] == answers[:3]
    assert isinstance(answers[3], Crowded)


async def test_who_is_not_taken_up_in_time_hears_so_and_has_no_effect() -> None:
    """Behind work that hangs one waits so long and no longer; what was answered so is never taken up later."""
    counter = Counter()
    gathered = counter.gathered(seconds=0.05)
    counter.open.clear()
    first = asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0.01)
    with pytest.raises(TimeoutError):
        await gathered.ask(4)
    counter.open.set()

    assert [4, 12] == [await first, await gathered.ask(6)]
    assert [[2], [6]] == counter.groups


async def test_all_who_wait_hear_that_the_database_is_away() -> None:
    """Where the world fails, nobody is asked again alone and nobody keeps waiting; the next one is asked afresh."""
    counter = Counter()
    gathered = counter.gathered(at_once=1)
    counter.away = True
    answers = await asked(gathered.ask, 2, 4, 6)
    counter.away = False

    assert [ConnectionResetError] * 3 == [type(answer) for answer in answers]
    assert [[2]] == counter.groups
    assert 4 == await gathered.ask(2)


async def test_work_that_never_ends_is_given_up() -> None:
    """A connection that says nothing any more holds up its own group, and not those after it."""
    counter = Counter()
    gathered = counter.gathered(longest_seconds=0.05)
    counter.open.clear()
    with pytest.raises(TimeoutError):
        await gathered.ask(2)
    counter.open.set()

    assert 8 == await gathered.ask(4)
