"""
`handrail intake-totals`: what shops counted on their days, what of it is here, and what is missing.
"""

import asyncio
import sys
from datetime import datetime, timedelta

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.flows.list_totals import Figures, ListedTotals, list_totals
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
@click.option("--json", "to_json", is_flag=True, help="Print one JSON list instead of a table.")
def command(first: datetime | None, last: datetime | None, shop: str | None, *, to_json: bool) -> None:
    """
    List each day that a shop has stated: counted there, accepted here, held, and what differs.

    A day is one of the company's zone. Exits with 1 where a day does not agree.
    """
    until = last or datetime.now().astimezone()
    since = first or until - timedelta(days=USUAL_DAYS)
    found = asyncio.run(_listed(since, until, shop))
    if to_json:
        click.echo(msgspec.json.encode(found))
    else:
        _show(found)
    sys.exit(not all(each.agrees for each in found))


async def _listed(first: datetime, last: datetime, shop: str | None) -> list[ListedTotals]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await list_totals(first=first.date(), last=last.date(), source=shop)


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
