"""
The auditor: the plan computed again, naively and slowly, as a second opinion on every Outcome.

It imports nothing from `backend.engine`. It reads `Terms` and plain lists of whole numbers (the columns of a Snapshot
by name) and answers with plain lists (the columns of an Outcome by name) and plain tuples, one an earning line. It is
meant to be trusted by reading: `books` says where everybody stands, the pages beside it what everybody is paid. Where
the rules leave a thing open, the docstring of the bonus says which reading it takes.
"""

from typing import Any, NamedTuple

from backend.plan.terms import Terms
from tests.engine.auditor_gates import Company
from tests.engine.auditor_limits import Limits
from tests.engine.auditor_lines import BONUS_COLUMN, COUNTED, Line

STAGES = (
    "volume",
    "activity",
    "standing",
    "title",
    "compression",
    "personal",
    "differential",
    "overrides",
    "productions",
    "levels",
    "pools",
    "bonuses",
    "multipliers",
    "early_limits",
    "matches",
    "limits",
    "carried",
)


class Audit(NamedTuple):
    """What the plan makes of a company: the columns of an Outcome by name, its lines, and what nobody earns."""

    columns: dict[str, list[Any]]
    lines: list[Line]
    breakage: list[Line]


def audited(terms: Terms, company: Company) -> Audit:
    """Return the columns and lines that the plan makes of a company, each stage after the one before."""
    books = Payroll(terms, company)
    for stage in STAGES:
        getattr(books, stage)()
    return books.closed()


class Payroll(Limits):
    """The books with everything that is paid."""

    def closed(self) -> Audit:
        """Add the lines up for each earner, those left out that wait for activity, and return everything."""
        self.blank(*BONUS_COLUMN.values())
        for line in self.lines:
            if line.state in COUNTED:
                self.found[BONUS_COLUMN[line.bonus]][line.earner] += line.amount_minor
        return Audit(self.found, sorted(self.lines), sorted(self.breakage))
