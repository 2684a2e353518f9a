"""
From TOML values to the document's structs, noting every mistake and going on.

msgspec's own decoder stops at the first mistake, so this one walks the same structs itself. What cannot be read is
replaced by a stand-in of the right type, so that whatever does not depend on it can still be checked; a document
with stand-ins is never handed out.
"""

from collections.abc import Callable
from datetime import date
from functools import cache, reduce
from itertools import pairwise
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.plan.forms import Fault, Form, read_since, shown, since_key
from backend.plan.nearest import nearest, one_of
from backend.plan.source import Path, Source

UNREADABLE = "\0"
"""Stands in a mended text for a value that is not TOML; its finding is already written, so it is passed over."""

NONE = "none"
"""What ends a value that may be absent: `{ 2026-01-01 = 200, 2027-01-01 = "none" }`."""

EXAMPLES = {"gv": '{ measure = "gv", at_least = 6000 }', "broken_away": '{ measure = "broken_away" }'}
"""What a gate and what an exclusion look like, by a measure that only one of the two knows."""


@cache
def hints(kind: Any) -> dict[str, Any]:
    """Return the fields of a struct with their types, forms included."""
    return get_type_hints(kind, include_extras=True)


def is_union(kind: Any) -> bool:
    """Tell whether a type is one of several."""
    return get_origin(kind) in {Union, UnionType}


def present(kind: Any) -> Any:
    """Return what a type is where it is given: `X` of `X | None`."""
    return reduce(or_, (arm for arm in get_args(kind) if arm is not NoneType)) if is_union(kind) else kind


def accepts_nothing(kind: Any) -> bool:
    """Tell whether a value may be absent."""
    return is_union(kind) and NoneType in get_args(kind)


def form_of(kind: Any) -> Form | None:
    """Return the form of a written value; None for tables and arrays."""
    found = [mark for mark in get_args(kind)[1:] if isinstance(mark, Form)] if get_origin(kind) is Annotated else []
    return found[0] if found else None


def stand_in(kind: Any) -> Any:
    """Return a harmless value of a type, which every check passes over."""
    form, origin = form_of(kind), get_origin(kind)
    if form:
        return form.stand_in
    if origin is Since:
        return Since(())
    if origin in {tuple, dict}:
        return origin()
    if origin is Literal:
        return get_args(kind)[0]
    if is_union(kind):
        return None if accepts_nothing(kind) else stand_in(get_args(kind)[0])
    types = hints(kind)
    return kind(**{each.name: stand_in(types[each.name]) for each in fields(kind) if _required(each)})


def _required(each: Any) -> bool:
    return each.default is NODEFAULT and each.default_factory is NODEFAULT


