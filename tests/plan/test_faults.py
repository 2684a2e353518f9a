"""
Planted faults: each is found under its code at its line and column, with a reason and a remedy, and nothing else is.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.kernel.finding import Finding
from backend.plan.reading import findings_of, read_plan
from tests.plan.carets import spot_of, without

HERE = Path(__file__).parent
PLANS = {name: (HERE / name).read_text() for name in ("sound.toml", "every.toml")}
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "faults.toml").read_text())["fault"]


def planted(fault: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    """Return the spoilt plan and the place where its finding must stand."""
    marked = PLANS[fault.get("into", "sound.toml")]
    for find, put in [(fault["find"], fault["put"]), *([fault["beside"]] if "beside" in fault else [])]:
        assert marked.count(find) == 1, f"{find!r} must stand once in the plan that is spoilt"
        marked = marked.replace(find, put)
    if "at" in fault:
        assert marked.count(without(fault["at"])) == 1, f"{fault['at']!r} must stand once in the spoilt plan"
        marked = marked.replace(without(fault["at"]), fault["at"])
    return without(marked), spot_of(marked)


@cache
def findings(text: str) -> tuple[Finding, ...]:
    """Return what is found in a text, which is read once for all that is claimed of it."""
    return tuple(findings_of(text, "plan.toml"))


@pytest.mark.parametrize("name", PLANS)
def test_the_plan_that_is_spoilt_is_sound(name: str) -> None:
    """A plan into which faults are planted has no finding itself."""
    assert [] == findings_of(PLANS[name], name)
    assert name == f"{read_plan(PLANS[name], name).name}.toml"


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["claim"] for fault in FAULTS])
def test_a_planted_fault_is_found_at_its_place(fault: dict[str, Any]) -> None:
    """A fault is found under its code, at its line and column, and is not reported a second time as something else."""
    text, (line, column) = planted(fault)
    found = [(each.code, each.place.line, each.place.column) for each in findings(text)]
    assert (fault["code"], line, column) in found, "\n".join(map(str, findings(text)))
    assert sorted([fault["code"], *fault.get("also", [])]) == sorted(each.code for each in findings(text))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["claim"] for fault in FAULTS])
def test_a_finding_says_why_and_what_to_do(fault: dict[str, Any]) -> None:
    """Every finding has a reason and a remedy in whole sentences, and its place is one that editors make a link."""
    text, _ = planted(fault)
    for finding in findings(text):
        assert finding.message[-1] in ".?"
        assert finding.remedy[-1] in ".?"
        assert str(finding).startswith(f"plan.toml:{finding.place.line}:{finding.place.column} {finding.code}: ")


def test_every_code_is_planted_at_least_once() -> None:
    """More than ninety kinds of fault are planted."""
    assert len({fault["code"] for fault in FAULTS}) > 90


@given(st.integers(0, len(PLANS["every.toml"])), st.integers(0, 60), st.sampled_from(["", "0", '"none"', "[]", "{ }"]))
@settings(max_examples=80, deadline=None)
def test_no_damage_makes_a_check_stumble(start: int, length: int, patch: str) -> None:
    """The plan of every setting with any stretch replaced yields findings inside the file, or is sound."""
    text = PLANS["every.toml"][:start] + patch + PLANS["every.toml"][start + length :]
    for finding in findings_of(text, "plan.toml"):
        assert 1 <= finding.place.line <= text.count("\n") + 1, finding
