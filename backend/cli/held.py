"""
`handrail held`: what waits for something that has not come yet, since when, and for what.
"""

import asyncio
from collections.abc import Sequence

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.flows.list_held import list_held
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened
from backend.store.intake import Listed


@click.command()
@click.option("--json", "to_json", is_flag=True, help="Print a JSON list instead of a table.")
def command(*, to_json: bool) -> None:
    """
    List events that are held until what they lack has come, and those that were wrong when it came.

    An event goes in by itself as soon as it lacks nothing. One that is wrong had no effect: send it again, mended.
    """
    found = asyncio.run(_held())
    if to_json:
        click.echo(msgspec.json.encode(found))
        return
    if not found:
        click.echo("Nothing is held.")
        return
    table = Table("since", "kind", "key", "from", "lacks, or is wrong because", box=None)
    for each in found:
        why = ", ".join(each.lacks) or " ".join(finding.message for finding in each.findings)
        table.add_row(f"{each.held_at:%Y-%m-%d %H:%M}", each.kind, each.key, each.source, why)
    Console(highlight=False, markup=False).print(table)


async def _held() -> Sequence[Listed]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await list_held()