class Decoder:
    """Reads values by their types and keeps what it found wrong; `broken` holds the paths of stand-ins."""

    def __init__(self, source: Source, *, mended: bool) -> None:
        """Begin with no findings about a source; where it was mended, `UNREADABLE` values are passed over."""
        self.source = source
        self.mended = mended
        self.findings: list[Finding] = []
        self.broken: set[Path] = set()

    def read(self, kind: Any, raw: Any, path: Path) -> Any:
        """Return the value of a type; on a mistake note it and return the stand-in."""
        if self.mended and raw == UNREADABLE:
            self.broken.add(path)
            return stand_in(kind)
        if is_union(kind):
            return self._union(present(kind), raw, path)
        if form := form_of(kind):
            return self._written(form, raw, path)
        reader = self._reader(kind)
        return reader(kind, raw, path)

    def _reader(self, kind: Any) -> Callable[[Any, Any, Path], Any]:
        readers: dict[Any, Callable[[Any, Any, Path], Any]] = {
            Since: self._dated,
            tuple: self._array,
            dict: self._words,
            Literal: self._choice,
        }
        return readers.get(get_origin(kind), self._table)

    def _note(self, path: Path, fault: Fault, *, key: bool = False) -> None:
        self.findings.append(self.source.key(path, fault) if key else self.source.value(path, fault))
        self.broken.add(path)

    def _written(self, form: Form, raw: Any, path: Path) -> Any:
        value = form.read(raw)
        if isinstance(value, Fault):
            self._note(path, value)
            return form.stand_in
        return value

    def _choice(self, kind: Any, raw: Any, path: Path) -> Any:
        choices = [str(choice) for choice in get_args(kind)]
        if raw in choices:
            return raw
        fault = Fault("choice-unknown", f"{shown(raw)} is not one of the words that stand here.", one_of(raw, choices))
        self._note(path, fault)
        return choices[0]

    def _array(self, kind: Any, raw: Any, path: Path) -> Any:
        if not isinstance(raw, list):
            remedy = f"Write [[{path[-1]}]]." if isinstance(raw, dict) and len(path) == 1 else "Write [ … ]."
            self._note(path, Fault("type-wrong", f"{shown(raw)} stands where an array is wanted.", remedy))
            return ()
        each = get_args(kind)[0]
        return tuple(self.read(each, item, (*path, number)) for number, item in enumerate(raw))

    def _words(self, kind: Any, raw: Any, path: Path) -> Any:
        if not isinstance(raw, dict):
            self._note(
                path, Fault("type-wrong", f"{shown(raw)} stands where a table is wanted.", f"Write [{path[-1]}].")
            )
            return {}
        each = get_args(kind)[1]
        return {name: self.read(each, value, (*path, name)) for name, value in raw.items()}

    def _dated(self, kind: Any, raw: Any, path: Path) -> Any:
        each, before = get_args(kind)[0], len(self.findings)
        if not isinstance(raw, dict):
            remedy = "Write the day from which it holds: { 2026-01-01 = … }."
            self._note(path, Fault("value-undated", f"{shown(raw)} stands without a day.", remedy))
            return Since(())
        entries = [self._entry(each, key, value, (*path, key)) for key, value in raw.items()]
        since = _by_market(entries)
        if len(self.findings) == before:
            self._in_order(since, path)
        if not entries:
            remedy = "Write the value with the day from which it holds: { 2026-01-01 = … }."
            self._note(path, Fault("value-missing", "The table of days is empty.", remedy))
        unreadable = any(each[: len(path)] == path for each in self.broken)
        return Since(()) if len(self.findings) > before or unreadable else since

    def _entry(self, each: Any, key: str, raw: Any, path: Path) -> tuple[date, str, Any]:
        since = read_since(key)
        if isinstance(since, Fault):
            self._note(path, since, key=True)
            since = date.min, ""
        if raw == NONE and accepts_nothing(each):
            return *since, None
        return *since, self.read(each, raw, path)

    def _in_order(self, since: Since[Any], path: Path) -> None:
        for (earlier, before, _), (later, market, _) in pairwise(since.every()):
            if later <= earlier and market == before:
                message = f"{later} stands after {earlier}."
                fault = Fault("days-order", message, "Write the days in the order in which they come.")
                self._note((*path, since_key(later, market)), fault, key=True)

    def _union(self, kind: Any, raw: Any, path: Path) -> Any:
        if not is_union(kind):
            return self.read(kind, raw, path)
        arms = {word: arm for arm in get_args(kind) for word in get_args(hints(arm)["measure"])}
        if not isinstance(raw, dict) or "measure" not in raw:
            remedy = f"Write it as {EXAMPLES['gv' if 'gv' in arms else 'broken_away']}."
            self._note(path, Fault("measure-missing", f"{shown(raw)} does not say what it measures.", remedy))
        elif not isinstance(raw["measure"], str) or raw["measure"] not in arms:
            remedy = one_of(raw["measure"], list(arms))
            fault = Fault("measure-unknown", f"{shown(raw['measure'])} is no measure of a plan.", remedy)
            self._note((*path, "measure"), fault)
        else:
            return self._table(arms[raw["measure"]], raw, path)
        return stand_in(get_args(kind)[0])

    def _table(self, kind: Any, raw: Any, path: Path) -> Any:
        if not isinstance(raw, dict):
            self._note(
                path, Fault("type-wrong", f"{shown(raw)} stands where a table is wanted.", "Write { … } or a [table].")
            )
            return stand_in(kind)
        types = hints(kind)
        strange = [name for name in raw if name not in types]
        for name in strange:
            fault = Fault("field-unknown", f'"{name}" is no field here.', one_of(name, list(types)))
            self._note((*path, name), fault, key=True)
        meant = {nearest(name, list(types)) for name in strange}
        return kind(**self._fields(kind, raw, path, meant))

    def _no_table(self, raw: Any, path: Path) -> None:
        message = f"{shown(raw)} stands where a table is wanted."
        self._note(path, Fault("type-wrong", message, "Write { … }, or a [table] of its own."))

    def _fields(self, kind: Any, raw: dict[str, Any], path: Path, meant: set[str | None]) -> dict[str, Any]:
        types, values = hints(kind), {}
        for each in fields(kind):
            if each.name in raw:
                values[each.name] = self.read(types[each.name], raw[each.name], (*path, each.name))
            elif _required(each):
                values[each.name] = stand_in(types[each.name])
                self._missing(each.name, path, known=each.name in meant)
        return values

    def _missing(self, name: str, path: Path, *, known: bool) -> None:
        """Note a missing field; where a misspelt one was already noted, that finding is enough."""
        where = f"[{path[0]}]" if len(path) == 1 else "this table" if path else "the plan"
        fault = Fault("field-missing", f'"{name}" is missing in {where}.', f'Add "{name}".')
        if not known:
            self.findings.append(self.source.value(path, fault))
        self.broken.add((*path, name))


def _by_market(entries: list[tuple[date, str, Any]]) -> Since[Any]:
    """Return the entries as they stand, those of each market beside the general ones."""
    markets: dict[str, list[tuple[date, Any]]] = {"": []}
    for day, market, value in entries:
        markets.setdefault(market, []).append((day, value))
    general = tuple(markets.pop(""))
    return Since(general, tuple((market, tuple(own)) for market, own in sorted(markets.items())))
