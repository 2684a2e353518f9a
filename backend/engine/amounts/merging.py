"""
Merging: the lines of all stages as one sheet, by earner, bonus and scheme.

Each stage's lines stand by earner already, and most stages pay one bonus: so every line's place is counted, and each
column is written once.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from backend.engine.amounts.lines import NARROW, all_alike, chosen, joined, repeated
from backend.engine.amounts.prices import Whole, alike
from backend.engine.columns.compiled import kernel
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Indexes, Ints


def merged(parts: Sequence[Lines], size: int) -> Lines:
    """
    Return the lines of all stages, paid to so many members, by earner, bonus and scheme.

    Within these, each stage's lines are in order already, and stay so.
    """
    some = [part for part in parts if len(part)]
    if len(some) < 2:
        return joined(some)
    if not all(alike(part.bonus) for part in some):
        return _sorted(joined(some))
    some.sort(key=lambda part: (int(part.bonus[0]), int(part.scheme.min())))
    if not _apart(some):
        return _sorted(joined(some))
    places = _places(some, size)
    columns: dict[str, Any] = {name: _column(name, some, places) for name in Lines.__struct_fields__}
    return Lines(**columns)


def _sorted(lines: Lines) -> Lines:
    schemes = int(lines.scheme.max(initial=0)) + 1
    key = (lines.earner.astype(np.int64) * len(Bonus) + lines.bonus) * schemes + lines.scheme
    return chosen(lines, np.argsort(key, kind="stable"))


def _apart(parts: Sequence[Lines]) -> bool:
    """Say whether parts come one after another in the order of bonus and scheme, none among another."""
    last = [(int(part.bonus[0]), int(part.scheme.max())) for part in parts]
    first = [(int(part.bonus[0]), int(part.scheme.min())) for part in parts]
    return all(before < behind for before, behind in zip(last, first[1:], strict=False))


def _places(parts: Sequence[Lines], size: int) -> list[Ints]:
    """Return the place of each line of each part: behind all of smaller earners, and the earner's of parts before."""
    free = np.zeros(size + 1, dtype=np.int32)
    for part in parts:
        _count(part.earner, free)
    _bound(free)
    places = [np.empty(len(part), dtype=np.int64) for part in parts]
    for part, found in zip(parts, places, strict=True):
        _place(part.earner, free, found)
    return places


@kernel
def _count(earner: Indexes, free: Indexes) -> None:
    for k in range(earner.size):
        free[earner[k] + 1] += 1


@kernel
def _bound(free: Indexes) -> None:
    for i in range(1, free.size):
        free[i] += free[i - 1]


@kernel
def _place(earner: Indexes, free: Indexes, place: Ints) -> None:
    for k in range(earner.size):
        place[k] = free[earner[k]]
        free[earner[k]] += 1


def _column(name: str, parts: Sequence[Lines], places: Sequence[Ints]) -> Whole:
    columns: list[Whole] = [getattr(part, name) for part in parts]
    size = sum(column.size for column in columns)
    if all_alike(columns):
        return repeated(columns[0], size)
    found = _empty(name, size)
    for column, place in zip(columns, places, strict=True):
        if alike(column):
            _fill(int(column[0]), place, found)
        else:
            _scatter(column, place, found)
    return found


def _empty(name: str, size: int) -> Whole:
    return np.empty(size, dtype=np.int32) if name in NARROW else np.empty(size, dtype=np.int64)


@kernel
def _fill(value: int, place: Ints, found: Whole) -> None:
    for k in range(place.size):
        found[place[k]] = value


@kernel
def _scatter(column: Whole, place: Ints, found: Whole) -> None:
    for k in range(place.size):
        found[place[k]] = column[k]
