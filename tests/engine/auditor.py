"""
The auditor: the plan computed again, naively and slowly, as a second opinion on every Outcome.

It imports nothing from `backend.engine`. It reads `Terms` and plain lists of whole numbers (the columns of a Snapshot by
their names), walks up the sponsor line for each single buyer, and answers with plain lists (the columns of an Outcome by their
names) and with plain tuples, one an earning line.
"""

from typing import NamedTuple

Company = dict[str, list[int]]
"""The columns of a Snapshot by name, as plain lists; `sponsor` and `enroller` are indexes or -1."""


class Line(NamedTuple):
    """One earning line, its fields in the order of `Outcome.lines`."""

    earner: int
    bonus: int
    leg: int
    source: int
    generation: int
    rate_bp: int
    less_bp: int
    base_cv: int
    amount_minor: int


class Audit(NamedTuple):
    """What the plan makes of a company: the columns of an Outcome by name, and its lines in their order."""

    columns: dict[str, list[int]]
    lines: list[Line]
