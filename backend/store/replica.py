"""
Replica: pages are read from a hot standby, where one is named and has what a page has to show; else from the primary.

What must see its own write, such as a session, and whatever writes, is never asked for here. A follower asks both
servers now and then how far they are, and at once when a revision is announced: from then on a page waits a moment for
the replica to have it, and is read from the primary where that takes longer. A replica that is away, or not of this
database, costs a page nothing but its way to the primary.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import TypeVar

import asyncpg
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from backend.store.away import AWAY
from backend.store.database import REPLICA

PATIENCE_SECONDS = 0.25
"""So long pages wait for a replica that has just fallen behind; most are a few thousandths of a second behind."""

READ_SECONDS = 1.0
"""After so long a page gives a replica up that says nothing."""

ASK_SECONDS = 1.0
"""So often the primary is asked for its revision, were every announcement lost."""

FIRST_WAIT_SECONDS = 0.01

LOST = (*AWAY, asyncpg.PostgresError, BaseORMException)
"""Whatever a replica answers but rows; where the fault is not its own, the primary will answer the same."""

T = TypeVar("T")
Counted = Callable[[str], None]

log = logging.getLogger(__name__)


class State(StrEnum):
    """What pages may expect of the replica."""

    LEVEL = "level"
    BEHIND = "behind"
    AWAY = "away"
    FOREIGN = "foreign"


class Mark(Struct, frozen=True, kw_only=True):
    """Which database of which cluster a server answers for, and the revision of its standings; 0 before the first."""

    database: str
    revision: int


class Replica:
    """What a process knows of its replica: how far it is, and how far it has to be."""

    def __init__(self, counted: Counted) -> None:
        """Begin knowing nothing: pages are read from the primary; `counted` hears where each was read."""
        self.state = State.BEHIND
        self.counted = counted
        self._level = asyncio.Event()
        self._stirred = asyncio.Event()
        self._missed = True
        self._primary: Mark | None = None
        self._awaited = self._heard = self._reached = 0
        self._patient_until = self._asked_at = 0.0

    @property
    def revisions_behind(self) -> int:
        """How many revisions the replica lacks, by what was heard of both."""
        return max(0, self._awaited - self._reached)

    def expect(self, revision: int) -> None:
        """Hear which revision pages have to show from now on; 0 says that announcements may have been missed."""
        self._missed = self._missed or not revision
        self._heard, self._awaited = max(self._heard, revision), max(self._awaited, revision)
        if self._missed or self.revisions_behind:
            self._fall(PATIENCE_SECONDS)

    async def is_level(self) -> bool:
        """Return whether pages may be read here; waits a moment for a replica that has just fallen behind."""
        patience = self._patient_until - asyncio.get_running_loop().time()
        if not self._level.is_set() and patience > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._level.wait(), patience)
        return self._level.is_set()

    def lose(self, error: Exception) -> None:
        """Hear that it did not answer; pages do not wait for it until it has answered the follower."""
        self._become(State.AWAY, error)
        self._fall(0)

    async def follow(self) -> None:
        """Ask both servers how far they are, until cancelled; without a follower no page is read from the replica."""
        wait_seconds = FIRST_WAIT_SECONDS
        try:
            while True:
                await self._ask_primary()
                await self._ask_replica()
                wait_seconds = await self._rest(wait_seconds)
        finally:
            self._fall(0)

    async def _rest(self, wait_seconds: float) -> float:
        """Wait for news where the replica is level, else a little, and ever longer; return how long the next time."""
        if self._level.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), ASK_SECONDS)
            wait_seconds = FIRST_WAIT_SECONDS
        else:
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(2 * wait_seconds, ASK_SECONDS)
        self._stirred.clear()
        return wait_seconds

    async def _ask_primary(self) -> None:
        """Learn what pages have to show; while the primary is away, what was heard last holds."""
        now = asyncio.get_running_loop().time()
        if not self._missed and now - self._asked_at < ASK_SECONDS:
            return
        missed, self._missed, self._heard = self._missed, False, 0
        try:
            self._primary = await within(READ_SECONDS, _mark("default"))
        except LOST:
            self._missed = missed or self._missed
        else:
            self._asked_at, self._awaited = now, max(self._primary.revision, self._heard)

    async def _ask_replica(self) -> None:
        try:
            mark = await within(READ_SECONDS, _mark(REPLICA))
        except LOST as error:
            self.lose(error)
            return
        self._reached = mark.revision
        if self._primary is None or self._missed:
            return
        if mark.database != self._primary.database:
            self._become(State.FOREIGN)
            self._fall(0)
        elif self.revisions_behind:
            self._become(State.BEHIND)
            self._fall(PATIENCE_SECONDS)
        else:
            self._become(State.LEVEL)
            self._level.set()

    def _fall(self, patience_seconds: float) -> None:
        """Send pages to the primary, after some patience where the replica was level until now."""
        if self._level.is_set():
            self._patient_until = asyncio.get_running_loop().time() + patience_seconds
        self._level.clear()
        self._stirred.set()

    def _become(self, state: State, error: Exception | None = None) -> None:
        lost = {State.AWAY, State.FOREIGN}
        if state != self.state and (state in lost or self.state in lost):
            log.warning("replica %s", state, exc_info=error)
        self.state = state


async def read(of: Callable[[BaseDBAsyncClient], Awaitable[T]]) -> T:
    """
    Return what a page needs, read by `of` from the replica or from the primary.

    Where the replica finds nothing, the primary is asked as well: it may be too new. Raises what an absent primary
    raises (`store.away.AWAY`).
    """
    replica = _present[-1] if _present else None
    if replica is not None and await replica.is_level():
        try:
            found = await within(READ_SECONDS, of(get_connection(REPLICA)))
        except LOST as error:
            replica.lose(error)
        else:
            if found:
                replica.counted("replica")
                return found
    if replica is not None:
        replica.counted("primary")
    return await of(get_connection("default"))


@asynccontextmanager
async def following(counted: Counted) -> AsyncIterator[Replica]:
    """Follow the replica that the store was opened with; while the block runs, pages may be read from it."""
    replica = Replica(counted)
    _present.append(replica)
    task = asyncio.create_task(replica.follow())
    try:
        yield replica
    finally:
        _present.remove(replica)
        task.cancel()


def state() -> State | None:
    """Return what pages of this process may expect of their replica; None where there is none."""
    return _present[-1].state if _present else None


async def within(seconds: float, asked: Awaitable[T]) -> T:
    """
    Return an answer; raises TimeoutError where it takes longer.

    It is given up without waiting for its end, which a vanished server would never bring.
    """
    task = asyncio.ensure_future(asked)
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    finally:
        task.cancel()
    if not done:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return task.result()


_present: list[Replica] = []


async def _mark(server: str) -> Mark:
    (row,) = await get_connection(server).execute_query_dict(MARK)
    return Mark(**row)


MARK = """
SELECT current_database() || ' of ' || (SELECT system_identifier FROM pg_control_system()) AS database,
       coalesce((SELECT revision FROM company_standing), 0) AS revision
"""
