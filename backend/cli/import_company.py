"""
`handrail import`: the files of a company into the database.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import rich_click as click

from backend.cli.words import ZONE
from backend.flows.import_company import Imported, import_company
from backend.kernel.finding import Finding, Place, Refused
from backend.plan.reading import read_plan
from backend.serving import database
from backend.settings import CHECKOUT, read_settings
from backend.store.database import opened

DEFAULT_PLAN = CHECKOUT / "manifest" / "plans" / "stairstep.toml"


@click.command(name="import")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--plan", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_PLAN, help="The plan, a TOML file."
)
@click.option("--facts", type=click.Path(dir_okay=False, path_type=Path), help="[default: facts.csv in FOLDER, if any]")
@click.option("--zone", type=ZONE, default=None, help="The company's time zone.  [default: HANDRAIL_ZONE, or UTC]")
@click.option("--name", default=None, help="The company's name.  [default: the folder's]")
def command(folder: Path, plan: Path, facts: Path | None, zone: ZoneInfo | None, name: str | None) -> None:
    """
    Load the files of a company, members.csv and orders.csv in FOLDER, into an empty database.

    What the company states of its members is loaded from facts.csv. All of it is loaded or none: every mistake in the
    files is printed with its line.
    """
    members, orders, of_plan = (_read(path) for path in (folder / "members.csv", folder / "orders.csv", plan))
    there = folder / "facts.csv"
    stated = facts or (there if there.exists() else None)
    read_plan(of_plan, str(plan))
    contents = (members, orders, _read(stated) if stated else None)
    done = asyncio.run(_import(contents, of_plan, zone=zone, name=name or folder.resolve().name))
    facts_too = f", {done.facts:,} facts of members" if done.facts else ""
    click.echo(f"{done.members:,} members and {done.orders:,} orders are in the database{facts_too}.")


async def _import(
    contents: tuple[bytes, bytes, bytes | None], plan: bytes, *, zone: ZoneInfo | None, name: str
) -> Imported:
    settings = read_settings()
    members, orders, facts = contents
    async with database(settings) as dsn, opened(dsn):
        return await import_company(
            members_csv=members,
            orders_csv=orders,
            facts_csv=facts,
            plan_source=plan.decode(),
            name=name,
            zone=zone or settings.zone,
            now=datetime.now(UTC),
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        message = f"The file cannot be read: {(wrong.strerror or 'unknown reason').lower()}."
        remedy = "Mend the path or its rights."
        finding = Finding(code="file-unreadable", place=Place(source=str(path)), message=message, remedy=remedy)
        raise Refused([finding]) from wrong
