"""
`handrail explain`: why a member's numbers are what they are, from files, and what kept each from being higher.
"""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import rich_click as click

from backend.cli.adjusted import adjusted_lines
from backend.cli.given import FILE, read_bytes, span_of
from backend.cli.traces import Written, written
from backend.cli.words import PERIOD, PERIODS, ZONE
from backend.engine.explain import explain
from backend.engine.explain.numbers import number_of
from backend.files.calculation import Computed, computed, terms_of
from backend.files.closed import carryover_in
from backend.files.company import read_company
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.kernel.trace import Trace
from backend.plan.nearest import one_of
from backend.plan.reading import read_plan


@click.command()
@click.option("--plan", type=FILE, required=True, help="The plan, a TOML file.")
@click.option("--members", type=FILE, required=True, help="members.csv")
@click.option("--orders", type=FILE, required=True, help="orders.csv")
@click.option("--facts", type=FILE, help="facts.csv: what the company states of its members.")
@click.option("--period", type=PERIOD, help="The month to explain, such as 2026-10.")
@click.option("--periods", type=PERIODS, help="A span of months, carried from one to the next; the last is explained.")
@click.option("--zone", type=ZONE, default="UTC", show_default=True, help="The company's time zone.")
@click.option("--carryover", type=FILE, help="Begin where an earlier calculation ended: its carryover file.")
@click.option("--member", required=True, help="Whose numbers.")
@click.option("--number", help="One number, such as override, or override:ID where the plan has several. Default: all.")
def command(
    *,
    plan: Path,
    members: Path,
    orders: Path,
    facts: Path | None,
    period: Period | None,
    periods: tuple[Period, ...] | None,
    zone: ZoneInfo,
    carryover: Path | None,
    member: str,
    number: str | None,
) -> None:
    """
    Print why a member's numbers are what they are, each as a tree of what it is made of.

    Parts marked with + add up to the number above them. What stands in brackets is the plan's clause. Under "not higher
    because" stand the nearest reasons; each is proved by running the engine without it. With --periods, what the last
    month adjusts of earlier ones follows line by line.
    """
    span = span_of(period, periods)
    document = read_plan(read_bytes(plan), str(plan))
    terms = [terms_of(document, each) for each in span]
    sources = (str(members), str(orders), str(facts))
    contents = (read_bytes(members), read_bytes(orders), read_bytes(facts) if facts else None)
    company = read_company(*contents, zone=zone, terms=terms[0], sources=sources)
    begins = carryover_in(carryover) if carryover else None
    *_, last = computed(company, terms, span, zone, carried=begins)
    traces = _asked(last, member, number, source=str(members))
    click.echo(f"{member} · {last.period} · {last.terms.plan}, as it stands on {last.terms.on}\n")
    for trace in traces:
        click.echo(written(Written(last.terms, last.snapshot, member), trace))
    if lines := list(adjusted_lines(last.adjustments, member, number or "")):
        click.echo("\n".join(["adjusts earlier months", *lines]))


def _asked(last: Computed, member: str, number: str | None, *, source: str) -> tuple[Trace, ...]:
    """Return the traces that are asked for; raises Refused with the nearest names for what there is not."""
    if member not in last.snapshot.members:
        ids = sorted(last.snapshot.members)
        raise Refused([_unknown(source, "member-unknown", f"no member bears the id {member!r}.", one_of(member, ids))])
    asked = [number] if number else []
    traces = explain(last.snapshot, last.terms, last.outcome, member, numbers=asked)
    if not traces:
        every = explain(last.snapshot, last.terms, last.outcome, member)
        message = f"no number of this plan is called {number!r}."
        raise Refused([_unknown("--number", "number-unknown", message, one_of(number, _names(every)))])
    return traces


def _names(traces: Sequence[Trace]) -> list[str]:
    """Return what numbers are called: each kind, and each of a kind with its id."""
    inner = [str(number_of(part)) for trace in traces for part in trace.parts if "id" in part.about]
    return list(dict.fromkeys([*(str(number_of(trace)) for trace in traces), *inner]))


def _unknown(source: str, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source=source), message=message, remedy=remedy)
