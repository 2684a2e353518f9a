"""
A person's mistake as a value.

Bad input never raises: it yields findings, all of them at once, each with its place, the reason and the remedy.
A finding is what a CSV import, a plan check, an order intake and a form have in common.
"""

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """Where a finding stands: a file or field, and line and column counted from one; zero where there is none."""

    source: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        """`members.csv:12:3`, as editors and terminals make it a link."""
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.source, *numbers])


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mistake: a stable code, its place, what is wrong, and what to do about it."""

    code: str
    place: Place
    message: str
    remedy: str

    def __str__(self) -> str:
        """`members.csv:12:3 sponsor-missing: no member bears the id "B7". Add the member or mend the id.`"""
        return f"{self.place} {self.code}: {self.message} {self.remedy}"


class Refused(Exception):
    """Input that was refused as a whole; carries every finding, so that nobody mends one mistake at a time."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep the findings in the order of their places."""
        self.findings = sorted(findings, key=lambda finding: (finding.place, finding.code))
        super().__init__("\n".join(str(finding) for finding in self.findings))
