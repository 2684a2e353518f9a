"""
`handrail plan`: check a plan file, read it back on a day, print its JSON Schema; read and replace the company's plan.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import rich_click as click

from backend.plan.document import digest
from backend.plan.reading import findings_of, read_plan
from backend.plan.schema import plan_schema
from backend.plan.text import plan_text

T = TypeVar("T")
PLAN_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group(name="plan", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Check a plan file, show its terms on a day, print its schema; print and replace the company's plan."""


@command.command()
@click.argument("file", type=PLAN_FILE)
def check(file: Path) -> None:
    """Print every finding of FILE with line, column and remedy; exit code 1 on any."""
    text = file.read_bytes()
    findings = findings_of(text, str(file))
    if findings:
        count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
        click.echo("\n".join([*map(str, findings), f"{file}: {count}"]))
        raise SystemExit(1)
    click.echo(f"{file}: no findings, digest {digest(read_plan(text, str(file)))}")


@command.command()
@click.argument("file", type=PLAN_FILE)
@click.option("--on", "day", metavar="DATE", help="The day, as 2026-10-31. Default: today.")
def show(file: Path, day: str | None) -> None:
    """Print the plan of FILE as it stands on a day."""
    document = read_plan(file.read_bytes(), str(file))
    click.echo(plan_text(document, _day(day)), nl=False)


@command.command()
def schema() -> None:
    """Print the JSON Schema of plan files, for editors that know TOML."""
    click.echo(json.dumps(plan_schema(), indent=2, ensure_ascii=False))


@command.command()
def stored() -> None:
    """Print the plan that the database keeps with the company, as it was written."""
    from backend.flows.replace_plan import stored_plan

    click.echo(asyncio.run(_in_store(stored_plan)), nl=False)


@command.command()
@click.argument("file", type=PLAN_FILE)
def replace(file: Path) -> None:
    """Put the plan of FILE in the place of the one that the database keeps with the company, if it has no findings."""
    from backend.flows.replace_plan import replace_plan

    text = file.read_bytes()
    read_plan(text, str(file))
    asyncio.run(_in_store(lambda: replace_plan(text.decode(), str(file))))
    click.echo(f"{file} is the company's plan now.")


async def _in_store(verb: Callable[[], Awaitable[T]]) -> T:
    """Do something with the company's database, which is started where it is the product's own."""
    from backend.serving import database
    from backend.settings import read_settings
    from backend.store.database import opened

    async with database(read_settings()) as dsn, opened(dsn):
        return await verb()


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f'"{text}" is not a day. Write it as 2026-10-31.', param_hint="--on") from None
