"""
Forms: how a cell or a field is written, as JSON Schema, from the same patterns and words that read it.

What a schema cannot say is said by the reader alone: that a day is in the calendar, that an id holds no invisible
character, that nobody is named as the own sponsor.
"""

from collections.abc import Callable, Mapping
from typing import Any

from backend.files import cells
from backend.files.facts import PERCENTS, WORDS, fact_of
from backend.files.products import MOST_UNITS, UNITS
from backend.intake.reading import TYPES, Cell, correction_of, type_of

Form = Mapping[str, Any]

ID: Form = {"type": "string", "pattern": rf"^\S{{1,{cells.MOST_ID}}}$"}
DAY: Form = {"type": "string", "format": "date", "pattern": f"^{cells.DATE.pattern}$"}
POINTS: Form = {"type": "string", "pattern": f"^{cells.POINTS.pattern}$"}
INSTANT: Form = {"type": "string", "pattern": f"^({cells.DATE.pattern}|{cells.INSTANT.pattern})$"}
UNITS_OF: Form = {"type": "integer", "minimum": 1, "maximum": MOST_UNITS}
BY_PRODUCT: Form = {"type": ["object", "null"], "propertyNames": ID, "additionalProperties": UNITS_OF}
PRODUCTS_CELL: Form = {
    "type": "string",
    "pattern": rf"^ *(\S+:{UNITS.pattern}( +\S+:{UNITS.pattern})*)? *$",
}

OF_READER: Mapping[Callable[[str], Any], Form] = {
    cells.code: ID,
    cells.day: DAY,
    cells.points: POINTS,
    cells.count: {"type": "string", "pattern": f"^({cells.COUNT.pattern})?$"},
    cells.name: {"type": "string", "maxLength": cells.MOST_NAME},
    cells.training: {"enum": list(cells.TRAINING)},
    type_of: {"enum": list(TYPES)},
    correction_of: {"type": "string", "pattern": "^[0-9]{1,3}$"},
    fact_of: {"enum": list(WORDS)},
    str: {"type": "string"},
}
"""The form that each reader of a cell takes."""


def form_of(cell: Cell) -> Form:
    """Return how a cell is written that is there."""
    return OF_READER[cell.read]


def or_nothing(form: Form, *nothing: str | None) -> Form:
    """Return a form in whose place nothing may stand: an empty text, or null."""
    return {"anyOf": [form, {"enum": list(nothing)}]}


def values_of_facts() -> list[Form]:
    """Return for each fact how its value is written."""
    return [
        {
            "if": {"properties": {"fact": {"const": fact}}},
            "then": {"properties": {"value": _percent(words) if fact in PERCENTS else {"enum": list(words)}}},
        }
        for fact, words in WORDS.items()
    ]


def _percent(words: Mapping[str, int]) -> Form:
    return {"type": "string", "pattern": f"^({cells.PERCENT.pattern}|{'|'.join(words)})$"}
