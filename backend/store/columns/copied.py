"""
Binary COPY into columns: every row's own account of its fields is checked before a number is believed.

PostgreSQL says of each row how many fields it has and of each field how long it is. Where all columns are of fixed
width and never NULL, every row is as long as the next, and one strided view checks and reads millions of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEADER = SIGNATURE + bytes(8)
"""The signature, no flags, and no extension."""

TRAILER = b"\xff\xff"
NULL = -1
WIDTHS = {"int4": ("i4", 4), "int8": ("i8", 8), "date": ("i4", 4), "bool": ("?", 1)}
"""Of each type what numpy calls it, and how many bytes it takes; a date is days from the first of 2000."""


class Unreadable(Exception):
    """What was copied cannot be read as the columns that were asked for."""


class NullFound(Unreadable):
    """A column that is never NULL has one."""


class TypeChanged(Unreadable):
    """A column is of another type or width, or a row has other columns, than was asked for."""


class StreamTruncated(Unreadable):
    """The stream ends before its end, or does not begin as one."""


class Field(NamedTuple):
    """A column by its name and by what PostgreSQL calls its type."""

    name: str
    kind: str


def check_types(fields: Sequence[Field], told: Sequence[tuple[str, str]]) -> None:
    """Raise TypeChanged where the server tells of other names or types than these."""
    for field, one in zip(fields, told, strict=False):
        if tuple(field) != one:
            raise TypeChanged(f"{field.name} is {one[0]} of type {one[1]}, not of {field.kind}")
    if len(fields) != len(told):
        raise TypeChanged(f"{len(told)} columns, not {len(fields)}")


def decoded(data: bytes | bytearray, fields: Sequence[Field]) -> dict[str, Column]:
    """
    Return the columns of a whole stream, each an array of its own, as long as there are rows.

    Raises StreamTruncated, NullFound or TypeChanged with the first row, counted from nought, and the column.
    """
    if data[: len(HEADER)] != HEADER:
        raise StreamTruncated("the stream does not begin as a binary COPY without extensions")
    row = _row(fields)
    size = len(data) - len(HEADER)
    rows = np.frombuffer(data, dtype=row, count=size // row.itemsize, offset=len(HEADER))
    _check(rows, fields)
    if size % row.itemsize != len(TRAILER) or data[-len(TRAILER) :] != TRAILER:
        _check_rest(bytes(data[len(HEADER) + len(rows) * row.itemsize :]), fields, len(rows))
        raise StreamTruncated(f"the stream ends after {len(rows):,} rows without its trailer")
    return {field.name: rows[field.name].astype(rows[field.name].dtype.newbyteorder("<")) for field in fields}


def _row(fields: Sequence[Field]) -> np.dtype[Any]:
    """Return a row as it is sent: how many fields, and of each its length before its bytes."""
    parts: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in fields:
        parts += [(_length(name), ">i4"), (name, f">{WIDTHS[kind][0]}" if kind != "bool" else "?")]
    return np.dtype(parts)


def _check(rows: Column, fields: Sequence[Field]) -> None:
    """Raise for the first row in which anything is of another length; what stands behind it was never aligned."""
    worst: tuple[int, int, str] | None = None
    for place, name in enumerate(["fields", *(_length(field.name) for field in fields)]):
        expected = len(fields) if place == 0 else WIDTHS[fields[place - 1].kind][1]
        wrong = rows[name] != expected
        if wrong.any():
            first = int(wrong.argmax())
            worst = min(worst or (first, place, name), (first, place, name))
    if worst:
        row, place, name = worst
        _blame(int(rows[name][row]), row, "" if place == 0 else fields[place - 1].name)


def _check_rest(rest: bytes, fields: Sequence[Field], row: int) -> None:
    """Raise for a last row that is shorter than the others because a field of it is NULL or of another width."""
    if rest[:2] == TRAILER or len(rest) < 2:
        return
    if int.from_bytes(rest[:2], signed=True) != len(fields):
        _blame(int.from_bytes(rest[:2], signed=True), row, "")
    at = 2
    for name, kind in fields:
        length, width = rest[at : at + 4], WIDTHS[kind][1]
        if len(length) == 4 and int.from_bytes(length, signed=True) != width:
            _blame(int.from_bytes(length, signed=True), row, name)
        at += 4 + width


def _blame(found: int, row: int, name: str) -> None:
    if not name:
        if found == NULL:
            raise StreamTruncated(f"the stream ends after {row:,} rows, and goes on behind its end")
        raise TypeChanged(f"row {row:,} says that it has {found} columns")
    if found == NULL:
        raise NullFound(f"{name} is NULL in row {row:,}")
    raise TypeChanged(f"{name} takes {found} bytes in row {row:,}")


def _length(name: str) -> str:
    return f"{name} length"


def lengths(columns: Mapping[str, Column]) -> set[int]:
    """Return how long the columns are: one number, if they belong together."""
    return {len(column) for column in columns.values()}
