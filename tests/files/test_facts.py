"""
What the company states of its members: read from facts.csv by the day, and taken as it holds on a period's last day.
"""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from backend.cli.calc import command as calc
from backend.cli.explain import command as explain
from backend.engine.outcome import State
from backend.engine.periods.stated import COLUMN_OF
from backend.engine.snapshot import UNSTATED, Snapshot
from backend.files import facts
from backend.files.calculation import computed, terms_of
from backend.files.company import read_company
from backend.kernel.finding import Refused
from backend.kernel.period import Period, periods_between
from backend.plan.reading import read_plan

BERLIN = ZoneInfo("Europe/Berlin")
ROOT = Path(__file__).parents[2]
PLAN = ROOT / "manifest" / "plans" / "stairstep.toml"
SPAN = tuple(periods_between(Period(2026, 8), Period(2026, 10)))
MEMBERS = "member,sponsor,joined,training\nA,,2026-01-01,yes\nB,A,2026-08-10,no\n"
ORDERS = "order,member,customer,placed_at,pv,cv\nO1,B,K,2026-10-05,900,810\n"
HEADER = "member,from,fact,value\n"


def stated(rows: str) -> list[Snapshot]:
    """Return the snapshots of August to October with these rows of facts."""
    document = read_plan(PLAN.read_bytes(), PLAN.name)
    company = read_company(MEMBERS.encode(), ORDERS.encode(), (HEADER + rows).encode(), zone=BERLIN)
    terms = [terms_of(document, period) for period in SPAN]
    return [one.snapshot for one in computed(company, terms, SPAN, BERLIN)]


def of(rows: str, column: str, member: str = "B") -> list[int]:
    """Return a column of one member in August, September and October."""
    return [int(getattr(one, column)[one.members.index(member)]) for one in stated(rows)]


def test_a_fact_holds_from_its_day_until_it_is_stated_anew() -> None:
    """What holds on the last day of a month is the month's: stated on the 30th of September it is, on the 31st not."""
    rows = "B,2026-09-30,fees_paid,no\nB,2026-10-31,fees_paid,yes\n"
    assert [1, 0, 1] == of(rows, "fees_paid")
    assert [1, 1, 0] == of("B,2026-10-01,fees_paid,no\n", "fees_paid")
    assert [1, 1, 1] == of(rows, "fees_paid", member="A")


def test_the_order_of_rows_changes_nothing() -> None:
    """The later day wins wherever it stands in the file."""
    rows = ["B,2026-08-20,paused,payment\n", "B,2026-09-02,paused,compliance\n", "B,2026-10-02,paused,none\n"]
    expected = [State.HELD_PAYMENT, State.HELD_COMPLIANCE, State.PAYABLE]
    assert [expected, expected] == [of("".join(rows), "paused"), of("".join(reversed(rows)), "paused")]


def test_training_stands_as_on_joining_until_it_is_stated() -> None:
    """The column of members.csv holds from the day of joining; A was trained then, B in September."""
    rows = "B,2026-09-15,training,yes\n"
    assert ([0, 1, 1], [1, 1, 1]) == (of(rows, "training"), of(rows, "training", member="A"))


WRITTEN = {
    "foster": ("yes", 1),
    "closed": ("YES", 1),
    "cleared": ("no", 0),
    "let_through": ("yes", 1),
    "active": ("no", 0),
    "qualified": ("yes", 1),
    "customer_share": ("70 %", 7000),
    "verified_share": ("66.5%", 6650),
    "percent_held": ("21 %", 2100),
    "paused": ("payment", int(State.HELD_PAYMENT)),
}


@pytest.mark.parametrize("fact", WRITTEN)
def test_each_fact_reaches_its_column(fact: str) -> None:
    """As people write it, from the month in which it begins; before that nothing is stated."""
    text, value = WRITTEN[fact]
    before, _, after = of(f"B,2026-10-01,{fact},{text}\n", COLUMN_OF[fact])
    assert value == after
    assert before != after


@pytest.mark.parametrize("fact", ["active", "qualified", "customer_share", "verified_share", "percent_held"])
def test_none_takes_a_statement_back(fact: str) -> None:
    """From that day on the plan's own rule decides again."""
    said = WRITTEN[fact][0]
    rows = f"B,2026-08-10,{fact},{said}\nB,2026-09-01,{fact},none\n"
    assert [WRITTEN[fact][1], UNSTATED, UNSTATED] == of(rows, COLUMN_OF[fact])


