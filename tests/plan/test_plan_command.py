"""
`handrail plan` as a person calls it: what it prints and how it exits.
"""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli.plan import command

STAIRSTEP = "manifest/plans/stairstep.toml"


def run(*words: str) -> Result:
    """Call `handrail plan` in this process."""
    return CliRunner().invoke(command, words)


def test_a_sound_plan_exits_with_zero_and_its_digest() -> None:
    """A plan without a finding says so, with a digest that is the same for the same plan."""
    first, second = run("check", STAIRSTEP), run("check", STAIRSTEP)
    assert (0, first.output) == (second.exit_code, second.output)
    assert first.output.startswith(f"{STAIRSTEP}: no findings, digest ")


def test_a_spoilt_plan_exits_with_one_and_all_findings(tmp_path: Path) -> None:
    """Every finding is printed on its own line as `file:line:column code: …`, and the exit code is 1."""
    plan = tmp_path / "plan.toml"
    text = Path(STAIRSTEP).read_text().replace('"16 %" }', "16.0 }").replace('clause = "8.1"', 'clause = "8.7"')
    plan.write_text(text)
    result = run("check", str(plan))
    assert 1 == result.exit_code
    codes = [line.split()[1] for line in result.output.splitlines() if line.startswith(f"{plan}:")]
    assert {"number-float:", "clause-unknown:", "clause-unused:", "3"} == set(codes)


def test_a_plan_that_is_not_text_is_refused_without_a_traceback(tmp_path: Path) -> None:
    """A file of other bytes gets findings and exit code 1."""
    plan = tmp_path / "plan.toml"
    plan.write_bytes(b"\xff\xfe\x00\x01")
    result = run("check", str(plan))
    assert (1, True) == (result.exit_code, "not-utf8" in result.output)
    assert isinstance(result.exception, SystemExit)


def test_show_prints_the_plan_on_a_day() -> None:
    """The rules of the day are printed: before 2024 the fast start had 60 days, since then 90."""
    outputs = [run("show", STAIRSTEP, "--on", day).output for day in ("2023-12-31", "2024-01-01")]
    assert [True, True] == ["within 60 days" in outputs[0], "within 90 days" in outputs[1]]
    assert 0 == run("show", STAIRSTEP).exit_code


def test_a_day_that_is_none_is_explained() -> None:
    """A misspelt day is a usage error that shows how a day is written."""
    result = run("show", STAIRSTEP, "--on", "31.10.2026")
    assert 2 == result.exit_code
    assert "2026-10-31" in result.output


def test_schema_prints_json() -> None:
    """The schema comes as JSON, ready for a file."""
    printed = json.loads(run("schema").output)
    assert ["$defs", "$ref", "$schema", "title"] == sorted(printed)
