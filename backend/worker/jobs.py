"""
Jobs: what the product does later or nightly, tried again with growing waits, and held with its error after the last.

Every worker takes jobs, whoever holds the post; no two take the same. A job whose worker was killed is taken again, so
each may run twice and has one effect: a period closes once, and what was purged is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import asyncpg
import structlog
from msgspec import Struct
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.models import Job, Schedule

from backend.flows.close_period import close_period
from backend.flows.keep_projections import keep_projections
from backend.flows.purge_access import purge_access
from backend.kernel.period import Period
from backend.store.jobs import add_job

CLOSE, KEEP, PURGE = "close-period", "keep-projections", "purge-access"
NIGHTLY = {KEEP: "7 0 * * *", PURGE: "17 3 * * *"}
"""When nightly jobs are added, in UTC."""

CONNECTIONS = (1, 3)
HEARTBEAT = timedelta(seconds=30)
AGAIN_SECONDS = 2.0

log = structlog.get_logger()


class Pace(Struct, frozen=True, kw_only=True):
    """How often a failing job is tried again, and how long the waits are: each twice the one before."""

    retries: int = 6
    first_wait: timedelta = timedelta(seconds=10)
    longest_wait: timedelta = timedelta(hours=1)
    look: timedelta = timedelta(seconds=5)
    """How often the queue is looked at where nobody announced anything."""


async def run_jobs(dsn: str, pace: Pace) -> None:
    """Do jobs until cancelled; `dsn` leads past a pooler. A queue that breaks is begun again."""
    while True:
        try:
            async with asyncpg.create_pool(dsn, min_size=CONNECTIONS[0], max_size=CONNECTIONS[1]) as pool:
                await _run(pool, pace)
        except Exception:
            log.exception("jobs-broken")
        await asyncio.sleep(AGAIN_SECONDS)


async def _run(pool: "asyncpg.Pool[asyncpg.Record]", pace: Pace) -> None:
    queue = PgQueuer(AsyncpgPoolDriver(pool))
    for name, do in DOING.items():
        queue.entrypoint(name, on_failure="hold", executor_factory=partial(_trying, pace))(_told(name, do))
    for name, when in NIGHTLY.items():
        queue.schedule(name, when)(partial(_add, name))
    await queue.run(dequeue_timeout=pace.look, heartbeat_timeout=HEARTBEAT)


def _trying(pace: Pace, parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
    return DatabaseRetryEntrypointExecutor(
        parameters, max_attempts=pace.retries, initial_delay=pace.first_wait, max_delay=pace.longest_wait
    )


def _told(name: str, do: Callable[[str], Awaitable[object]]) -> Callable[[Job], Awaitable[None]]:
    """Return a job's doing that is told of in the log: its name and number, never what it is about."""

    async def told(job: Job) -> None:
        try:
            await do((job.payload or b"").decode())
        except Exception as error:
            log.warning("job-failed", job=name, number=int(job.id), attempts=job.attempts, error=type(error).__name__)
            raise
        log.info("job-done", job=name, number=int(job.id))

    return told


async def _add(name: str, _: Schedule) -> None:
    await add_job(name)


async def _close(about: str) -> None:
    await close_period(Period.parse(about))


async def _keep(_: str) -> None:
    await keep_projections()


async def _purge(_: str) -> None:
    await purge_access()


DOING: dict[str, Callable[[str], Awaitable[object]]] = {CLOSE: _close, KEEP: _keep, PURGE: _purge}
