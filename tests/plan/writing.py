"""
A document written back as a plan file, its keys in any order: the other direction of reading, for tests.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, get_args, get_origin

from msgspec import UNSET, Struct
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.kernel.money import Money
from backend.kernel.points import percent_text, points_text
from backend.plan import forms
from backend.plan.currencies import DECIMALS
from backend.plan.decode import form_of, hints, is_union, present
from backend.plan.document import Document

Order = Callable[[list[str]], list[str]]


def written(document: Document, order: Order) -> str:
    """Return the plan file of a document, its keys and tables ordered as `order` says."""
    types = hints(Document)
    names = [each.name for each in fields(Document) if getattr(document, each.name) is not None]
    plain = [name for name in names if not isinstance(getattr(document, name), Struct | tuple | dict)]
    lines = [f"{name} = {_value(types[name], getattr(document, name), order)}" for name in order(plain)]
    for name in order([name for name in names if name not in plain]):
        lines += _tables(name, types[name], getattr(document, name), order)
    return "\n".join(lines) + "\n"


def _tables(name: str, kind: Any, value: Any, order: Order) -> list[str]:
    if isinstance(value, tuple):
        return [line for each in value for line in [f"[[{name}]]", *_lines(each, order)]]
    if isinstance(value, dict):
        return [f"[{name}]", *[f"{json.dumps(key)} = {json.dumps(value[key])}" for key in value]]
    return [f"[{name}]", *_lines(value, order)]


def _lines(value: Struct, order: Order) -> list[str]:
    types = hints(type(value))
    names = [each.name for each in fields(value) if getattr(value, each.name) not in (None, UNSET)]
    return [f"{name} = {_value(types[name], getattr(value, name), order)}" for name in order(names)]


def _value(kind: Any, value: Any, order: Order) -> str:
    if value is None:
        return '"none"'
    kind = present(kind)
    if form := form_of(kind):
        return _scalar(form, value)
    if isinstance(value, Since):
        return f"{{ {', '.join(_entries(kind, value, order))} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(_value(get_args(kind)[0], each, order) for each in value)}]"
    if isinstance(value, Struct):
        return f"{{ {', '.join(_lines(value, order))} }}"
    assert is_union(kind) or get_origin(kind), kind
    return json.dumps(value)


def _entries(kind: Any, value: Since[Any], order: Order) -> list[str]:
    """Return the entries, those of the markets among the general ones, each market's days in their order."""
    every = sorted(value.every(), key=lambda entry: entry[0])
    return [f'"{forms.since_key(day, where)}" = {_value(get_args(kind)[0], each, order)}' for day, where, each in every]


def _scalar(form: forms.Form, value: Any) -> str:
    if form is forms.POINTS:
        return points_text(value) if value % 100 == 0 else f'"{points_text(value)}"'
    if form in {forms.PERCENT, forms.FINE_PERCENT}:
        return f'"{percent_text(value, forms.FINE if form is forms.FINE_PERCENT else 1)}"'
    if isinstance(value, Money):
        whole, rest = divmod(value.amount_minor, 10 ** DECIMALS[value.currency])
        return f'"{whole}.{rest:02d} {value.currency}"' if DECIMALS[value.currency] else f'"{whole} {value.currency}"'
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
