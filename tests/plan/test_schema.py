"""
The JSON Schema of plan files: it takes the plans that ship, and marks what an editor should mark.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document import gates, ladder, paying, rewards
from backend.plan.schema import plan_schema
from tests.plan.plans import PLANS

SOUND = (Path(__file__).parent / "sound.toml").read_text()
SCHEMA = Draft202012Validator(plan_schema())


def as_json(text: str) -> Any:
    """Return a TOML text as an editor's language server shows it to a schema: days are strings."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_the_schema_is_one() -> None:
    """The schema follows the JSON Schema dialect that it names."""
    Draft202012Validator.check_schema(plan_schema())


def test_the_published_schema_is_the_one_that_reads() -> None:
    """What `handrail plan schema` prints is what stands in manifest/schemas for editors."""
    assert json.loads(Path("manifest/schemas/plan.schema.json").read_text()) == plan_schema()


def test_every_table_of_a_plan_has_its_own_shape() -> None:
    """No two structs of the document share a name, which would give both the shape of one."""
    tables = {each for module in (gates, ladder, paying, rewards) for each in vars(module).values() if _is_table(each)}
    assert len(tables) == len({table.__name__ for table in tables})
    assert {table.__name__ for table in tables} | {"Document", "Market"} == set(plan_schema()["$defs"])


def _is_table(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Struct) and value not in {Struct, Since}


def test_a_value_may_have_an_entry_of_a_market() -> None:
    """A day and a market make a key beside the days; anything else behind the day is marked."""
    for key, good in (('"2026-08-01 JP"', True), ('"2026-08-01 "', False), ('"2026-08-01 J P"', False)):
        text = SOUND.replace('2026-07-01 = "6 %"', f'2026-07-01 = "6 %", {key} = "7 %"')
        assert good == SCHEMA.is_valid(as_json(text)), key


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
