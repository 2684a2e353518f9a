"""
CSV out: the same bytes for the same rows, and no cell that a spreadsheet would run as a formula.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return text as a cell; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_table(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """
    Write a header and rows, a comma between cells and a line feed behind each row.

    Text that people wrote (ids, names) is guarded by the caller; numbers stay numbers, a minus before them included.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
