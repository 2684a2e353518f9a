"""
`handrail period`: close a period for good, compute a closed one again, list what is closed.
"""

import asyncio

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.words import PERIOD
from backend.flows.close_period import Closing, close_period
from backend.flows.list_periods import ListedPeriod, list_periods
from backend.kernel.period import Period
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened


@click.group()
def command() -> None:
    """Close periods, compute closed ones again, list them."""


@command.command()
@click.argument("period", type=PERIOD)
@click.option("--json", "to_json", is_flag=True, help="Print one JSON object instead of words.")
def close(period: Period, *, to_json: bool) -> None:
    """
    Close PERIOD: freeze and hash it, run the plan, check the laws, write outcome and lines, seal.

    Closed again, it is computed from what was kept, and must give the same hashes; nothing is written. What arrives for
    a closed period afterwards counts in the next open one, or corrects it there, as the plan says.
    """
    found = asyncio.run(_close(period))
    if to_json:
        click.echo(msgspec.json.encode(found))
        return
    _show(found)


@command.command(name="list")
def list_() -> None:
    """List the periods that are closed, with their hashes."""
    table = Table("period", "state", "closed at", "snapshot", "outcome", box=None)
    for each in asyncio.run(_list()):
        table.add_row(each.period, each.state, each.closed_at, each.snapshot_digest[:16], each.outcome_digest[:16])
    Console(highlight=False).print(table)


async def _close(period: Period) -> Closing:
    async with database(read_settings()) as dsn, opened(dsn):
        return await close_period(period)


async def _list() -> list[ListedPeriod]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await list_periods()


def _show(found: Closing) -> None:
    console = Console(highlight=False)
    done = "was closed before and computes again to the same" if found.closed_before else "is closed"
    console.print(f"[bold]{found.period}[/] {done}: {found.lines} lines, {found.adjustments} adjustments.")
    console.print(f"Snapshot {found.snapshot_digest}")
    console.print(f"Outcome  {found.outcome_digest}")
