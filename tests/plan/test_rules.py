"""
The rules of a plan as they are said: what a screen says of a plan is what `handrail plan show` prints.
"""

import re
from calendar import month_name
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from backend.kernel.points import percent_text
from backend.plan.currencies import DECIMALS
from backend.plan.phrases import grouped, minor_words
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.rules import Rule, Table, rung_rules, sections
from backend.plan.rules.said import Amount, Count, MonthOfYear, Percent, Points, Said, Word, spoken
from backend.plan.terms import Terms
from backend.plan.text import plan_text
from tests.plan.plans import PLANS

DAY = date(2026, 10, 31)


class Plain:
    """The voice of the command line: English, and figures as it prints them."""

    def text(self, said: Said, places: Mapping[str, str]) -> str:
        """Return the English text."""
        return (said.many if said.many and said.number != 1 else said.text) % places

    def figure(self, word: Points | Percent | Amount | Count | MonthOfYear) -> str:
        """Return a figure as the command line prints it."""
        match word:
            case Points():
                return grouped(word.hundredths)
            case Percent():
                return percent_text(word.basis_points)
            case Amount():
                return minor_words(word.minor, word.currency, DECIMALS[word.currency])
            case Count():
                return f"{word.number:,}"
        return month_name[word.number]

    def name(self, name: str) -> str:
        """Return a name."""
        return name


def words(word: Word) -> str:
    """Return what is said, without its spaces, with straight quotes: how lines are broken says nothing."""
    return bare(spoken(word, Plain()))


def bare(text: str) -> str:
    """Return a text without spaces and with straight quotes."""
    return re.sub(r"\s+", "", text).replace("“", '"').replace("”", '"')


def said(terms: Terms, clause: str) -> Iterator[str]:
    """Yield what each rule and each row of a plan says."""
    yield from (words(rule.said) for rule in rung_rules(terms))
    for section in sections(terms, clause):
        for part in section.parts:
            if isinstance(part, Rule):
                yield words(part.said)
            if isinstance(part, Table):
                yield from ("".join(map(words, row)) for row in (part.heads, *part.rows))


@pytest.mark.parametrize("path", PLANS, ids=str)
def test_a_screen_says_what_the_command_line_prints(path: Path) -> None:
    """Every rule of every plan of the project, as a screen says it, stands in what `handrail plan show` prints."""
    document = read_plan(path.read_text(), str(path))
    printed = bare(plan_text(document, DAY))
    terms = terms_on(document, DAY)
    assert [] == [text for text in said(terms, document.rounding.clause) if text not in printed]
