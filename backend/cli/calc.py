"""
`handrail calc`: standings and earning lines from files, without a database.
"""

from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.adjusted import adjustment_table, unrecovered_text
from backend.cli.given import FILE, money_text, read_bytes, span_of
from backend.cli.words import PERIOD, PERIODS, ZONE
from backend.files.calculation import computed, terms_of
from backend.files.closed import carryover_in, postings_in, write_closed
from backend.files.company import read_company
from backend.files.results import as_json, result_of, write_results
from backend.files.rows import PeriodResult, Result
from backend.kernel.period import Period
from backend.kernel.points import percent_text
from backend.plan.currencies import DECIMALS
from backend.plan.reading import read_plan
from backend.plan.terms import Terms

UTC = ZoneInfo("UTC")


@click.command()
@click.option("--plan", type=FILE, required=True, help="The plan, a TOML file.")
@click.option("--members", type=FILE, required=True, help="members.csv")
@click.option("--orders", type=FILE, required=True, help="orders.csv")
@click.option("--facts", type=FILE, help="facts.csv: what the company states of its members.")
@click.option("--period", type=PERIOD, help="The month to compute, such as 2026-10.")
@click.option(
    "--periods", type=PERIODS, help="A span of months, such as 2026-08..2026-10, carried from one to the next."
)
@click.option("--zone", type=ZONE, default="UTC", show_default=True, help="The company's time zone.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for two CSV files and JSON.")
@click.option("--carryover", type=FILE, help="Begin where an earlier calculation ended: its carryover file.")
@click.option(
    "--posted",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of an earlier --out: the closed months' postings, against which corrections are adjusted.",
)
@click.option("--json", "to_json", is_flag=True, help="Print one JSON object instead of tables.")
def command(
    *,
    plan: Path,
    members: Path,
    orders: Path,
    facts: Path | None,
    period: Period | None,
    periods: tuple[Period, ...] | None,
    zone: ZoneInfo,
    out: Path | None,
    carryover: Path | None,
    posted: Path | None,
    to_json: bool,
) -> None:
    """
    Compute standings and earning lines from files, without a database.

    A single --period is computed by itself: orders of earlier months in the file count for nothing, and the titles that
    members hold before it are those of the title column. With --periods each month goes on with what the month before
    left: titles, their clocks, what windows remember, and bonuses that are paid once.

    --out saves what each month posts and hands on. A later calculation begins with --carryover, and with --posted it
    brings what has changed in closed months as adjustments of the first open one.

    Where the plan recovers returns at the rate that was paid, what comes back of an earlier month's order adjusts that
    month, in the month in which it comes back. Of an order from before the span it lowers nothing, and is listed.

    --facts brings what the company states of its members, each fact from a day on. The plan holds as it stands on a
    period's last day, and so do the facts. Volumes in files are points with two decimals, money is whole
    minor units of the currency beside it.
    """
    span = span_of(period, periods)
    document = read_plan(read_bytes(plan), str(plan))
    terms = [terms_of(document, each) for each in span]
    sources = (str(members), str(orders), str(facts))
    contents = (read_bytes(members), read_bytes(orders), read_bytes(facts) if facts else None)
    company = read_company(*contents, zone=zone, terms=terms[0], sources=sources)
    begins = carryover_in(carryover) if carryover else None
    closed = postings_in(posted, span[:-1]) if posted else {}
    months = list(computed(company, terms, span, zone, carried=begins, posted=closed))
    result = result_of(months)
    written = [*write_results(out, result), *write_closed(out, months, closed)] if out else []
    if to_json:
        click.echo(as_json(result), nl=False)
        return
    _show(result, terms)
    for path in written:
        click.echo(path)


def _show(result: Result, terms: list[Terms]) -> None:
    console = Console(highlight=False)
    members = {period: list(rows) for period, rows in groupby(result.members, key=lambda member: member.period)}
    for one, held in zip(result.periods, terms, strict=True):
        steps = [member.step for member in members[one.period]]
        ceiling_bp = max(step.percent_bp for step in held.steps)
        console.print(f"[bold]{one.period}[/] · {result.plan}, as it stands on {one.terms_on}")
        console.print(f"{one.members} members, {one.active} active · PV {one.pv} · CV {one.cv}")
        console.print(_bonuses(one))
        console.print(f"Payout {percent_text(one.payout_bp)} of CV.")
        stacked = percent_text(one.personal_and_differential_bp)
        console.print(
            f"Personal and differential {stacked} of CV; the plan's top step pays {percent_text(ceiling_bp)}."
        )
        console.print(_steps(held, steps))
        _show_earlier(console, result, one.period)
        console.print(f"Outcome {one.digest}\n")


def _show_earlier(console: Console, result: Result, period: str) -> None:
    """Print what a month adjusts of earlier ones, and what came back that nobody gives back for."""
    if adjusted := [row for row in result.adjustments if row.period == period]:
        console.print(adjustment_table(adjusted))
    if unrecovered := [row for row in result.unrecovered if row.period == period]:
        console.print(unrecovered_text(unrecovered), soft_wrap=True)


def _bonuses(one: PeriodResult) -> Table:
    table = Table("bonus", "currency", box=None)
    table.add_column("amount", justify="right")
    table.add_column("lines", justify="right")
    for total in one.totals:
        amount = money_text(total.amount_minor, DECIMALS[total.currency])
        table.add_row(total.bonus.replace("_", " "), total.currency, amount, f"{total.lines:,}")
    return table


def _steps(terms: Terms, reached: list[str]) -> Table:
    table = Table("step", box=None)
    table.add_column("percent", justify="right")
    table.add_column("members", justify="right")
    for step in terms.steps:
        table.add_row(step.name, percent_text(step.percent_bp), f"{reached.count(step.id):,}")
    return table
