"""
`handrail intake-totals`: what shops counted on their days, what of it is here, and what is missing.
"""

import asyncio
import sys
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.given import FILE, read_bytes
from backend.flows.list_totals import Figures, ListedTotals, list_totals
from backend.flows.state_totals import state_totals
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened

USUAL_DAYS = 31
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--from", "first", type=DAY, help=f"The first day; {USUAL_DAYS} days before the last where none is named."
)
@click.option("--to", "last", type=DAY, help="The last day; today where none is named.")
@click.option("--shop", help="Only what this shop counted.")
@click.option("--state", "stated", type=FILE, help="State for the shop what this JSON file counts, and list its days.")
@click.option("--json", "to_json", is_flag=True, help="Print one JSON list instead of a table.")
def command(
    *, first: datetime | None, last: datetime | None, shop: str | None, stated: Path | None, to_json: bool
) -> None:
    """
    List each day that a shop has stated: counted there, accepted here, held, and what differs.

    A day is one of the company's zone. Exits with 1 where a day does not agree. Orders that came in files are those of
    the shop `files`; a file with what was counted is written as a message at /intake/totals is.
    """
    if stated and (not shop or first or last):
        raise click.UsageError("Say for whom it is stated, and no days: --shop files --state totals.json.")
    until = last or datetime.now().astimezone()
    since = first or until - timedelta(days=USUAL_DAYS)
    verb = state_totals(shop=shop, raw=read_bytes(stated)) if stated and shop else _listed(since, until, shop)
    found = asyncio.run(_in_store(verb))
    if to_json:
        click.echo(msgspec.json.encode(found))
    else:
        _show(found)
    sys.exit(not all(each.agrees for each in found))


async def _listed(first: datetime, last: datetime, shop: str | None) -> list[ListedTotals]:
    return await list_totals(first=first.date(), last=last.date(), source=shop)


async def _in_store(verb: Awaitable[list[ListedTotals]]) -> list[ListedTotals]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await verb


def _show(found: list[ListedTotals]) -> None:
    console = Console(highlight=False)
    table = Table("day", "shop", "counted", "accepted", "held", "difference", "stated at", box=None)
    for each in found:
        figures = [_figures(part) for part in (each.counted, each.accepted, each.held)]
        differs = "none" if each.agrees else _figures(each.difference)
        table.add_row(each.day, each.source, *figures, differs, each.stated_at)
    console.print(table)
    for each in found:
        for word, keys in (("missing", each.missing), ("unknown", each.unknown)):
            if keys:
                console.print(f"{each.day} {each.source} {word}: {' '.join(keys)}", markup=False)


def _figures(part: Figures) -> str:
    return f"{part.orders} ({part.pv} PV, {part.cv} CV)"
