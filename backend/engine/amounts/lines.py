"""
Lines as the stages write them: amounts from base and rate, rounded once; set in order; added up per earner.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.prices import Whole, alike, amounts
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.plan.terms import Terms

NOBODY = -1

NARROW = ("earner", "bonus", "scheme", "leg", "source", "generation", "product", "entry", "state")
OTHERWISE = {"leg": NOBODY, "source": NOBODY, "product": NOBODY, "part": 1, "whole": 1}
"""What stands in a column that a stage does not give; all others are zero."""

KEYS = ("earner", "bonus", "scheme", "leg", "source", "rate_bp", "generation", "product", "entry")
"""Lines stand in this order."""


TOTALS = {
    Bonus.PERSONAL: "personal_minor",
    Bonus.DIFFERENTIAL: "differential_minor",
    Bonus.OVERRIDE: "override_minor",
    Bonus.POOL: "pool_minor",
    Bonus.FAST_START: "bonus_minor",
    Bonus.TITLE_HELD: "bonus_minor",
    Bonus.PRODUCTION: "production_minor",
    Bonus.LEVEL: "level_minor",
    Bonus.MATCH: "match_minor",
    Bonus.ONE_TIME: "bonus_minor",
    Bonus.MULTIPLIER: "multiplier_minor",
}
"""The column that adds up each bonus; a retail margin counts in none."""


def priced(snapshot: Snapshot, terms: Terms, lines: Lines) -> Lines:
    """Return lines with their amounts: the part that is paid of CV × rate, in the currency of who earns them."""
    amount_minor = amounts(
        snapshot,
        terms,
        earner=lines.earner,
        base_cv=lines.base_cv,
        rate_bp=lines.rate_bp,
        part=lines.part,
        whole=lines.whole,
    )
    return replace(lines, amount_minor=amount_minor)


def lines_of(bonus: Bonus, *, earner: Whole, **rest: Whole | int) -> Lines:
    """
    Return lines of one bonus; a column that is not given is nobody, one whole, or zero.

    A column that says the same of all lines is kept as that one number.
    """
    given: dict[str, Whole | int] = {"earner": earner, "bonus": int(bonus), **rest}
    columns: dict[str, Any] = {}
    for name in Lines.__struct_fields__:
        kind = np.int32 if name in NARROW else np.int64
        value: Any = np.asarray(given.get(name, OTHERWISE.get(name, 0)), dtype=kind)
        columns[name] = value if value.ndim else np.broadcast_to(value, earner.shape)
    return Lines(**columns)


def chosen(lines: Lines, rows: Whole | np.ndarray) -> Lines:
    """Return some of the lines: by a flag each, or by their places."""
    if rows.dtype == np.bool_:
        rows = np.flatnonzero(rows)
        if rows.size == len(lines):
            return lines
    return _of_columns(lambda name: _chosen(getattr(lines, name), rows))


def _of_columns(column: Callable[[str], Whole]) -> Lines:
    columns: dict[str, Any] = {name: column(name) for name in Lines.__struct_fields__}
    return Lines(**columns)


def _chosen(column: Whole, rows: Whole) -> Whole:
    return repeated(column, rows.size) if alike(column) else column[rows]


def joined(parts: Sequence[Lines]) -> Lines:
    """Return lines one after another, as they come."""
    some = [part for part in parts if len(part)]
    if len(some) == 1:
        return some[0]
    if not some:
        return lines_of(Bonus.PERSONAL, earner=np.empty(0, np.int32))
    return _of_columns(lambda name: _joined([getattr(part, name) for part in some]))


def _joined(columns: Sequence[Whole]) -> Whole:
    if all_alike(columns):
        return repeated(columns[0], sum(column.size for column in columns))
    found: Whole = np.concatenate([*columns])
    return found


def all_alike(columns: Sequence[Whole]) -> bool:
    """Say whether columns are kept as one number each, and all as the same one."""
    return all(alike(column) for column in columns) and len({int(column[0]) for column in columns}) == 1


def repeated(column: Whole, size: int) -> Whole:
    """Return the one number that a column is kept as, for so many lines."""
    found: Any = np.broadcast_to(column[0], (size,))
    whole: Whole = found
    return whole


def in_order(lines: Lines) -> Lines:
    """Return lines in their order: by earner, bonus, scheme, leg, source, rate, generation and entry."""
    if len(lines) < 2:
        return lines
    keys = [column for name in reversed(KEYS) if not alike(column := getattr(lines, name))]
    return chosen(lines, np.lexsort(keys)) if keys else lines


def paid(columns: Columns, lines: Lines, total_minor: Ints) -> None:
    """Write a stage's lines on the sheet and add them up per earner."""
    if len(lines):
        np.add.at(total_minor, lines.earner, lines.amount_minor)
        columns.lines.append(lines)


def inserted(columns: Columns, lines: Lines) -> None:
    """Write lines, already in the totals, among those that stand on the sheet, all of them in order."""
    if len(lines):
        columns.lines[:] = [in_order(joined([*columns.lines, lines]))]


def total_of(columns: Columns, bonus: Bonus) -> Ints:
    """Return the column that adds up a bonus per earner."""
    total: Ints = getattr(columns, TOTALS[bonus])
    return total


def kept(columns: Columns, lines: Lines) -> None:
    """Write what a stage earns for nobody: it stays with the company, recorded."""
    if len(lines):
        columns.breakage.append(lines)
