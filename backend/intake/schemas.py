"""
The JSON Schemas of what intake takes: a row of each file of a drop, and the messages at the three doors.

They are made from the tables that read files and messages, so that a program which fits them is understood here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.files.sheet import Column
from backend.intake import day_totals, lines
from backend.intake.drop import FILES
from backend.intake.forms import (
    BY_PRODUCT,
    DAY,
    ID,
    INSTANT,
    POINTS,
    PRODUCTS_CELL,
    UNITS_OF,
    Form,
    form_of,
    or_nothing,
    values_of_facts,
)
from backend.intake.order_body import BACK, KINDS, NOT_OF_CANCELLATION
from backend.intake.order_body import FIELDS as ORDER_FIELDS
from backend.intake.order_message import MOST_ORDERS
from backend.intake.reading import FIELDS, MOST_EVENTS, PRICE, Cell
from backend.intake.schema_words import OF_FIELD, OF_FILE, OF_KIND

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROWS = "UTF-8, a comma between cells, the first line names the columns in any order. Every cell is text."
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return each schema by the name of its file: `prices.schema.json`, `events.message.schema.json`."""
    rows = {f"{name.removesuffix('.csv')}.schema.json": _row(name) for name in FILES}
    return rows | {
        "events.message.schema.json": _message("events", "event", MOST_EVENTS, _events()),
        "orders.message.schema.json": _message("orders", "order", MOST_ORDERS, _orders(in_events=False)),
        "totals.message.schema.json": _message("totals", "day", day_totals.MOST_DAYS, {"day": _totals()}),
    }


def _row(name: str) -> Schema:
    """Return what a row of a file holds, its cells as they are written."""
    kind, columns = FILES[name]
    return {
        "$schema": DIALECT,
        "title": f"A row of {name}",
        "description": f"{OF_FILE[name]} {ROWS}",
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in columns if column.required],
        "properties": {column.name: _described(kind, column.name, _cell(kind, column)) for column in columns},
        **({"allOf": values_of_facts()} if kind == "fact" else {}),
    }


MAYBE_EMPTY = {"sponsor", "member", "pv", "cv"}
"""Columns that a file needs, and whose cells may be empty: at the top, in a cancellation, where products are priced."""


def _cell(kind: str, column: Column) -> Form:
    """Return how a cell is written; an empty one is there where nothing is said."""
    own: Mapping[str, Form] = {
        "products": PRODUCTS_CELL,
        "parts": PRODUCTS_CELL,
        "left": DAY,
        "placed_at": INSTANT,
        "pv": POINTS,
        "cv": POINTS,
        "order": ID,
        "returns": ID,
        "customer": ID,
        "member": ID,
    }
    fields = FIELDS.get(kind, {})
    form = form_of(fields[column.name]) if column.name in fields else own.get(column.name, {"enum": list(KINDS)})
    is_needed = column.required and not (column.name == "sponsor" or (kind == "order" and column.name in MAYBE_EMPTY))
    return form if is_needed else or_nothing(form, "")


def _message(many: str, one: str, most: int, shapes: Mapping[str, Schema]) -> Schema:
    """Return a message of one thing, a list, or an object with the list."""
    which: Form = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in shapes]}
    listed: Form = {"type": "array", "minItems": 1, "maxItems": most, "items": {"$ref": f"#/$defs/any_{one}"}}
    return {
        "$schema": DIALECT,
        "title": f"A message at /intake/{many}",
        "description": f"One {one}, a list of up to {most:,}, or an object that names the list.",
        "anyOf": [
            {"type": "object", "required": [many], "properties": {many: listed}},
            listed,
            {"allOf": [{"$ref": f"#/$defs/any_{one}"}, {"not": {"type": "object", "required": [many]}}]},
        ],
        "$defs": {f"any_{one}": which, **shapes},
    }


def _events() -> dict[str, Schema]:
    return {kind: _event(kind) for kind in FIELDS} | _orders(in_events=True)


def _event(kind: str) -> Schema:
    """Return what an event of a kind says, orders apart."""
    properties: dict[str, Form] = {"kind": {"const": kind}}
    properties |= {name: _field(cell) for name, cell in FIELDS[kind].items()}
    if kind == "product":
        properties |= {"parts": BY_PRODUCT, "prices": {"type": ["array", "null"], "items": _price()}}
    shape = _object(kind, properties, ["kind", *_needed(FIELDS[kind])])
    if kind == "fact":
        shape["allOf"] = values_of_facts()
    if kind == "leaving":
        shape["anyOf"] = [
            {"required": ["on"], "properties": {"on": DAY}},
            {"required": ["correction"], "properties": {"correction": {"type": "string", "pattern": "[1-9]"}}},
        ]
    return shape


