"""
`handrail plan`: check a plan file, read it back on a day, and print its JSON Schema for editors.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import rich_click as click

from backend.plan.document import digest
from backend.plan.reading import findings_of, read_plan
from backend.plan.schema import plan_schema
from backend.plan.text import plan_text

PLAN_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group(name="plan", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Check a plan file, show its terms on a day, print its schema."""


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


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f'"{text}" is not a day. Write it as 2026-10-31.', param_hint="--on") from None
