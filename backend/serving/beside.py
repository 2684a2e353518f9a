"""
Beside: the worker that a server keeps as a process of its own.

So that a compiler and long columns never hold up a page. It ends with its parent, however that ends: its standard input
closes.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from backend.settings import CHECKOUT

FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 10.0
STEADY_SECONDS = 30.0
"""A worker that lived so long is started again at once; one that dies young waits ever longer."""

WORKER_END_SECONDS = 10

log = structlog.get_logger()


@asynccontextmanager
async def worker_beside() -> AsyncIterator[None]:
    """Keep a worker running while the block runs, then end it."""
    ending = asyncio.Event()
    task = asyncio.create_task(_keep_worker(ending))
    try:
        yield
    finally:
        ending.set()
        await task


async def _keep_worker(ending: asyncio.Event) -> None:
    """Start the worker, and again whenever it has ended by itself."""
    wait_seconds = FIRST_WAIT_SECONDS
    loop = asyncio.get_running_loop()
    while not ending.is_set():
        began = loop.time()
        process = await _started()
        await _either(process, ending)
        if ending.is_set():
            await _end(process)
            return
        wait_seconds = FIRST_WAIT_SECONDS if loop.time() - began > STEADY_SECONDS else 2 * wait_seconds
        log.error("worker-ended", code=process.returncode, again_in_seconds=min(wait_seconds, LONGEST_WAIT_SECONDS))
        await _within(ending, min(wait_seconds, LONGEST_WAIT_SECONDS))


async def _started() -> Process:
    """Start the worker beside this process; keys pressed in this terminal do not reach it."""
    words = ("-m", "backend", "worker", "--with-parent")
    return await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=CHECKOUT, stdin=PIPE, stdout=sys.stderr, start_new_session=True
    )


async def _either(process: Process, ending: asyncio.Event) -> None:
    """Wait until the worker has ended or has to."""
    waits = [asyncio.create_task(process.wait()), asyncio.create_task(ending.wait())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _end(process: Process) -> None:
    """Let the worker end by closing its input; one that does not is killed."""
    if process.returncode is not None:
        return
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), WORKER_END_SECONDS)
    except TimeoutError:
        log.warning("worker-killed")
        process.kill()
        await process.wait()


async def _within(event: asyncio.Event, seconds: float) -> None:
    await asyncio.wait([asyncio.create_task(event.wait())], timeout=seconds)
