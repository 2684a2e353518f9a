"""
What a reader noted about a file: findings, gathered until all of it has been read.

They are capped, so that a file of a million broken rows does not answer with a million lines.
"""

from difflib import get_close_matches
from typing import NamedTuple

from backend.kernel.finding import Finding, Place, Refused

MOST_FINDINGS = 10_000


class Fault(NamedTuple):
    """What is wrong with one cell, before it is known where the cell stands."""

    code: str
    message: str
    remedy: str


class Noted:
    """The findings of one file so far."""

    def __init__(self, source: str) -> None:
        """Begin with nothing to say about a file."""
        self.source = source
        self.findings: list[Finding] = []
        self.more = 0

    def add(self, fault: Fault, *, line: int = 0, column: int = 0, path: str = "") -> None:
        """Note a fault at its place; beyond the cap only their number is kept."""
        if len(self.findings) >= MOST_FINDINGS:
            self.more += 1
            return
        place = Place(source=self.source, line=line, column=column, path=path)
        self.findings.append(Finding(code=fault.code, place=place, message=fault.message, remedy=fault.remedy))

    def all(self) -> list[Finding]:
        """Return the findings; where the cap was reached the last one says how many more there are."""
        if not self.more:
            return self.findings
        last = max(finding.place.line for finding in self.findings)
        return [
            *self.findings,
            Finding(
                code="more-findings",
                place=Place(source=self.source, line=last + 1),
                message=f"{self.more:,} more findings are not shown.",
                remedy="Mend these first and read the file again.",
            ),
        ]


def refuse_if_any(*noted: Noted) -> None:
    """Raise Refused with all findings of these files, if there are any."""
    findings = [finding for each in noted for finding in each.all()]
    if findings:
        raise Refused(findings)


def nearest(word: str, known: list[str]) -> str:
    """Return ` Did you mean "…"?` with the nearest known word, or nothing where none is near."""
    if len(known) > 2_000:
        known = [one for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= 1][:2_000]
    near = get_close_matches(word, known, n=1, cutoff=0.7)
    return f' Did you mean "{near[0]}"?' if near else ""
