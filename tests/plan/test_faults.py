"""
Planted faults: each is found under its code at its line and column, with a reason and a remedy, and nothing else is.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from backend.plan.reading import findings_of, read_plan
from tests.plan.carets import spot_of, without

HERE = Path(__file__).parent
SOUND = (HERE / "sound.toml").read_text()
FAULTS: list[dict[str, Any]] = tomllib.loads((HERE / "faults.toml").read_text())["fault"]


def planted(fault: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    """Return the spoilt plan and the place where its finding must stand."""
    assert SOUND.count(fault["find"]) == 1, f"{fault['find']!r} must stand once in sound.toml"
    marked = SOUND.replace(fault["find"], fault["put"])
    if "at" in fault:
        assert marked.count(without(fault["at"])) == 1, f"{fault['at']!r} must stand once in the spoilt plan"
        marked = marked.replace(without(fault["at"]), fault["at"])
    return without(marked), spot_of(marked)


def test_the_plan_that_is_spoilt_is_sound() -> None:
    """The plan into which faults are planted has no finding itself."""
    assert [] == findings_of(SOUND, "sound.toml")
    assert "sound" == read_plan(SOUND, "sound.toml").name


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["claim"] for fault in FAULTS])
def test_a_planted_fault_is_found_at_its_place(fault: dict[str, Any]) -> None:
    """A fault is found under its code, at its line and column, and is not reported a second time as something else."""
    text, (line, column) = planted(fault)
    findings = findings_of(text, "plan.toml")
    found = [(each.code, each.place.line, each.place.column) for each in findings]
    assert (fault["code"], line, column) in found, "\n".join(map(str, findings))
    assert sorted([fault["code"], *fault.get("also", [])]) == sorted(each.code for each in findings)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["claim"] for fault in FAULTS])
def test_a_finding_says_why_and_what_to_do(fault: dict[str, Any]) -> None:
    """Every finding has a reason and a remedy in whole sentences, and its place is one that editors make a link."""
    text, _ = planted(fault)
    for finding in findings_of(text, "plan.toml"):
        assert finding.message[-1] in ".?"
        assert finding.remedy[-1] in ".?"
        assert str(finding).startswith(f"plan.toml:{finding.place.line}:{finding.place.column} {finding.code}: ")


def test_every_code_is_planted_at_least_once() -> None:
    """More than thirty kinds of fault are planted."""
    assert len({fault["code"] for fault in FAULTS}) > 30
