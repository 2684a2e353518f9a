"""
What a plan says, as one text, for tests of its words.
"""

from collections.abc import Iterable

from backend.plan.rules import Rule, Table
from backend.plan.text.layout import lines_of


def said(parts: Iterable[Rule | Table]) -> str:
    """Return rules and tables as the command line prints them, as one text, wherever it was wrapped."""
    return " ".join(" ".join(lines_of(parts)).split())
