"""
Desk: the worker's answers over a local socket, or from another machine, asked without loading the engine.

Each question has a connection of its own: a worker that was replaced is found again with the next one, and two
questions never wait for each other.
"""

import asyncio
from pathlib import Path
from typing import TypeVar

import msgspec

from backend.flows.ports import EngineAway
from backend.forecast.change import Changes
from backend.forecast.preview import Preview
from backend.kernel.trace import Trace
from backend.live.seal import Far, ask
from backend.live.wire import NOTHING, Answer, Garbled, Question, is_private, receive, send

PATIENCE_SECONDS = 2.0

FORESIGHT_SECONDS = 10.0
"""What has not happened takes a run of the engine for each case that is tried."""

T = TypeVar("T")


class Desk:
    """The engine as web processes know it (`flows.ports.Engine`)."""

    def __init__(self, where: Path | Far, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Know the socket or the address; nothing is opened before the first question."""
        self._where = where
        self._patience_seconds = patience_seconds
        self._foresight_seconds = max(patience_seconds, FORESIGHT_SECONDS)

    async def explain(self, member: str, number: str = "") -> tuple[Trace, ...]:
        """Return why each number of a member, or one, is what it is; raises EngineAway when nobody answers in time."""
        question = Question(asked="explain", member=member, of=number)
        return await self._found(question, tuple[Trace, ...], within=self._patience_seconds)

    async def changes(self, member: str) -> Changes:
        """Return what is missing for a member's steps, titles and legs; raises EngineAway likewise."""
        question = Question(asked="changes", member=member)
        return await self._found(question, Changes, within=self._foresight_seconds)

    async def breakaway(self, member: str, leg: str) -> Preview:
        """Return the before and after of a leg's breakaway; raises EngineAway likewise, and where there is none."""
        question = Question(asked="breakaway", member=member, of=leg)
        return await self._found(question, Preview, within=self._foresight_seconds)

    async def _found(self, question: Question, kind: type[T], *, within: float) -> T:
        try:
            async with asyncio.timeout(within):
                answer = await self._ask(question)
            if answer is None or bytes(answer.found) == NOTHING:
                raise EngineAway("the worker has no answer yet")
            return msgspec.json.decode(answer.found, type=kind)
        except (OSError, Garbled, msgspec.MsgspecError) as error:
            raise EngineAway(repr(error)) from error

    async def _ask(self, question: Question) -> Answer | None:
        if isinstance(self._where, Far):
            return await ask(self._where, question)
        if not is_private(self._where.parent):
            raise PermissionError(f"{self._where.parent} is open to others")
        reader, writer = await asyncio.open_unix_connection(str(self._where))
        try:
            await send(writer, question)
            return await receive(reader, Answer)
        finally:
            writer.close()
