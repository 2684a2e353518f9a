"""
How a plan's text stands on a page: sections, rules with their clause, and tables, some ninety columns wide.
"""

from collections.abc import Iterable, Sequence
from textwrap import fill

from msgspec import Struct

from backend.plan.rules import Rule, Table
from backend.plan.rules.said import Said
from backend.plan.text.voice import in_plain

WIDTH = 92
INDENT = "    "
CLAUSE = "clause"


class Section(Struct, frozen=True):
    """One part of a plan: its heading and its lines, in the order in which they are read."""

    title: str
    lines: list[str]


def section_text(section: Section) -> str:
    """Return a section with its heading underlined."""
    return "\n".join([section.title, "─" * len(section.title), *section.lines])


def lines_of(parts: Iterable[Rule | Table]) -> list[str]:
    """Return rules and tables as text; a rule over several lines is one entry, as it reads as one."""
    lines: list[str] = []
    for part in parts:
        lines += [_rule(part)] if isinstance(part, Rule) else _table(part)
    return lines


def _rule(rule: Rule) -> str:
    text = f"{INDENT if rule.below else ''}{in_plain(rule.said)}"
    return fill(f"{text}  [{rule.clause}]" if rule.clause else text, WIDTH, subsequent_indent=INDENT)


def _table(table: Table) -> list[str]:
    """Draw a table: its first column and words stand to the left, figures to the right, clauses before last words."""
    columns = [[in_plain(cell) for cell in column] for column in zip(table.heads, *table.rows, strict=True)]
    cells = list(zip(*table.rows, strict=True))
    worded = [number == 0 or any(isinstance(cell, Said) for cell in cells[number]) for number in range(len(cells))]
    columns = [_aligned(column, left=left) for column, left in zip(columns, worded, strict=True)]
    if table.clauses:
        columns.insert(len(columns) - worded[-1], _aligned([CLAUSE, *table.clauses], left=True))
    return [_row(row) for row in zip(*columns, strict=True)]


def _aligned(column: Sequence[str], *, left: bool) -> list[str]:
    width = max(map(len, column))
    return [cell.ljust(width) if left else cell.rjust(width) for cell in column]


def _row(cells: Sequence[str]) -> str:
    """Return one line of a table; what does not fit of its last cell stands below that."""
    head = "".join(f"{cell}  " for cell in cells[:-1])
    last = cells[-1] if len(head + cells[-1].rstrip()) <= WIDTH else fill(cells[-1].strip(), max(WIDTH - len(head), 12))
    return (head + last.replace("\n", "\n" + " " * len(head))).rstrip()
