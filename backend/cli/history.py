"""
`handrail history`: bring what another system computed and paid, and see where the plan file computes something else.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.given import FILE, money_text, read_bytes
from backend.cli.words import PERIOD
from backend.files.written import guarded, write_table
from backend.flows.compare_history import compare_history
from backend.flows.import_history import ImportedHistory, import_history
from backend.forecast.deviation import POINTS, TITLE, Compared, Deviation, ranked, totals_of
from backend.kernel.period import Period
from backend.plan.currencies import DECIMALS
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened

SHOWN = 20
HEADER = ("period", "member", "what", "unit", "former", "computed", "difference")


@click.group()
def command() -> None:
    """Bring a history from another system, and compare it with what the plan computes."""


@command.command(name="import")
@click.argument("file", type=FILE)
def import_(file: Path) -> None:
    """
    Keep what another system computed and paid, from a CSV file.

    Its columns are period, member, title, pv, gv, and one for each bonus by the name that lines bear, such as
    differential or `override leadership`; amounts are money with its decimals. A period that is brought again takes the
    place of the first. Members begin here with the title of the last period before the first order.
    """
    done = asyncio.run(_import(read_bytes(file), str(file)))
    periods = f"{done.periods[0]} to {done.periods[-1]}" if done.periods else "no period"
    click.echo(f"{done.rows:,} rows of {periods} with {done.amounts:,} amounts are in the database.")


@command.command()
@click.option("--period", "chosen", type=PERIOD, multiple=True, help="Only this month; may be said several times.")
@click.option("--tolerance", type=click.IntRange(0), default=0, show_default=True, help="Minor units that may differ.")
@click.option("--csv", "to_csv", type=FILE, default=None, help="Write every deviation to a CSV file.")
@click.option("--json", "to_json", is_flag=True, help="Print one JSON object instead of tables.")
def compare(*, chosen: tuple[Period, ...], tolerance: int, to_csv: Path | None, to_json: bool) -> None:
    """
    Say, member by member, where the plan computes something else than the other system paid.

    A period with orders in the database is computed from them, another one from the personal volumes of the history.
    The first period of a history begins with the titles that it names itself, as nothing is known from before. As JSON
    amounts are minor units: each deviation with its difference, each member whose pay differs, sums and totals.
    """
    found = asyncio.run(_compare(chosen, tolerance))
    every = ranked([one for each in found for one in each.deviations])
    if to_csv:
        with to_csv.open("w", encoding="utf-8", newline="") as file:
            write_table(file, HEADER, _rows(every))
    if to_json:
        totals = totals_of([one for each in found for one in each.totals])
        click.echo(msgspec.json.encode({"periods": found, "totals": totals}))
        return
    _show(Console(highlight=False), found, every)


async def _import(data: bytes, source: str) -> ImportedHistory:
    async with database(read_settings()) as dsn, opened(dsn):
        return await import_history(data, source)


async def _compare(chosen: Sequence[Period], tolerance_minor: int) -> list[Compared]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await compare_history(chosen, tolerance_minor=tolerance_minor)


def _rows(deviations: Sequence[Deviation]) -> Iterator[tuple[str, ...]]:
    for one in deviations:
        who = (one.period, guarded(one.member), one.what, one.unit)
        difference = "" if one.unit == TITLE else _value(one.difference, one.unit, "")
        former = _value(one.former, one.unit, one.former_title)
        yield (*who, former, _value(one.computed, one.unit, one.computed_title), difference)


def _value(number: int, unit: str, title: str) -> str:
    """Return a value as its unit is written: an amount and points with their decimals, a title by its id."""
    if unit == TITLE:
        return title
    return money_text(number, 2 if unit == POINTS else DECIMALS[unit]).replace(",", "")


def _show(console: Console, found: Sequence[Compared], every: Sequence[Deviation]) -> None:
    for each in found:
        source = "its orders" if each.from_orders else "the volumes of the history"
        console.print(f"\n[bold]{each.period}[/] from {source}: {each.differing} of {each.members} members differ.")
        table = Table("bonus", "currency", box=None)
        for name in ("paid then", "computed", "difference"):
            table.add_column(name, justify="right")
        for one in (*each.sums, *each.totals):
            amounts = (one.former_minor, one.computed_minor, one.difference_minor)
            table.add_row(one.what, one.currency, *(money_text(amount, DECIMALS[one.currency]) for amount in amounts))
        console.print(table)
    if every:
        table = Table(*HEADER, box=None)
        for row in _rows(every[:SHOWN]):
            table.add_row(*row)
        console.print("\nThe largest differences:", table)
    if len(every) > SHOWN:
        console.print(f"… and {len(every) - SHOWN:,} more: --csv writes all.")
