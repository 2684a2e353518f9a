"""
Process: one worker holds the columns, chosen by an advisory lock; the others wait to take over.

Whatever breaks a tenure, a database that went away or a mistake of our own, ends it whole: the next one begins with an
empty memory, so that nothing half done is ever gone on with.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path

import structlog

from backend.kernel.finding import Refused
from backend.live.announcements import listening
from backend.live.post import held
from backend.live.relay import relaying
from backend.live.seal import Far
from backend.metrics.figures import Figures
from backend.store.away import AWAY
from backend.store.database import ORDERS_CHANNEL, STANDINGS_CHANNEL, opened
from backend.worker.desk import Answering, answering, answering_afar
from backend.worker.jobs import Pace, run_jobs
from backend.worker.pulse import Pulse

FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 2.0

log = structlog.get_logger()


async def work(
    dsn: str,
    desk: Path,
    *,
    figures: Figures | None = None,
    announcements: str | None = None,
    beside: AbstractAsyncContextManager[None] | None = None,
    far: Far | None = None,
) -> None:
    """
    Wait for the post, hold it, and begin again whenever it is lost or breaks; ends only by being cancelled.

    What runs `beside` it finds the store open, also while another worker holds the post. At `far` the one that
    holds it answers other machines.

    Raises Refused where the company's plan is not sound: that mends itself by no waiting.
    """
    wait_seconds = FIRST_WAIT_SECONDS
    async with opened(dsn), beside or nullcontext(), _doing(dsn):
        while True:
            pulse = Pulse(figures or Figures())
            desks = partial(_answering, desk, far, pulse.found)
            beats = await _one_tenure(dsn, desks, pulse, announcements)
            wait_seconds = FIRST_WAIT_SECONDS if beats else min(2 * wait_seconds, LONGEST_WAIT_SECONDS)
            await asyncio.sleep(wait_seconds)


@asynccontextmanager
async def _doing(dsn: str) -> AsyncIterator[None]:
    """Do jobs while the block runs, at the post or not."""
    task = asyncio.create_task(run_jobs(dsn, Pace()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def _answering(desk: Path, far: Far | None, found: Answering) -> AsyncIterator[None]:
    """Answer on this machine, and on others where an address is named, while the block runs."""
    async with answering(desk, found), answering_afar(far, found):
        yield


async def _one_tenure(
    dsn: str, desks: Callable[[], AbstractAsyncContextManager[None]], pulse: Pulse, announcements: str | None
) -> int:
    """Hold the post as long as it goes well; return how often the standings were refreshed in that time."""
    try:
        async with (
            held(dsn) as lost,
            listening(dsn, ORDERS_CHANNEL, heard=lambda _: pulse.stir(), joined=pulse.stir),
            relaying(dsn, STANDINGS_CHANNEL, announcements),
            desks(),
        ):
            log.info("post-taken")
            await pulse.keep(lost)
        log.warning("post-lost")
    except AWAY as error:
        log.warning("database-away", error=error)
    except Refused:
        raise
    except Exception:
        log.exception("tenure-broken")
    return pulse.beats
