"""
Reading a plan file: from its text to a document without a finding, or to all the findings at once.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from backend.kernel.finding import Finding, Refused
from backend.plan.check import check
from backend.plan.decode import Decoder
from backend.plan.document import Document
from backend.plan.syntax import mend


class Reading(Struct, frozen=True, kw_only=True):
    """A document as far as it could be read, and everything that is wrong with it."""

    document: Document
    findings: list[Finding]


def read_plan(text: str | bytes, source: str) -> Document:
    """Return the document of a plan file; raises Refused with every finding of spelling, form and sense."""
    reading = _read(text, source)
    if reading.findings:
        raise Refused(reading.findings)
    return reading.document


def findings_of(text: str | bytes, source: str) -> list[Finding]:
    """Return every finding of a plan file in the order of its places; none where the plan is sound."""
    return Refused(_read(text, source).findings).findings


def _read(text: str | bytes, source: str) -> Reading:
    mended = mend(text, source)
    decoder = Decoder(mended.source, mended=bool(mended.findings))
    document: Document = decoder.read(Document, mended.values, ())
    mentioned = set(_clauses(mended.values))
    unsound = check(document, mended.source, broken=decoder.broken, mentioned=mentioned)
    return Reading(document=document, findings=[*mended.findings, *decoder.findings, *unsound])


def _clauses(raw: Any) -> Iterator[str]:
    if isinstance(raw, dict):
        yield from (clause for clause in [raw.get("clause")] if isinstance(clause, str))
    for each in raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ():
        yield from _clauses(each)