HOSTILE = {
    "a member whom nobody knows": ("B,2026-09-01,closed,yes\nQ,2026-09-01,closed,yes\n", "member-unknown 3:1"),
    "a fact that there is not": ("B,2026-09-01,fee_paid,yes\n", "fact-unknown 2:14"),
    "yes or no of a share": ("B,2026-09-01,customer_share,yes\n", "percent-wrong 2:29"),
    "a share without its sign": ("B,2026-09-01,customer_share,0.7\n", "percent-wrong 2:29"),
    "more than all": ("B,2026-09-01,verified_share,100.01 %\n", "percent-wrong 2:29"),
    "a third answer": ("B,2026-09-01,fees_paid,perhaps\n", "value-wrong 2:24"),
    "none of a plain fact": ("B,2026-09-01,closed,none\n", "value-wrong 2:21"),
    "no value": ("B,2026-09-01,active,\n", "value-wrong 2:21"),
    "a pause without a reason": ("B,2026-09-01,paused,yes\n", "value-wrong 2:21"),
    "before the member joined": ("B,2026-08-09,closed,yes\n", "fact-early 2:3"),
    "no such day": ("B,2026-09-31,closed,yes\n", "date-wrong 2:3"),
    "the same twice": ("B,2026-09-01,closed,yes\nB,2026-09-01,closed,no\n", "fact-doubled 3:14"),
    "too few cells": ("B,2026-09-01,closed\n", "cells-too-few 2"),
    "everything at once": (
        "Q,2026-09-01,closed,maybe\nB,2026-13-01,fosters,yes\n",
        "member-unknown 2:1 value-wrong 2:21 date-wrong 3:3 fact-unknown 3:14",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_finding_of_hostile_facts(name: str) -> None:
    """Each gets exactly its findings, by code, line and column, beside a reason and a remedy."""
    rows, expected = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        read_company(MEMBERS.encode(), ORDERS.encode(), (HEADER + rows).encode(), zone=BERLIN)
    found = sorted(refused.value.findings, key=lambda one: (one.place.line, one.place.column))
    told = [f"{one.code} {one.place.line}" + (f":{one.place.column}" if one.place.column else "") for one in found]
    assert expected == " ".join(told)
    assert {("facts.csv", True, True)} == {
        (one.place.source, one.message[-1] == ".", one.remedy[-1] in ".?") for one in found
    }


def test_what_stands_on_the_line_is_read() -> None:
    """All of a share, none of it, and a fact of the very day of joining."""
    rows = "B,2026-08-10,customer_share,100 %\nB,2026-09-01,customer_share,0 %\nB,2026-10-01,customer_share,NONE\n"
    assert [10_000, 0, UNSTATED] == of(rows, "customer_share_bp")


def test_mistakes_of_all_three_files_are_told_at_once() -> None:
    """Members, orders and facts are read to their ends before anything is refused."""
    with pytest.raises(Refused) as refused:
        read_company(MEMBERS.encode() + b"A,,x\n", ORDERS.encode() + b"O1,,,,1,\n", b"member\nB\n", zone=BERLIN)
    told = {finding.place.source for finding in refused.value.findings}
    assert {"members.csv", "orders.csv", "facts.csv"} == told


def test_the_schema_and_the_reader_name_the_same_facts() -> None:
    """Columns, facts and words of the published schema are the reader's, and each fact has a column of the engine."""
    schema = json.loads((ROOT / "manifest" / "schemas" / "facts.schema.json").read_text())
    words = {
        fact: part["then"]["properties"]["value"].get("enum")
        for part in schema["allOf"]
        for fact in part["if"]["properties"]["fact"].get("enum", [part["if"]["properties"]["fact"].get("const")])
    }
    assert [column.name for column in facts.COLUMNS] == list(schema["properties"]) == schema["required"]
    assert set(schema["properties"]["fact"]["enum"]) == set(facts.WORDS) == set(COLUMN_OF)
    assert words == {fact: None if fact in facts.PERCENTS else list(known) for fact, known in facts.WORDS.items()}


def test_a_pause_is_held_with_its_reason_on_the_command_line(tmp_path: Path) -> None:
    """The calculation marks the lines of a paused member, explaining says what is held and why."""
    texts = {"members.csv": MEMBERS, "orders.csv": ORDERS, "facts.csv": HEADER + "B,2026-10-01,paused,compliance\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    given = [word for name in texts for word in (f"--{name.removesuffix('.csv')}", str(tmp_path / name))]
    words = ["--plan", str(PLAN), *given, "--period", "2026-10"]
    lines = json.loads(CliRunner().invoke(calc, [*words, "--json"]).stdout)["lines"]
    told = CliRunner().invoke(explain, [*words, "--member", "B", "--number", "payable"]).stdout

    assert {("held_compliance" if line["earner"] == "B" else "payable") for line in lines} == {
        line["state"] for line in lines
    }
    assert "payment is paused (held_compliance)" in told
