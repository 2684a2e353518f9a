"""
The plan file's JSON Schema, from the same structs that read it, so that an editor helps while a plan is written.

Editors with a TOML language server complete the fields and mark what is misspelt. What a schema cannot say (that
percents ascend, that a clause exists) is said by `handrail plan check`.
"""

from typing import Any, Literal, get_args, get_origin

from msgspec import NODEFAULT
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.plan.decode import NONE, accepts_nothing, form_of, hints, is_union, present
from backend.plan.document import Document
from backend.plan.forms import SINCE_PATTERN

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """Return the schema of a plan file as JSON Schema, draft 2020-12; TOML's dates are strings in it."""
    shapes: dict[str, Any] = {}
    root = _shape(Document, shapes)
    return {"$schema": DIALECT, "title": "Handrail plan", **root, "$defs": dict(sorted(shapes.items()))}


def _shape(kind: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    if form := form_of(kind):
        return form.schema
    if is_union(kind):
        return _any_of(present(kind), shapes)
    if get_origin(kind) is Since:
        return _dated(get_args(kind)[0], shapes)
    return _plain(get_origin(kind), get_args(kind), shapes) if get_origin(kind) else _table(kind, shapes)


def _plain(origin: Any, inner: tuple[Any, ...], shapes: dict[str, Any]) -> dict[str, Any]:
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _shape(inner[1], shapes)}
    assert origin is tuple, f"no file can hold a field of the type {origin}"
    return {"type": "array", "items": _shape(inner[0], shapes)}


def _any_of(kind: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    if not is_union(kind):
        return _shape(kind, shapes)
    return {"anyOf": [_shape(arm, shapes) for arm in get_args(kind)]}


def _dated(kind: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    value = _shape(kind, shapes)
    if accepts_nothing(kind):
        value = {"anyOf": [value, {"const": NONE}]}
    return {
        "type": "object",
        "description": 'Each value with the day from which it holds: { 2026-01-01 = …, "2026-01-01 EU" = … }.',
        "patternProperties": {SINCE_PATTERN: value},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _table(kind: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in shapes:
        types = hints(kind)
        shapes[kind.__name__] = {}
        shapes[kind.__name__] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {each.name: _shape(types[each.name], shapes) for each in fields(kind)},
            "required": [each.name for each in fields(kind) if each.default is NODEFAULT],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
