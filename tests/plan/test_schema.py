"""
The JSON Schema of plan files: it takes the plans that ship, and marks what an editor should mark.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.plan.schema import plan_schema

SOUND = (Path(__file__).parent / "sound.toml").read_text()
PLANS = [*sorted(Path("manifest/plans").glob("*.toml")), Path(__file__).parent / "sound.toml"]
SCHEMA = Draft202012Validator(plan_schema())


def as_json(text: str) -> Any:
    """Return a TOML text as an editor's language server shows it to a schema: days are strings."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_the_schema_is_one() -> None:
    """The schema follows the JSON Schema dialect that it names."""
    Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.name)
def test_every_plan_that_ships_fits_the_schema(plan: Path) -> None:
    """A sound plan is never marked in an editor."""
    assert [] == [error.message for error in SCHEMA.iter_errors(as_json(plan.read_text()))]


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ('"12.5 %"', "12.5"),
        ('"12.5 %"', '"12.5"'),
        ('name = "Second"', ""),
        ('name = "Second"', 'name = "Second"\nnick = "2nd"'),
        ('"half up"', '"up"'),
        ("{ 2026-01-01 = 90 }", "90"),
        ("{ 2026-01-01 = 90 }", "{ }"),
        ("{ 2026-01-01 = 90 }", "{ soon = 90 }"),
        ('measure = "side_volume", at_least = 600', 'measure = "volume", at_least = 600'),
        ("at_least = 2500", "at_least = -2500"),
        ('"150 JPY"', '"150"'),
    ],
)
def test_what_cannot_be_read_is_marked(find: str, put: str) -> None:
    """A misspelt field, a missing one, a float, a value without its day: an editor marks them all."""
    assert SOUND.count(find) == 1
    assert not SCHEMA.is_valid(as_json(SOUND.replace(find, put)))
