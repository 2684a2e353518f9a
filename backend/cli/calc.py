"""
`handrail calc`: standings and earning lines from files, without a database.
"""

from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import rich_click as click
from rich.console import Console
from rich.table import Table

from backend.cli.words import PERIOD, PERIODS, ZONE
from backend.files.calculation import computed, terms_of
from backend.files.closed import carryover_in, corrections, postings_in, write_closed
from backend.files.company import read_company
from backend.files.results import as_json, result_of, write_results
from backend.files.rows import PeriodResult, Result
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.kernel.points import percent_text
from backend.plan.currencies import DECIMALS
from backend.plan.reading import read_plan
from backend.plan.terms import Terms

UTC = ZoneInfo("UTC")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--plan", type=FILE, required=True, help="The plan, a TOML file.")
@click.option("--members", type=FILE, required=True, help="members.csv")
@click.option("--orders", type=FILE, required=True, help="orders.csv")
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
    brings what has changed in closed months as adjustments of the last one.

    The plan holds as it stands on a period's last day. Volumes in files are points with two decimals, money is whole
    minor units of the currency beside it.
    """
    span = _span(period, periods)
    document = read_plan(_read(plan), str(plan))
    terms = [terms_of(document, each) for each in span]
    sources = (str(members), str(orders))
    company = read_company(_read(members), _read(orders), zone=zone, terms=terms[0], sources=sources)
    begins = carryover_in(carryover) if carryover else None
    months = list(computed(company, terms, span, zone, carried=begins))
    closed = postings_in(posted, span[:-1]) if posted else {}
    result = result_of(months, corrections(closed, months))
    written = [*write_results(out, result), *write_closed(out, months)] if out else []
    if to_json:
        click.echo(as_json(result), nl=False)
        return
    _show(result, terms)
    for path in written:
        click.echo(path)


def _span(period: Period | None, periods: tuple[Period, ...] | None) -> tuple[Period, ...]:
    """Return the months to compute; one of the two options must say which."""
    if periods is None:
        if period is None:
            raise click.UsageError("Say which month: --period 2026-10, or --periods 2026-08..2026-10.")
        return (period,)
    if period is not None and period not in periods:
        raise click.UsageError(f"--period {period} lies outside of --periods.")
    return periods if period is None else tuple(each for each in periods if each <= period)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        message = f"The file cannot be read: {(wrong.strerror or 'unknown reason').lower()}."
        finding = Finding(
            code="file-unreadable",
            place=Place(source=str(path)),
            message=message,
            remedy="Mend the path or its rights.",
        )
        raise Refused([finding])


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
        console.print(f"Outcome {one.digest}\n")


def _bonuses(one: PeriodResult) -> Table:
    table = Table("bonus", "currency", box=None)
    table.add_column("amount", justify="right")
    table.add_column("lines", justify="right")
    for total in one.totals:
        amount = _money(total.amount_minor, DECIMALS[total.currency])
        table.add_row(total.bonus.replace("_", " "), total.currency, amount, f"{total.lines:,}")
    return table


def _money(amount_minor: int, decimals: int) -> str:
    sign, digits = "-" if amount_minor < 0 else "", str(abs(amount_minor)).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{sign}{int(whole):,}" + (f".{fraction}" if fraction else "")


def _steps(terms: Terms, reached: list[str]) -> Table:
    table = Table("step", box=None)
    table.add_column("percent", justify="right")
    table.add_column("members", justify="right")
    for step in terms.steps:
        table.add_row(step.name, percent_text(step.percent_bp), f"{reached.count(step.id):,}")
    return table
