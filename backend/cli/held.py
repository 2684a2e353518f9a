"""
`handrail held`: what waits for something that has not come yet, since when, and for what; and how it is withdrawn.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.flows.list_held import list_held
from backend.flows.list_withdrawn import list_withdrawn
from backend.flows.withdraw_held import withdraw_held
from backend.kernel.finding import Finding
from backend.serving import database
from backend.settings import read_settings
from backend.store.database import opened
from backend.store.intake import Listed
from backend.store.withdrawn import Withdrawn

T = TypeVar("T")
Shown = Sequence[Listed] | Sequence[Withdrawn]
MINUTE = "%Y-%m-%d %H:%M"


@click.group(invoke_without_command=True)
@click.option("--withdrawn", "past", is_flag=True, help="List what was withdrawn instead: by whom, when and why.")
@click.option("--json", "to_json", is_flag=True, help="Print a JSON list instead of a table.")
@click.pass_context
def command(context: click.Context, *, past: bool, to_json: bool) -> None:
    """
    List events that are held until what they lack has come, and those that were wrong when it came.

    An event goes in by itself as soon as it lacks nothing. One that is wrong had no effect: send it again, mended. One
    that will never be right, or that nobody sends again, can be withdrawn.
    """
    if context.invoked_subcommand is not None:
        return
    found: Shown = asyncio.run(_in_store(list_withdrawn)) if past else asyncio.run(_in_store(list_held))
    if to_json:
        click.echo(msgspec.json.encode(found))
    elif not found:
        click.echo("Nothing was withdrawn." if past else "Nothing is held.")
    else:
        Console(highlight=False, markup=False).print(_table(found))


@command.command()
@click.argument("keys", nargs=-1, required=True)
@click.option("--by", required=True, help="Who withdraws it: a name that is known here.")
@click.option("--why", required=True, help="The reason, for whoever looks for it later.")
@click.option("--kind", help="The kind of event, where an order bears the key of another event.")
def withdraw(keys: tuple[str, ...], *, by: str, why: str, kind: str | None) -> None:
    """
    Let go of the events held under KEYS, all of them or none; they wait no longer and never go in.

    What each was, who withdrew it, when and why stays in `handrail held --withdrawn`. The same key sent again is judged
    as if for the first time. What waits for a withdrawn event goes on waiting.
    """
    for one in asyncio.run(_in_store(lambda: withdraw_held(keys, by=by, why=why, kind=kind))):
        click.echo(f"withdrawn: {one.kind} {one.key}")


async def _in_store(verb: Callable[[], Awaitable[T]]) -> T:
    async with database(read_settings()) as dsn, opened(dsn):
        return await verb()


def _table(found: Shown) -> Table:
    is_past = isinstance(found[0], Withdrawn)
    table = Table("since", "kind", "key", "from", "lacks, or is wrong because", box=None)
    for name in ("withdrawn at", "by", "why") if is_past else ():
        table.add_column(name)
    for each in found:
        cells = [f"{each.held_at:{MINUTE}}", each.kind, each.key, each.source, _reason(each.lacks, each.findings)]
        if isinstance(each, Withdrawn):
            cells += [f"{each.withdrawn_at:{MINUTE}}", each.withdrawn_by, each.why]
        elif each.withdrawn_before:
            cells[-1] += f" (this key was withdrawn on {each.withdrawn_before:{MINUTE}} and came again)"
        table.add_row(*cells)
    return table


def _reason(lacks: Sequence[str], findings: Sequence[Finding]) -> str:
    return ", ".join(lacks) or " ".join(finding.message for finding in findings)
