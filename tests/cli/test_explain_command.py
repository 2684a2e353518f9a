"""
`handrail explain` as a person calls it: the tree of a number, its reasons, and what is said of names that nobody bears.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli import group
from backend.cli.traces import REASONS
from backend.engine.explain.reasons import REMOVALS

PLAN = Path(__file__).parents[1] / "engine" / "cases" / "plan.toml"
MEMBERS = """member,sponsor,enroller,name,joined,market,title,held,missed,training
IRIS,,,Iris,2023-05-16,US,,0,0,yes
OMAR,IRIS,,Omar,2023-07-17,US,,0,0,no
"""
ORDERS = """order,kind,member,customer,placed_at,pv,cv,returns
A-1,order,IRIS,,2026-10-02T10:00:00Z,150.00,150.00,
A-2,order,OMAR,,2026-10-03T10:00:00Z,455.50,455.50,
"""

UNITS = """
[[levels]]
id = "start"
name = "Start bonus"
clause = "1"
products = { 2020-01-01 = [{ product = "TEA", amounts = ["5 USD"] }] }
"""
SOLD = """order,kind,member,customer,placed_at,pv,cv,returns,products
A-1,order,IRIS,,2026-10-02T10:00:00Z,150.00,150.00,,
A-2,order,OMAR,,2026-10-03T10:00:00Z,455.50,455.50,,TEA:3
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return the options that name a plan and the files of two members."""
    (tmp_path / "members.csv").write_text(MEMBERS)
    (tmp_path / "orders.csv").write_text(ORDERS)
    named = {"plan": PLAN, "members": tmp_path / "members.csv", "orders": tmp_path / "orders.csv", "period": "2026-10"}
    return [word for name, value in named.items() for word in (f"--{name}", str(value))]


def _explain(files: list[str], *words: str) -> Result:
    return CliRunner().invoke(group, ["explain", *files, *words])


def test_a_number_is_a_tree_down_to_its_lines(files: list[str]) -> None:
    """One number is asked for: its sum, each part with base, rate and rounding, the clause once."""
    said = _explain(files, "--member", "IRIS", "--number", "differential")
    assert 0 == said.exit_code, said.output
    assert [
        "differential 22.78 USD [1]",
        "  + leg of OMAR 22.78 USD",
        ("    + line 22.78 USD · 5 % of 455.5 CV · before rounding 22.775 · 5 % paid below are taken off · from OMAR"),
    ] == said.output.splitlines()[2:5]


def test_the_reasons_stand_below(files: list[str]) -> None:
    """What keeps a number from being higher is said in words, with the points that are missing."""
    said = _explain(files, "--member", "IRIS", "--number", "step").output.splitlines()
    assert "  not higher because" in said
    assert "    394.5 points more of own customers' volume are missing: gv 605.5 of 1000 [1]" in said


def test_without_a_number_all_are_explained(files: list[str]) -> None:
    """Every number has its tree, from the volume to what may be paid."""
    said = _explain(files, "--member", "OMAR").output.splitlines()
    tops = [line.split()[0] for line in said[2:] if line and not line.startswith(" ")]
    assert ("pv", "carried") == (tops[0], tops[-1])
    assert {"gv", "step", "title", "personal", "differential", "override", "pool", "total", "payable"} <= set(tops)


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        (["--member", "OMARS"], "member-unknown: no member bears the id 'OMARS'. Did you mean \"OMAR\"?"),
        (
            ["--member", "OMAR", "--number", "overide"],
            "number-unknown: no number of this plan is called 'overide'. Did you mean \"override\"?",
        ),
    ],
)
def test_an_unknown_name_is_a_finding_with_the_nearest(files: list[str], words: list[str], finding: str) -> None:
    """Who asks for what is not there reads what is, with exit code 1 and no traceback."""
    said = _explain(files, *words)
    assert 1 == said.exit_code
    assert finding in said.stderr
    assert isinstance(said.exception, SystemExit)


def test_every_reason_has_words() -> None:
    """Whatever the engine may give as a reason, the command line can say."""
    assert REMOVALS.keys() == REASONS.keys()


def test_units_of_a_product_say_what_each_of_them_pays(tmp_path: Path) -> None:
    """Where units of products pay amounts, a line says how many of what there are, and what one of them pays."""
    (tmp_path / "plan.toml").write_text(PLAN.read_text() + UNITS)
    (tmp_path / "members.csv").write_text(MEMBERS)
    (tmp_path / "orders.csv").write_text(SOLD)
    named = {"plan": "plan.toml", "members": "members.csv", "orders": "orders.csv"}
    words = [word for name, file in named.items() for word in (f"--{name}", str(tmp_path / file))]
    said = _explain([*words, "--period", "2026-10"], "--member", "IRIS", "--number", "level")
    assert 0 == said.exit_code, said.output
    assert "line 15.00 USD · 3 of TEA at 5.00 USD · generation 1 · from OMAR" in said.output
