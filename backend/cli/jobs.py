"""
`handrail jobs`: what is to be done later, what is held, and another try.
"""

import asyncio
from datetime import datetime

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.words import PERIOD
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened
from backend.store.jobs import Job, add_job, jobs, retry_jobs

WORDS = {"queued": "waits", "picked": "is being done", "failed": "is held"}


@click.group()
def command() -> None:
    """List jobs, try held ones again, close a period at a given time."""


@command.command(name="list")
def list_() -> None:
    """List the jobs that are not done, the next one first, with the last error of those that failed."""
    table = Table("number", "job", "state", "tries", "due at", "last error", box=None)
    for job in asyncio.run(_jobs()):
        due = job.due_at.isoformat(timespec="seconds")
        name = f"{job.name} {job.about}".strip()
        table.add_row(str(job.id), name, WORDS[job.state], str(job.attempts), due, job.error)
    Console(highlight=False, soft_wrap=True).print(table)


@command.command()
@click.argument("numbers", type=int, nargs=-1, required=True)
def retry(numbers: tuple[int, ...]) -> None:
    """Try held jobs again at once, by their NUMBERS."""
    again = asyncio.run(_retry(numbers))
    for number in again:
        click.echo(f"{number} is tried again.")
    if missing := sorted(set(numbers) - set(again)):
        raise Refused([_not_held(number) for number in missing])


@command.command()
@click.argument("period", type=PERIOD)
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), required=True, help="2026-11-03T06:00:00+0100")
def close(period: Period, at: datetime) -> None:
    """Close PERIOD at a given instant; a worker does it, and again where it fails."""
    added = asyncio.run(_close(period, at))
    click.echo(f"{period} is closed at {at.isoformat()}." if added else f"{period} waits to be closed already.")


async def _jobs() -> list[Job]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await jobs()


async def _retry(numbers: tuple[int, ...]) -> list[int]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await retry_jobs(numbers)


async def _close(period: Period, at: datetime) -> bool:
    async with database(read_settings()) as dsn, opened(dsn):
        return await add_job("close-period", str(period), at=at)


def _not_held(number: int) -> Finding:
    return Finding(
        code="job-not-held",
        place=Place(source="jobs", path=str(number)),
        message=f"No job {number} is held.",
        remedy="See `handrail jobs list`.",
    )
