"""Closed months as files: a calculation goes on where another ended, and brings corrections as adjustments."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import group

PLAN = Path(__file__).parents[2] / "manifest" / "plans" / "stairstep.toml"
MEMBERS = "member,sponsor,joined,training\nA,,2026-01-01,yes\nB,A,2026-02-01,no\nC,B,2026-03-01,no\n"
ORDERS = """order,kind,member,customer,placed_at,pv,cv,returns
O1,,A,K1,2026-08-05,700,700,
O2,,B,K2,2026-08-06,450,450,
O3,,A,K1,2026-09-05,700,700,
O4,,B,K2,2026-09-06,450,450,
O5,,C,K3,2026-10-06,120,120,
"""
RECOVERED = """
[returns]
clause = "2.1"
count = "at the rate that was paid"
"""
LATE = ORDERS + "O6,,C,K4,2026-08-20,100,100,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lay out a company of three in a line with three months of orders."""
    (tmp_path / "members.csv").write_text(MEMBERS)
    (tmp_path / "orders.csv").write_text(ORDERS)
    return tmp_path


def calc(folder: Path, *words: str) -> Result:
    """Run `handrail calc` on the company."""
    files = ("--plan", PLAN, "--members", folder / "members.csv", "--orders", folder / "orders.csv")
    return CliRunner().invoke(group, ["calc", *map(str, files), *words])


def test_a_calculation_goes_on_where_another_ended(folder: Path) -> None:
    """August alone, then September and October from its carryover, give what all three months at once give."""
    calc(folder, "--period", "2026-08", "--out", str(folder / "august"))
    carried = str(folder / "august" / "carryover-2026-08.json")
    after = json.loads(calc(folder, "--periods", "2026-09..2026-10", "--carryover", carried, "--json").stdout)
    whole = json.loads(calc(folder, "--periods", "2026-08..2026-10", "--json").stdout)

    assert [one["digest"] for one in whole["periods"][1:]] == [one["digest"] for one in after["periods"]]


def test_what_a_month_hands_on_is_what_its_result_names(folder: Path) -> None:
    """The digest in the result is that of the saved document, and two runs save the same bytes."""
    for name in ("one", "two"):
        calc(folder, "--periods", "2026-08..2026-09", "--out", str(folder / name))
    saved = [(folder / name / "carryover-2026-09.json").read_bytes() for name in ("one", "two")]

    assert saved[0] == saved[1]
    assert 2 == len(json.loads((folder / "one" / "result.json").read_bytes())["periods"])


def test_a_late_order_of_a_closed_month_adjusts_the_open_one(folder: Path) -> None:
    """August was posted; a late order of August is owed in October, and the posting of August stays as it was."""
    calc(folder, "--periods", "2026-08..2026-09", "--out", str(folder / "closed"))
    posted = (folder / "closed" / "posting-2026-08.json").read_bytes()
    (folder / "orders.csv").write_text(LATE)

    out = folder / "open"
    calc(folder, "--periods", "2026-08..2026-10", "--posted", str(folder / "closed"), "--out", str(out))

    rows = list(csv.DictReader(io.StringIO((out / "adjustments.csv").read_text())))
    assert {("2026-10", "2026-08")} == {(row["period"], row["of_period"]) for row in rows}
    assert all(int(row["due_minor"]) - int(row["posted_minor"]) == int(row["amount_minor"]) for row in rows)
    assert {"A", "B"} == {row["earner"] for row in rows}
    assert posted == (folder / "closed" / "posting-2026-08.json").read_bytes()


def test_what_was_adjusted_once_is_not_adjusted_again(folder: Path) -> None:
    """October has posted what the late order of August is worth, so November owes nothing for it."""
    calc(folder, "--periods", "2026-08..2026-09", "--out", str(folder / "closed"))
    (folder / "orders.csv").write_text(LATE)
    calc(folder, "--periods", "2026-08..2026-10", "--posted", str(folder / "closed"), "--out", str(folder / "later"))

    found = calc(folder, "--periods", "2026-08..2026-11", "--posted", str(folder / "later"), "--json")

    assert {"2026-10"} == {line["period"] for line in json.loads(found.stdout)["adjustments"]}
    august = [(folder / name / "posting-2026-08.json").read_bytes() for name in ("closed", "later")]
    assert august[0] == august[1]


def test_recovered_returns_stand_in_tables_files_and_explanations(folder: Path) -> None:
    """What comes back in October of September's order is paid back in October, and said with its month and amounts."""
    plan = folder / "plan.toml"
    plan.write_text(PLAN.read_text() + RECOVERED)
    (folder / "orders.csv").write_text(ORDERS + "R4,return,B,K2,2026-10-08,450,450,O4\n")
    words = ["--plan", str(plan), "--members", str(folder / "members.csv"), "--orders", str(folder / "orders.csv")]

    def said(*more: str) -> str:
        return CliRunner().invoke(group, [more[0], *words, *more[1:]]).stdout

    lines = json.loads(said("calc", "--periods", "2026-08..2026-10", "--json"))["adjustments"]
    assert {("2026-10", "2026-09")} == {(line["period"], line["of_period"]) for line in lines}
    assert "adjusts" in said("calc", "--periods", "2026-08..2026-10")
    assert "2026-09 personal" in said("explain", "--periods", "2026-08..2026-10", "--member", "B")
    assert "Begin the span with 2026-09." in said("calc", "--period", "2026-10")
    assert ["O4"] == [
        back["returns"] for back in json.loads(said("calc", "--period", "2026-10", "--json"))["unrecovered"]
    ]


def test_without_a_correction_nothing_is_adjusted(folder: Path) -> None:
    """The same orders owe nothing."""
    calc(folder, "--periods", "2026-08..2026-09", "--out", str(folder / "closed"))
    found = calc(folder, "--periods", "2026-08..2026-10", "--posted", str(folder / "closed"), "--json")

    assert [] == json.loads(found.stdout)["adjustments"]


def test_a_file_that_is_no_carryover_is_a_finding(folder: Path) -> None:
    """A wrong file, or none, is answered with its place and a remedy."""
    (folder / "wrong.json").write_text('{"period": 3}')
    for name in ("wrong.json", "nowhere.json"):
        answered = calc(folder, "--period", "2026-10", "--carryover", str(folder / name))
        assert (1, True) == (answered.exit_code, "carryover-unreadable" in answered.output)


def test_postings_that_cannot_be_read_are_found_all_at_once(folder: Path) -> None:
    """Each posting of a closed month that is none is a finding, and so is a folder that is not there."""
    wrong = folder / "wrong"
    wrong.mkdir()
    for month in ("2026-08", "2026-09"):
        (wrong / f"posting-{month}.json").write_text("[]")

    answered = calc(folder, "--periods", "2026-08..2026-10", "--posted", str(wrong))
    assert (1, 2) == (answered.exit_code, answered.output.count("posting-unreadable"))
    assert "posting-unreadable" in calc(folder, "--period", "2026-10", "--posted", str(folder / "no")).output
