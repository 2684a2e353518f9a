"""
Jobs in the tables: what is to be done later, what has failed and is held, as the queue's library keeps them.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.queries import Queries
from tortoise.connection import get_connection

STATES = ("queued", "picked", "failed")
"""Waits for its time, is being done, is held after the last try."""


class Job(Struct, frozen=True, kw_only=True):
    """A job that is not done: what, about what, its state, the tries so far, when it is due, and how it failed last."""

    id: int
    name: str
    about: str
    state: str
    attempts: int
    due_at: datetime
    error: str


async def add_job(name: str, about: str = "", *, at: datetime | None = None) -> bool:
    """Add a job that is due at an instant, or at once; False where the same one waits already."""
    wait = max(timedelta(0), at - datetime.now(UTC)) if at else None
    async with _queries() as queries:
        added = await queries.enqueue(
            name, about.encode(), execute_after=wait, dedupe_key=f"{name} {about}", on_conflict="skip"
        )
    return added != [None]


async def jobs() -> list[Job]:
    """Return the jobs that are not done, the next one first."""
    rows = await get_connection("default").execute_query_dict(JOBS)
    return [Job(**{**row, "error": _message(row["error"])}) for row in rows]


async def retry_jobs(ids: Sequence[int]) -> list[int]:
    """Let held jobs be tried again at once; return those of the numbers that were held."""
    held = [job.id for job in await jobs() if job.state == "failed" and job.id in ids]
    async with _queries() as queries:
        await queries.requeue_jobs(held)  # type: ignore[arg-type]
    return held


async def jobs_by_state() -> dict[tuple[str, str], int]:
    """Return how many jobs there are, by name and state."""
    rows = await get_connection("default").execute_query_dict(COUNTS)
    return {(row["name"], row["state"]): row["count"] for row in rows}


@asynccontextmanager
async def _queries() -> AsyncIterator[Queries]:
    """Yield the library's own statements, on a connection of the store."""
    async with get_connection("default").acquire_connection() as raw:
        yield Queries(AsyncpgDriver(raw))


def _message(kept: Any) -> str:
    """Return the last failure in a line; the traceback stays in the log."""
    found = json.loads(kept) if isinstance(kept, str) else kept
    return f"{found['exception_type']}: {found['exception_message']}" if found else ""


JOBS = """
SELECT job.id, job.entrypoint AS name, convert_from(coalesce(job.payload, ''), 'UTF8') AS about,
       job.status::text AS state, job.attempts, job.execute_after AS due_at,
       (SELECT traceback FROM pgqueuer_log AS log
        WHERE log.job_id = job.id AND traceback IS NOT NULL ORDER BY log.id DESC LIMIT 1) AS error
FROM pgqueuer AS job
ORDER BY job.execute_after, job.id
"""

COUNTS = "SELECT entrypoint AS name, status::text AS state, count(*) AS count FROM pgqueuer GROUP BY 1, 2"
