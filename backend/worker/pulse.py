"""
Pulse: the worker's own pace. Orders that come within a few hundredths of a second after a refresh are one refresh.

Announcements may be lost and time changes numbers without any order, so the pulse also looks for itself each second:
at how far the log of entries reaches, at the plan, and at the company's clock.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from msgspec import Struct

from backend.flows.explain_numbers import explain_numbers
from backend.flows.foresee_breakaway import foresee_breakaway
from backend.flows.foresee_changes import foresee_changes
from backend.flows.memory import Memory
from backend.flows.recall import recall
from backend.flows.refresh_standing import Refreshed, refresh_standing
from backend.kernel.period import Period
from backend.kernel.trace import Trace
from backend.live.wire import Question
from backend.metrics.figures import Figures
from backend.store.company import CompanyRow, FastClock, WallClock, company
from backend.store.rolls import Mark, mark

PULSE_SECONDS = 0.05
"""What is announced within so short a time is refreshed together."""

LOOK_SECONDS = 1.0
HOUR_SECONDS = 2.0
"""Where the company's clock is fast, its hours alone cause no more than one refresh in so many real seconds."""

SLOW_MS = 1000
"""A refresh that took so long is told of."""

log = structlog.get_logger()


class Ground(Struct, frozen=True, kw_only=True):
    """What a memory stands on: with another plan, clock or period it is recalled whole."""

    plan_digest: str
    clock: WallClock | FastClock
    period: Period


class Seen(Struct, frozen=True, kw_only=True):
    """What a refresh knew: the ground, the log of entries, and the company's hour."""

    ground: Ground
    mark: Mark
    hour: datetime

    def is_behind(self, present: "Seen", *, real_seconds: float) -> bool:
        """Return whether a refresh is due, when the last one was so many real seconds ago."""
        if (self.ground, self.mark) != (present.ground, present.mark):
            return True
        return self.hour != present.hour and real_seconds >= HOUR_SECONDS


class Pulse:
    """Keeps the standings fresh for one tenure; `beats` counts how often they were."""

    def __init__(self, figures: Figures | None = None) -> None:
        """Begin without a memory; what is measured goes into the figures."""
        self._figures = figures or Figures()
        self.beats = 0
        self._memory: Memory | None = None
        self._stirred = asyncio.Event()
        self._foresight = asyncio.Lock()
        self._seen: Seen | None = None
        self._refreshed_at = 0.0

    def stir(self) -> None:
        """Say that orders were accepted, or that some may have been."""
        self._stirred.set()

    async def keep(self, lost: asyncio.Event) -> None:
        """Refresh whenever it is due until the post is lost; raises whatever a refresh raises."""
        while not lost.is_set():
            await self.look()
            await self._rest()

    async def look(self) -> None:
        """Refresh if anything has changed since the last time; without a company there is nothing to do."""
        row = await company()
        if row is None:
            return
        now = row.clock.now()
        present = await _present(row, now)
        elapsed = time.monotonic() - self._refreshed_at
        if self._seen is None or self._seen.is_behind(present, real_seconds=elapsed):
            await self._refresh(present, now)

    async def explained(self, member_code: str, number: str = "") -> tuple[Trace, ...] | None:
        """Return why a member's numbers, or one, are what they are; None while nothing was computed."""
        return explain_numbers(self._memory, member_code, number) if self._memory else None

    async def found(self, question: Question) -> object:
        """Return what a question is answered by, from the state computed last; None where that says nothing of it."""
        memory = self._memory
        if memory is None:
            return None
        match question.asked:
            case "explain":
                return await self.explained(question.member, question.of)
            case "changes":
                return await self._foreseen(foresee_changes, memory, question.member)
            case "breakaway":
                return await self._foreseen(foresee_breakaway, memory, question.member, question.of)

    async def _foreseen(self, foresee: Callable[..., object], *words: object) -> object:
        """Work out what has not happened in a thread, one question at a time, so that refreshes go on beside it."""
        async with self._foresight:
            return await asyncio.to_thread(foresee, *words)

    async def _refresh(self, present: Seen, now: datetime) -> None:
        began = time.monotonic()
        memory = self._memory
        if memory is None or self._seen is None or self._seen.ground != present.ground:
            memory = await recall(now)
        assert memory is not None, "the company was there a moment ago, and is never removed"
        refreshed = await refresh_standing(memory, now)
        self._memory, self._seen, self._refreshed_at = memory, present, time.monotonic()
        self.beats += 1
        self._figures.refreshed(self._refreshed_at - began)
        self._tell(refreshed, round(1000 * (self._refreshed_at - began)))

    def _tell(self, refreshed: Refreshed, milliseconds: int) -> None:
        """Log the first refresh of a tenure, and slow ones; a pulse that says each beat hides what matters."""
        if self.beats == 1 or milliseconds >= SLOW_MS:
            log.info(
                "refreshed", revision=refreshed.revision, changed=len(refreshed.changed), milliseconds=milliseconds
            )

    async def _rest(self) -> None:
        """
        Wait for an announcement, or until it is time to look.

        After a quiet time the first order is refreshed at once; what follows on its heels waits and comes together.
        """
        try:
            await asyncio.wait_for(self._stirred.wait(), LOOK_SECONDS)
        except TimeoutError:
            return
        await asyncio.sleep(max(0.0, self._refreshed_at + PULSE_SECONDS - time.monotonic()))
        self._stirred.clear()


async def _present(row: CompanyRow, now: datetime) -> Seen:
    ground = Ground(plan_digest=row.plan_digest, clock=row.clock, period=row.period_at(now))
    return Seen(ground=ground, mark=await mark(), hour=now.replace(minute=0, second=0, microsecond=0))
