"""
Desk: the worker's answers over a local socket, asked without loading the engine.

Each question has a connection of its own: a worker that was replaced is found again with the next one, and two
questions never wait for each other.
"""

import asyncio
from pathlib import Path

from backend.flows.ports import EngineAway
from backend.kernel.trace import Trace
from backend.live.wire import Answer, Garbled, Question, is_private, receive, send

PATIENCE_SECONDS = 2.0


class Desk:
    """The engine as web processes know it (`flows.ports.Engine`)."""

    def __init__(self, path: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Know the socket; nothing is opened before the first question."""
        self._path = path
        self._patience_seconds = patience_seconds

    async def explain(self, member: str, number: str = "") -> tuple[Trace, ...]:
        """Return why each number of a member, or one, is what it is; raises EngineAway when nobody answers in time."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                answer = await self._ask(Question(member=member, number=number))
        except (OSError, Garbled) as error:
            raise EngineAway(repr(error)) from error
        if answer is None or answer.traces is None:
            raise EngineAway("the worker has no answer yet")
        return answer.traces

    async def _ask(self, question: Question) -> Answer | None:
        if not is_private(self._path.parent):
            raise PermissionError(f"{self._path.parent} is open to others")
        reader, writer = await asyncio.open_unix_connection(str(self._path))
        try:
            await send(writer, question)
            return await receive(reader, Answer)
        finally:
            writer.close()
