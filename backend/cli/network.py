"""
`handrail network`: correct who stands under whom and who enrolled whom, and let members leave; shown before written.

Who corrected what, and when, is listed by `handrail network log`.
"""

import asyncio
import getpass
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.given import money_text
from backend.flows.list_recorded import list_recorded
from backend.flows.preview_correction import Preview, preview_correction
from backend.flows.record_correction import record_correction
from backend.forecast.effect import Income, MemberEffect, PeriodEffect
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.plan.currencies import DECIMALS
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened
from backend.store.network_log import Recorded

DAY = click.DateTime(formats=["%Y-%m-%d"])

APPLY = click.option("--apply", "to_apply", is_flag=True, help="Write it; without this it is only shown.")
BY = click.option("--by", default=None, help="Who corrects: a name that is known here; else the user of this machine.")
JSON = click.option("--json", "to_json", is_flag=True, help="Print one JSON object instead of tables.")
SINCE = click.option("--since", type=DAY, required=True, help="The first day on which it holds.")
TO = click.option("--to", default=None, help="The id of the member to be named.")
NOBODY = click.option("--nobody", is_flag=True, help="Name nobody.")


@click.group()
def command() -> None:
    """
    Correct the network: each correction says first what it changes, in the open period and in closed ones.

    A closed period stays sealed. What a correction changes in it becomes adjustment lines of the period that is closed
    next. A correction is undone by another one.
    """


def _shown(run: Callable[..., None]) -> Callable[..., None]:
    return APPLY(BY(JSON(run)))


@command.command()
@click.argument("member")
@TO
@NOBODY
@SINCE
@_shown
def move(*, member: str, to: str | None, nobody: bool, since: datetime, **how: Any) -> None:
    """Let MEMBER stand under another sponsor from a day on; under nobody it is the top of a tree."""
    correction = Move(member=member, to=_named(to, nobody=nobody), since=since.date())
    _do(correction, **how)


@command.command()
@click.argument("member")
@TO
@NOBODY
@SINCE
@_shown
def enroller(*, member: str, to: str | None, nobody: bool, since: datetime, **how: Any) -> None:
    """Name another as the enroller of MEMBER from a day on."""
    correction = Enrolled(member=member, to=_named(to, nobody=nobody), since=since.date())
    _do(correction, **how)


@command.command()
@click.argument("member")
@click.option("--on", type=DAY, default=None, help="The first day on which the member has left.")
@click.option("--stays", is_flag=True, help="Take the leaving back.")
@_shown
def leave(*, member: str, on: datetime | None, stays: bool, **how: Any) -> None:
    """Let MEMBER leave: the position is closed, and the legs stand where the plan says."""
    if stays == (on is not None):
        raise click.UsageError("Say when: --on 2026-10-05, or --stays to take it back.")
    _do(Leave(member=member, on=on.date() if on else None), **how)


@command.command()
@click.option("--member", default=None, help="Only what was recorded of this member.")
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, help="So many, the latest first.")
@JSON
def log(*, member: str | None, last: int, to_json: bool) -> None:
    """List what was recorded of the network behind joining: placements, enrolments and leavings, by whom and when."""
    found = asyncio.run(_recorded(member, last))
    if to_json:
        click.echo(msgspec.json.encode(found))
    elif not found:
        click.echo("Nothing was recorded behind joining.")
    else:
        Console(highlight=False, markup=False).print(_log(found))


def _named(to: str | None, *, nobody: bool) -> str | None:
    if nobody == (to is not None):
        raise click.UsageError("Say whom: --to M7, or --nobody.")
    return to


def _do(correction: Correction, *, to_apply: bool, to_json: bool, by: str | None) -> None:
    preview = asyncio.run(_run(correction, by=(by if by is not None else _user()) if to_apply else None))
    if to_json:
        click.echo(msgspec.json.encode({"applied": to_apply, **msgspec.to_builtins(preview)}))
        return
    console = Console(highlight=False)
    _show(console, preview)
    console.print("It is recorded." if to_apply else "Nothing is written yet: say --apply to record it.")


def _user() -> str:
    """Return who is logged in at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise click.UsageError("This machine does not say who you are: say it with --by NAME.") from error


async def _run(correction: Correction, *, by: str | None) -> Preview:
    """Return what a correction changes; with the name of who makes it, it is also written."""
    async with database(read_settings()) as dsn, opened(dsn):
        preview = await preview_correction(correction)
        if by is not None:
            await record_correction(correction, by=by)
        return preview


async def _recorded(member: str | None, last: int) -> list[Recorded]:
    async with database(read_settings()) as dsn, opened(dsn):
        return await list_recorded(member=member, last=last)


def _log(found: Sequence[Recorded]) -> Table:
    table = Table("recorded at", "by", "member", "", "since", box=None)
    for each in found:
        table.add_row(f"{each.at:%Y-%m-%d %H:%M}", each.by or "", each.member, _what(each), str(each.since or ""))
    return table


def _what(recorded: Recorded) -> str:
    match recorded.kind:
        case "placement":
            return f"stands under {recorded.other or 'nobody'}"
        case "enrolment":
            return f"enrolled by {recorded.other or 'nobody'}"
    return "has left" if recorded.since else "stays"


def _show(console: Console, preview: Preview) -> None:
    for one in preview.stands:
        console.print(f"{one.member} stands under {one.after or 'nobody'} instead of {one.before or 'nobody'}.")
    if preview.until is not None:
        console.print(f"A later placement holds from {preview.until} on.")
    for period in preview.periods:
        state = "closed: adjusted by the next close" if period.closed else "open"
        console.print(f"\n[bold]{period.period}[/] {state}")
        console.print(_table(period))
    if any(period.closed for period in preview.periods):
        console.print("Money of closed periods is put right; titles that they handed on stay as they were.")
    if not preview.periods:
        console.print("No title, step, breakaway or income changes in any period so far.")


def _table(period: PeriodEffect) -> Table:
    table = Table("member", "title", "step", "breakaway", "currency", box=None)
    for name in ("before", "after", "difference"):
        table.add_column(name, justify="right")
    for one in period.members:
        for at, income in enumerate(one.incomes or (None,)):
            who = (one.member, *_standing(one)) if at == 0 else ("", "", "", "")
            table.add_row(*who, *_income(income))
    for income in period.sums:
        table.add_row("[bold]all[/]", "", "", "", *_income(income))
    return table


def _standing(one: MemberEffect) -> tuple[str, str, str]:
    was, now = one.before, one.after
    words: list[tuple[Any, Any]] = [
        (was.title if was else "", now.title),
        (was.step if was else "", now.step),
        (_broken(was.broken_away) if was else "", _broken(now.broken_away)),
    ]
    title, step, broken = (str(after) if before == after else f"{before} > {after}" for before, after in words)
    return title, step, broken


def _broken(away: bool) -> str:
    return "yes" if away else "no"


def _income(income: Income | None) -> tuple[str, str, str, str]:
    if income is None:
        return "", "", "", ""
    amounts = (income.before_minor, income.after_minor, income.difference_minor)
    before, after, difference = (money_text(amount, DECIMALS[income.currency]) for amount in amounts)
    return income.currency, before, after, difference
