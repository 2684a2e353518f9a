"""
What a reader noted about a file: findings, gathered until all of it has been read.

They are capped, so that a file of a million broken rows does not answer with a million lines.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

from backend.kernel.finding import Finding, Place, Refused

MOST_FINDINGS = 10_000
MOST_COMPARED = 2_000
MOST_ASKED = 200


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


class Nearest:
    """
    Says of many words which known one is nearest, as `nearest` does of one.

    Of a million known words it looks at few, and after `MOST_ASKED` words it keeps silent: nobody reads so far.
    """

    def __init__(self, known: Sequence[str]) -> None:
        """Know the words; they are sorted when the first one is asked for."""
        self._known = known
        self._alike: dict[tuple[str, int], list[str]] = {}
        self._asked = 0

    def to(self, word: str) -> str:
        """Return ` Did you mean "…"?`, or nothing."""
        self._asked += 1
        if self._asked > MOST_ASKED:
            return ""
        if len(self._known) <= MOST_COMPARED:
            return nearest(word, self._known)
        if not self._alike:
            for one in self._known:
                self._alike.setdefault((one[:1], len(one)), []).append(one)
        sizes = (len(word), len(word) - 1, len(word) + 1)
        near = (self._alike.get((word[:1], size), ())[:MOST_COMPARED] for size in sizes)
        return nearest(word, list(chain.from_iterable(near))[:MOST_COMPARED])


def nearest(word: str, known: Sequence[str]) -> str:
    """Return ` Did you mean "…"?` with the nearest known word, or nothing where none is near."""
    if len(known) > MOST_COMPARED:
        known = [one for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= 1][:MOST_COMPARED]
    near = get_close_matches(word, known, n=1, cutoff=0.7)
    return f' Did you mean "{near[0]}"?' if near else ""
