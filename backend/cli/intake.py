"""
`handrail intake`: the CSV files that a company lays down, all of them or nothing, or only what they would change.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.given import read_bytes
from backend.flows.take_drop import TakenDrop, take_drop
from backend.intake.drop import FILES
from backend.kernel.finding import Finding, Place, Refused
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened

STATUSES = ("accepted", "repeated", "held", "refused")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "to_json", is_flag=True, help="Print one JSON object instead of words.")
def command(paths: tuple[Path, ...], *, dry_run: bool, to_json: bool) -> None:
    """
    Take members.csv, placements.csv, customers.csv, products.csv, prices.csv, facts.csv and orders.csv.

    PATHS are such files, or folders that hold some of them. A row whose member or order is not there yet is held until
    that comes. While there is a mistake in any row, nothing of any file is applied, and each is printed with its line.
    """
    taken = asyncio.run(_take(_contents(paths), is_trial=dry_run))
    if to_json:
        click.echo(msgspec.json.encode(taken))
    else:
        _show(taken, is_trial=dry_run)
    if any(row.told.status == "refused" for row in taken.rows):
        raise SystemExit(1)


def _contents(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the files by their names; a folder stands for those of a drop that it holds."""
    files: dict[str, bytes] = {}
    for path in paths:
        named = [path / name for name in FILES if (path / name).exists()] if path.is_dir() else [path]
        for one in named:
            if one.name in files:
                raise Refused([_finding(one, "file-doubled", "A file of this name was given twice.", "Name one.")])
            files[one.name] = read_bytes(one)
    if not files:
        raise Refused([_finding(path, "files-none", "There is no file of a drop here.", f"It has {', '.join(FILES)}.")])
    return files


def _finding(path: Path, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source=str(path)), message=message, remedy=remedy)


async def _take(files: dict[str, bytes], *, is_trial: bool) -> TakenDrop:
    async with database(read_settings()) as dsn, opened(dsn):
        return await take_drop(files, is_trial=is_trial)


def _show(taken: TakenDrop, *, is_trial: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for row in taken.rows:
        told = row.told
        reasons = [f"lacks {', '.join(told.lacks)}"] if told.lacks else [str(each) for each in told.findings]
        if is_trial or told.status == "held":
            console.print(f"{row.place} {told.status}: {told.kind} {told.key}", *reasons, markup=False)
    for told in taken.later:
        console.print(f"{told.status} after it had been held: {told.kind} {told.key}", markup=False)
    console.print(_counts([(row.told.kind, row.told.status) for row in taken.rows]))
    console.print("Nothing was changed: this was a dry run." if is_trial else "All of it was taken.")


def _counts(pairs: Sequence[tuple[str, str]]) -> Table:
    table, counts = Table("", *STATUSES, box=None), Counter(pairs)
    for kind in dict.fromkeys(kind for kind, _ in pairs):
        table.add_row(kind, *(str(counts[kind, status]) for status in STATUSES))
    return table
