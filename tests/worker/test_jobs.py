"""
Jobs: done once by whoever comes first, tried again with growing waits, held with their error, and tried again by hand.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from tortoise.connection import get_connection

from backend.flows.create_sign_in_link import create_sign_in_link
from backend.flows.list_periods import list_periods
from backend.flows.set_clock import set_clock
from backend.kernel.period import Period
from backend.store.database import opened
from backend.store.jobs import Job, add_job, jobs, jobs_by_state, retry_jobs
from backend.worker.jobs import Pace, run_jobs
from tests.worker.small import ZONE, found_small

PACE = Pace(retries=2, first_wait=timedelta(seconds=0.2), look=timedelta(seconds=0.1))


@asynccontextmanager
async def working(dsn: str, *, workers: int = 1) -> AsyncIterator[None]:
    """Let workers do jobs at a quick pace."""
    tasks = [asyncio.create_task(run_jobs(dsn, PACE)) for _ in range(workers)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def until(found: Callable[[list[Job]], bool]) -> list[Job]:
    """Wait until the jobs that are not done are so, and return them."""
    async with asyncio.timeout(20):
        while not found(listed := await jobs()):  # noqa: ASYNC110 - the queue goes at its own pace
            await asyncio.sleep(0.05)
    return listed


async def counted(query: str) -> int:
    """Return a number from the tables."""
    (row,) = await get_connection("default").execute_query_dict(query)
    return int(row["count"])


async def test_what_has_expired_is_purged_and_what_has_not_stays(database: str) -> None:
    """Of two sign-in links the one that has expired is gone; the job is done once, however many workers there are."""
    async with opened(database):
        await found_small()
        for _ in range(2):
            await create_sign_in_link(member_code="TOP")
        await get_connection("default").execute_query(
            "UPDATE sign_in_link SET expires_at = now() WHERE token_hash = (SELECT min(token_hash) FROM sign_in_link)"
        )
        assert [True, False] == [await add_job("purge-access"), await add_job("purge-access")]
        async with working(database, workers=2):
            await until(lambda listed: not listed)

        assert 1 == await counted("SELECT count(*) AS count FROM sign_in_link")
        done = "SELECT count(*) AS count FROM pgqueuer_log WHERE status = 'successful'"
        async with asyncio.timeout(5):
            while await counted(done) != 1:  # noqa: ASYNC110 - the log is written by the queue at its own pace
                await asyncio.sleep(0.05)


async def test_a_failing_job_is_tried_again_then_held_and_tried_by_hand(database: str) -> None:
    """
    A close that comes too early fails three times, with waits that grow, and is held with what it said.

    Once the period is over, one word tries it again, and it closes.
    """
    async with opened(database):
        await found_small()
        now = datetime.now(UTC)
        period = Period.of(now, ZONE)
        await add_job("close-period", str(period))
        async with working(database):
            (held,) = await until(lambda listed: [job.state for job in listed] == ["failed"])
            states = await jobs_by_state()
            await set_clock(real_at=now, company_at=period.end(ZONE) + timedelta(hours=1), speed=1)
            assert [held.id] == await retry_jobs([held.id, held.id + 1])
            await until(lambda listed: not listed)
        closed = [each.period for each in await list_periods()]

    assert (2, str(period)) == (held.attempts, held.about)
    assert "is not over" in held.error
    assert {("close-period", "failed"): 1} == states
    assert [str(period)] == closed


async def test_a_job_waits_for_its_time(database: str) -> None:
    """What is due later is listed with its instant, and nobody touches it before."""
    async with opened(database):
        at = datetime.now(UTC) + timedelta(hours=1)
        await add_job("close-period", "2026-10", at=at)
        async with working(database):
            await asyncio.sleep(0.5)
            (job,) = await jobs()
    assert ("queued", 0) == (job.state, job.attempts)
    assert abs(job.due_at - at) < timedelta(seconds=5)
