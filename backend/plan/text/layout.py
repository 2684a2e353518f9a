"""
How a plan's text stands on a page: sections, rules with their clause, and tables, some ninety columns wide.
"""

from collections.abc import Sequence
from textwrap import fill

from msgspec import Struct

from backend.kernel.points import percent_text
from backend.plan.currencies import DECIMALS
from backend.plan.phrases import minor_words, requirement_words
from backend.plan.terms import Requirement, Terms

WIDTH = 92
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


class Section(Struct, frozen=True):
    """One part of a plan: its heading and its lines, in the order in which they are read."""

    title: str
    lines: list[str]


def section_text(section: Section) -> str:
    """Return a section with its heading underlined."""
    return "\n".join([section.title, "─" * len(section.title), *section.lines])


def rule(text: str, clause: str) -> str:
    """Return a sentence over as many lines as it needs, with its clause at the end."""
    return fill(f"{text}  [{clause}]" if clause else text, WIDTH, subsequent_indent="    ")


def gate(what: str, requirement: Requirement, terms: Terms) -> list[str]:
    """Return what a gate asks for, led by what it opens; nothing where it asks for nothing."""
    asked = f"    {what}: {requirement_words(requirement, terms)}."
    return [rule(asked, requirement.clause)] if requirement.any_of else []


def table(rows: Sequence[tuple[str, ...]], *, right: set[int]) -> list[str]:
    """Return rows as columns; those of numbers stand to the right. The last column is wrapped under itself."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [c.rjust(w) if n in right else c.ljust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True))]
        head = "".join(f"{cell}  " for cell in cells[:-1])
        line = fill(cells[-1].rstrip(), max(WIDTH - len(head), 12), drop_whitespace=True)
        lines.append((head + line.replace("\n", "\n" + " " * len(head))).rstrip())
    return lines


def ordinal(number: int) -> str:
    """Return the word for a place that is counted from zero: 0 is `first`."""
    return ORDINALS[number] if number < len(ORDINALS) else f"no. {number + 1}"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def percents(rates_bp: Sequence[int]) -> str:
    """Return rates as a list: `5 %, 4 % and 3 %`."""
    return listed([percent_text(rate) for rate in rates_bp])


def money(amount_minor: int, terms: Terms) -> str:
    """Return an amount that the plan sets, in the first market's currency."""
    currency = terms.markets[0].currency
    return minor_words(amount_minor, currency, DECIMALS[currency])


def months(count: int) -> str:
    """Return a number of months: `1 month`, `3 months`."""
    return "1 month" if count == 1 else f"{count} months"
