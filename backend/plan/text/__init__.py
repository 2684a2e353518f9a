"""
The plan on one day as people read it: rules in words, tables where numbers stand side by side, each with its clause.

Plain text, some ninety columns wide; what stands here is made from the same terms that the engine computes with, so
whoever reads it reads what is paid. A section stands here where the plan has such a rule.
"""

from datetime import date
from textwrap import fill

from backend.plan.document import Document
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from backend.plan.text.layout import WIDTH, Section, section_text
from backend.plan.text.markets import market_lines, rounding_lines
from backend.plan.text.paying import level_lines, override_lines, percent_lines, production_lines
from backend.plan.text.rewards import cap_lines, match_lines, once_lines, pool_lines
from backend.plan.text.standing import (
    breakaway_lines,
    ladder_lines,
    mark_lines,
    named_volume_lines,
    title_lines,
    volume_lines,
)

__all__ = ["WIDTH", "Section", "plan_sections", "plan_text"]

RULES = (
    ("Volume and activity", volume_lines),
    ("Volumes of this plan", named_volume_lines),
    ("Marks", mark_lines),
    ("The ladder", ladder_lines),
    ("What the percent pays", percent_lines),
    ("Breakaway", breakaway_lines),
    ("Titles", title_lines),
    ("Overrides", override_lines),
    ("Production bonuses", production_lines),
    ("Level bonuses", level_lines),
    ("Pools", pool_lines),
    ("Matches", match_lines),
    ("Paid once", once_lines),
    ("Caps", cap_lines),
)


def plan_text(document: Document, day: date) -> str:
    """Return the plan as it stands on a day; raises Refused where it does not hold then."""
    sections = plan_sections(document, day)
    return "\n\n".join([_heading(document, day), *map(section_text, sections)]) + "\n"


def plan_sections(document: Document, day: date) -> list[Section]:
    """Return the parts that the plan has on a day, in reading order; raises Refused where it does not hold then."""
    terms = terms_on(document, day)
    sections = [
        *_rules(terms),
        Section("Where markets differ", _regional(terms)),
        Section("Markets", market_lines(terms)),
        Section("Rounding", rounding_lines(terms, document.rounding.clause)),
        Section("The clauses", _clauses(document)),
    ]
    return [section for section in sections if section.lines]


def _heading(document: Document, day: date) -> str:
    until = f" until {document.ends}" if document.ends else ""
    lines = [document.title, f"{document.name}, as it stands on {day}; it holds from {document.begins}{until}."]
    return "\n".join([*lines, *([document.company] if document.company else [])])


def _rules(terms: Terms) -> list[Section]:
    return [Section(title, lines(terms)) for title, lines in RULES]


def _regional(terms: Terms) -> list[str]:
    """Return, by market and section, the lines in which a market's own numbers stand."""
    found: list[str] = []
    general = {line for section in _rules(terms) for line in section.lines}
    for market, own in sorted(terms.elsewhere.items()):
        for section in _rules(own):
            lines = _other(section.lines, general)
            found += [f"In {terms.markets[market].id}, {section.title.lower()}:", *lines] if lines else []
    return found


def _other(lines: list[str], general: set[str]) -> list[str]:
    """Return the lines that differ, each below the rule that it belongs to."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if line not in general:
            head = next(each for each in reversed(lines[: number + 1]) if not each.startswith("    "))
            found += [each for each in dict.fromkeys((head, line)) if each not in found]
    return found


def _clauses(document: Document) -> list[str]:
    width = max(len(clause) for clause in document.clauses)
    return [
        fill(text, WIDTH, initial_indent=f"{clause.ljust(width)}  ", subsequent_indent=" " * (width + 2))
        for clause, text in document.clauses.items()
    ]
