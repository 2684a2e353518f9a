"""
Processes of the product under test: started as a person starts them, with their log read line by line.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class Started(NamedTuple):
    """A process, whose log comes by `event`."""

    process: Process

    async def event(self, name: str) -> dict[str, Any]:
        """Wait for an event of the log and return it."""
        assert self.process.stderr is not None
        async with asyncio.timeout(START_SECONDS):
            while line := await self.process.stderr.readline():
                if line.startswith(b"{") and (told := msgspec.json.decode(line))["event"] == name:
                    return dict(told)
        raise AssertionError(f"the process ended before it told of {name}")

    async def line(self) -> str:
        """Wait for a line of what it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            return (await self.process.stdout.readline()).decode().strip()

    async def ended(self, *, seconds: float) -> int:
        """Wait until it has ended, and return how."""
        await asyncio.wait_for(self.process.communicate(), seconds)
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def started(*words: str, dsn: str, folder: Path) -> AsyncIterator[Started]:
    """Start a `handrail` command on a database and a data folder; kill it afterwards where it still runs."""
    environment = os.environ | {"DATABASE_URL": dsn, "HANDRAIL_DATA": str(folder), "PORT": "0", "HANDRAIL_SECRET": ""}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend", *words, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        yield Started(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
