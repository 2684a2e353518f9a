"""
The plan on one day as a terminal shows it: the rules in English, tables where numbers stand side by side, the clauses.

Plain text, some ninety columns wide. What a rule says stands in `backend.plan.rules` and nowhere else; here it gets the
command line's voice and its place on the page. A section stands here where the plan has such a rule.
"""

from datetime import date
from textwrap import fill

from backend.plan import rules
from backend.plan.document import Document
from backend.plan.resolve import terms_on
from backend.plan.text.layout import WIDTH, Section, lines_of, section_text
from backend.plan.text.voice import in_plain

__all__ = ["WIDTH", "Section", "plan_sections", "plan_text"]


def plan_text(document: Document, day: date) -> str:
    """Return the plan as it stands on a day; raises Refused where it does not hold then."""
    sections = plan_sections(document, day)
    return "\n\n".join([_heading(document, day), *map(section_text, sections)]) + "\n"


def plan_sections(document: Document, day: date) -> list[Section]:
    """Return the parts that the plan has on a day, in reading order; raises Refused where it does not hold then."""
    found = rules.sections(terms_on(document, day), document.rounding.clause)
    sections = [Section(in_plain(section.title), lines_of(section.parts)) for section in found]
    return [*sections, Section("The clauses", _clauses(document))]


def _heading(document: Document, day: date) -> str:
    until = f" until {document.ends}" if document.ends else ""
    lines = [document.title, f"{document.name}, as it stands on {day}; it holds from {document.begins}{until}."]
    return "\n".join([*lines, *([document.company] if document.company else [])])


def _clauses(document: Document) -> list[str]:
    width = max(len(clause) for clause in document.clauses)
    return [
        fill(text, WIDTH, initial_indent=f"{clause.ljust(width)}  ", subsequent_indent=" " * (width + 2))
        for clause, text in document.clauses.items()
    ]