def _field(cell: Cell) -> Form:
    return form_of(cell) if cell.required else or_nothing(form_of(cell), "", None)


def _needed(fields: Mapping[str, Cell]) -> Iterator[str]:
    return (name for name, cell in fields.items() if cell.required)


def _price() -> Schema:
    """Return a price within a product."""
    return _object("price", {name: _field(cell) for name, cell in PRICE.items()}, list(_needed(PRICE)))


def _orders(*, in_events: bool) -> dict[str, Schema]:
    """Return an order, what takes a part of one back, and what takes back the rest; among events each says its kind."""
    return {
        "order": _order(["order"] if in_events else ["order", "", None], is_back=False, in_events=in_events),
        "return": _order([kind for kind in BACK if kind != "cancellation"], is_back=True, in_events=True),
        "cancellation": _cancellation(),
    }


NOTHING: Form = {"enum": ["", None]}
EMPTY: Form = {"enum": ["", None, [], {}]}
FULL_LINES: Form = {"required": ["lines"], "properties": {"lines": {"type": "array", "minItems": 1}}}
FULL_PRODUCTS: Form = {"required": ["products"], "properties": {"products": {"type": "object", "minProperties": 1}}}
VOLUMES: Form = {"required": ["pv", "cv"], "properties": {"pv": POINTS, "cv": POINTS}}


def _order(kinds: list[str | None], *, is_back: bool, in_events: bool) -> Schema:
    properties: dict[str, Form] = {
        "order": ID,
        "kind": {"enum": kinds},
        "member": ID,
        "customer": or_nothing(ID, "", None),
        "placed_at": INSTANT,
        "pv": or_nothing(POINTS, None),
        "cv": or_nothing(POINTS, None),
        "returns": ID if is_back else NOTHING,
        "products": BY_PRODUCT,
        "lines": {"type": ["array", "null"], "items": _line()},
    }
    required = ["order", *(["kind"] if in_events else []), "member", "placed_at", *(["returns"] if is_back else [])]
    assert tuple(properties) == ORDER_FIELDS, "an order has the fields that are read"
    return _object("return" if is_back else "order", properties, required) | {
        "anyOf": [FULL_LINES, VOLUMES],
        "not": {"allOf": [FULL_LINES, FULL_PRODUCTS]},
    }


def _cancellation() -> Schema:
    properties: dict[str, Form] = {
        "order": ID,
        "kind": {"const": "cancellation"},
        "member": or_nothing(ID, "", None),
        "placed_at": INSTANT,
        "returns": ID,
        **dict.fromkeys(NOT_OF_CANCELLATION, EMPTY),
    }
    return _object("cancellation", properties, ["order", "kind", "placed_at", "returns"])


def _line() -> Schema:
    nothing: Form = {"properties": {name: {"const": None} for name in ("pv", "cv")}}
    properties = {"product": ID, "units": UNITS_OF, "pv": or_nothing(POINTS, None), "cv": or_nothing(POINTS, None)}
    assert tuple(properties) == lines.FIELDS, "a line has the fields that are read"
    return _object("line", properties, ["product", "units"]) | {"anyOf": [VOLUMES, nothing]}


def _totals() -> Schema:
    volume: Form = {"type": "string", "pattern": f"^({day_totals.VOLUME.pattern})$"}
    properties: dict[str, Form] = {
        "day": DAY,
        "orders": {"type": "integer", "minimum": 0, "maximum": day_totals.MOST_NUMBER},
        "pv": volume,
        "cv": volume,
        "keys": {"type": ["array", "null"], "items": {"type": "string", "minLength": 1, "maxLength": 64}},
    }
    assert tuple(properties) == day_totals.FIELDS, "totals have the fields that are read"
    return _object("totals", properties, list(day_totals.REQUIRED))


def _object(kind: str, properties: Mapping[str, Form], required: list[str]) -> Schema:
    return {
        "description": OF_KIND[kind],
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": {name: _described(kind, name, form) for name, form in properties.items()},
    }


def _described(kind: str, name: str, form: Form) -> Form:
    """Return a field's form beside what it says."""
    words = OF_FIELD.get(f"{kind}.{name}") or OF_FIELD[name]
    return {"description": words, **form}
