"""
Frozen sheets: a snapshot or an outcome as bytes, to be kept with a closed period and read again years later.

Every column stands with its name, type and shape, so that a reader needs no knowledge of the plan; the same sheet gives
the same bytes on every machine.
"""

from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from backend.engine.outcome import Lines, Outcome
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot, columns_of

STORED: dict[Any, str] = {Ints: "<i8", Indexes: "<i4", Flags: "|b1"}
"""How a column lies in the bytes, by what it holds."""


KEPT_AS = {"snapshot_digest": "came_from"}
"""What of an outcome is kept under another name: of the snapshot that it came from, the digest alone."""


class Column(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column: the shape it has, and its values, little-endian in rows."""

    shape: tuple[int, ...]
    values: bytes


class Frozen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sheet: what is not a column by name, columns by name, and the sheets within it."""

    plain: dict[str, Any]
    columns: dict[str, Column]
    sheets: dict[str, "Frozen"] = {}


def frozen(sheet: Snapshot | Outcome) -> bytes:
    """Return a sheet as MessagePack; the same sheet gives the same bytes."""
    return msgspec.msgpack.encode(_frozen(sheet))


def read_snapshot(data: bytes) -> Snapshot:
    """Return a snapshot that was frozen; raises msgspec.ValidationError or DecodeError where the bytes are none."""
    found = msgspec.msgpack.decode(data, type=Frozen)
    fields = _fields(found, Snapshot)
    return Snapshot(**{**fields, "members": tuple(fields["members"])})


def read_outcome(data: bytes) -> Outcome:
    """Return an outcome that was frozen; raises msgspec.ValidationError or DecodeError where the bytes are none."""
    found = msgspec.msgpack.decode(data, type=Frozen)
    sheets: dict[str, Any] = {name: Lines(**_fields(sheet, Lines)) for name, sheet in found.sheets.items()}
    fields = _fields(found, Outcome)
    return Outcome(**{KEPT_AS.get(name, name): value for name, value in fields.items()}, **sheets)


def _frozen(sheet: Snapshot | Outcome | Lines) -> Frozen:
    names = columns_of(sheet)
    rest = {name: getattr(sheet, name) for name in _names(type(sheet)) if name not in names}
    return Frozen(
        plain={name: value for name, value in rest.items() if not isinstance(value, Lines)},
        columns={name: _column(getattr(sheet, name), type(sheet).__annotations__[name]) for name in names},
        sheets={name: _frozen(value) for name, value in rest.items() if isinstance(value, Lines)},
    )


def _names(kind: type[Struct]) -> tuple[str, ...]:
    """Return the names of all that is kept of a sheet."""
    kept = {field: name for name, field in KEPT_AS.items()}
    return tuple(kept.get(name, name) for name in kind.__struct_fields__)


def _column(values: "np.ndarray[Any, np.dtype[Any]]", kind: Any) -> Column:
    return Column(shape=values.shape, values=np.ascontiguousarray(values, dtype=STORED[kind]).tobytes())


def _fields(found: Frozen, kind: type[Struct]) -> dict[str, Any]:
    """Return the fields of a kind of sheet; raises msgspec.ValidationError where it has others than the kind."""
    if {*found.plain, *found.columns, *found.sheets} != set(_names(kind)):
        raise msgspec.ValidationError(f"these are not the fields of {kind.__name__}")
    return found.plain | {name: _values(found.columns[name], kind.__annotations__[name]) for name in columns_of(kind)}


def _values(column: Column, kind: Any) -> "np.ndarray[Any, np.dtype[Any]]":
    values = np.frombuffer(column.values, dtype=STORED[kind])
    if values.size != int(np.prod(column.shape, dtype=np.int64)):
        raise msgspec.ValidationError("a column has not as many values as it says")
    return values.reshape(column.shape)
