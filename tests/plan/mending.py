"""
A plan file written from TOML values, and mended as its author would: what a finding names is taken out.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, get_args, get_origin

from msgspec import NODEFAULT
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.decode import form_of, hints, is_union, present
from backend.plan.document import Document
from backend.plan.reading import findings_of
from tests.plan.drafts import BEGINS, clauses_in

PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def toml_of(plan: dict[str, Any]) -> str:
    """Return a plan file: what is no table first, then each table, and each of an array of tables."""
    plain = {name: value for name, value in plan.items() if not isinstance(value, dict | list)}
    lines = [f"{name} = {_inline(value)}" for name, value in plain.items()]
    for name, value in plan.items():
        if name not in plain:
            for table in value if isinstance(value, list) else [value]:
                lines += [f"[[{name}]]" if isinstance(value, list) else f"[{name}]"]
                lines += [f"{json.dumps(key)} = {_inline(each)}" for key, each in table.items()]
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_inline(each)}' for key, each in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def mended(plan: dict[str, Any], *, rounds: int) -> tuple[str, list[Finding]]:
    """Return the file and what is still found in it after so many rounds of taking out what is found."""
    text = toml_of(plan)
    found = findings_of(text, "draft.toml")
    for _ in range(rounds):
        if not found:
            break
        take_out(plan, found)
        text = toml_of(plan)
        found = findings_of(text, "draft.toml")
    return text, found


def take_out(plan: dict[str, Any], found: Iterable[Finding]) -> None:
    """Take what findings name out of a plan, or the nearest part around it that can be left out; clauses follow."""
    paths = {tuple(int(at) if at else word for at, word in PART.findall(each.place.path)) for each in found}
    for path in sorted(paths, key=lambda path: [str(part).zfill(3) for part in path], reverse=True):
        _without(plan, Document, path)
    clauses = sorted({*clauses_in({name: value for name, value in plan.items() if name != "clauses"})})
    plan["clauses"] = {clause: f"Clause {clause}." for clause in clauses}


def _without(value: Any, kind: Any, path: tuple[Any, ...]) -> bool:
    """Take out the innermost part of a path that can be; tell whether any could."""
    if not path or not isinstance(value, dict | list):
        return False
    part, kind = path[0], _arm(present(kind), value)
    try:
        inner = value[part]
    except (KeyError, IndexError):
        return False
    if _without(inner, _kind(kind, part), path[1:]):
        return True
    if not _may_lack(kind, value, part):
        return False
    del value[part]
    return True


def _arm(kind: Any, value: Any) -> Any:
    """Return the struct that a table of conditions is."""
    if not is_union(kind) or form_of(kind):
        return kind
    arms = {word: arm for arm in get_args(kind) for word in get_args(hints(arm)["measure"])}
    return arms.get(value.get("measure"), dict)


def _kind(kind: Any, part: Any) -> Any:
    if get_origin(kind) in {Since, tuple}:
        return get_args(kind)[0]
    return hints(kind).get(part) if isinstance(kind, type) and hasattr(kind, "__struct_fields__") else None


def _may_lack(kind: Any, value: Any, part: Any) -> bool:
    """Tell whether a list has others beside a part, a table of days an earlier one, or a struct a default for it."""
    if get_origin(kind) is tuple:
        return len(value) > 1
    if get_origin(kind) is Since:
        return part != BEGINS.isoformat()
    if get_origin(kind) is Literal or not hasattr(kind, "__struct_fields__"):
        return False
    return any(each.name == part and each.default is not NODEFAULT for each in fields(kind))
