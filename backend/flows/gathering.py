"""
Gathering: what is asked while one answer is under way is answered together by the next.

This is group commit: under load one transaction serves all who came while the last one ended, and a lone message waits
for nobody. Each asker hears its own answer, after the work is done and never before; what waits is bounded in size and
in time, so that nobody hangs on a database that is away.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

LONGEST_SECONDS = 30.0
"""No group is usually worked on for longer: a connection that says nothing any more must not hold up the next."""

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Crowded(TimeoutError):
    """More waits than is kept waiting: ask again later."""


class Gathering(Generic[Asked, Answered]):
    """
    Answers questions in groups, one group after the other, in the order in which they were asked.

    `together` answers a group: an answer or an exception for each, in order. Where it raises one of `away`, all who
    wait hear that; where it raises anything else, each of the group is asked again alone, so that only the culprit
    hears of it. `at_once` and `most` bound the sizes of a group and of all who wait, `seconds` how long one may wait to
    be taken up, and `longest_seconds` the work on a group.
    """

    def __init__(
        self,
        together: Callable[[Sequence[Asked]], Awaitable[Sequence[Answered | Exception]]],
        *,
        away: tuple[type[Exception], ...],
        at_once: int,
        most: int,
        seconds: float,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        """Wait for the first question."""
        self._together = together
        self._away = away
        self._at_once = at_once
        self._most = most
        self._seconds = seconds
        self._longest_seconds = longest_seconds
        self._waiting: deque[_Question[Asked, Answered]] = deque()
        self._size = 0
        self._work: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked, size: int = 1) -> Answered:
        """Return the answer; raises Crowded where too much waits, TimeoutError where it is not taken up in time."""
        if self._size + size > self._most:
            raise Crowded("more waits than can be taken")
        question: _Question[Asked, Answered] = _Question(asked, size)
        self._waiting.append(question)
        self._size += size
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._work_off())
        late = asyncio.get_running_loop().call_later(self._seconds, self._give_up, question)
        try:
            answer: Answered = await question.answer
            return answer
        finally:
            late.cancel()

    async def _work_off(self) -> None:
        while self._waiting:
            group = self._next_group()
            if group:
                await self._answer(group)

    def _next_group(self) -> "list[_Question[Asked, Answered]]":
        """Take up those who wait, as far as one group goes; who has gone away meanwhile is left out."""
        group: list[_Question[Asked, Answered]] = []
        size = 0
        while self._waiting and (not group or size + self._waiting[0].size <= self._at_once):
            question = self._waiting.popleft()
            self._size -= question.size
            if not question.answer.done():
                question.taken_up = True
                group.append(question)
                size += question.size
        return group

    async def _answer(self, group: "list[_Question[Asked, Answered]]") -> None:
        try:
            async with asyncio.timeout(self._longest_seconds):
                answers = await self._together([question.asked for question in group])
        except self._away as error:
            self._fail([*group, *self._all_who_wait()], error)
        except Exception as error:  # noqa: BLE001 - it is raised to who asked
            if len(group) == 1:
                self._fail(group, error)
                return
            for question in group:
                await self._answer([question])
        else:
            for question, answer in zip(group, answers, strict=True):
                question.hear(answer)

    def _all_who_wait(self) -> "list[_Question[Asked, Answered]]":
        waiting = list(self._waiting)
        self._waiting.clear()
        self._size = 0
        return waiting

    def _fail(self, group: "list[_Question[Asked, Answered]]", error: Exception) -> None:
        for question in group:
            question.hear(error)

    def _give_up(self, question: "_Question[Asked, Answered]") -> None:
        """Let who has waited too long hear so; the question is left out when its turn comes."""
        if not question.taken_up:
            question.hear(TimeoutError("nobody took it up in time"))


class _Question(Generic[Asked, Answered]):
    """A question, its size, and the answer to come."""

    __slots__ = ("answer", "asked", "size", "taken_up")

    def __init__(self, asked: Asked, size: int) -> None:
        self.asked = asked
        self.size = size
        self.taken_up = False
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def hear(self, answer: Answered | Exception) -> None:
        """Tell the answer to who asked, unless it has gone away."""
        if self.answer.done():
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)
