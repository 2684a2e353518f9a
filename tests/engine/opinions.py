"""
Two opinions on one company, the engine's and the auditor's, and every place in which they differ.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from backend.engine.outcome import Lines, Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.engine.auditor import Audit, audited
from tests.engine.auditor_gates import Company
from tests.engine.auditor_lines import Line

NOT_A_COLUMN = ("period", "came_from", "lines", "breakage", "members")


def company_of(snapshot: Snapshot) -> Company:
    """Return the columns of a snapshot as plain lists, which is all that the auditor reads."""
    names = [name for name in snapshot.__struct_fields__ if name not in NOT_A_COLUMN]
    plain = {name: getattr(snapshot, name) for name in names}
    return {name: value if isinstance(value, bool) else value.tolist() for name, value in plain.items()}


def apart(snapshot: Snapshot, terms: Terms) -> list[str]:
    """Compute a company both ways, and return all that differs."""
    return disagreements(run(snapshot, terms), audited(terms, company_of(snapshot)))


def disagreements(outcome: Outcome, audit: Audit) -> list[str]:
    """Return a sentence for each column and each line in which an outcome and an audit differ."""
    return [
        *_columns_apart(outcome, audit),
        *_lines_apart("line", outcome.lines, audit.lines),
        *_lines_apart("breakage", outcome.breakage, audit.breakage),
    ]


def _columns_apart(outcome: Outcome, audit: Audit) -> Iterator[str]:
    for name in outcome.__struct_fields__:
        if name not in NOT_A_COLUMN:
            pairs = zip(getattr(outcome, name).tolist(), audit.columns[name], strict=True)
            apart = [(at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1]]
            for at, (engine, auditor) in apart[:1]:
                yield f"{name} of member {at}: engine {engine}, auditor {auditor}"


def lines_of(lines: Lines) -> list[Line]:
    """Return an engine's lines as the auditor writes them, in their order."""
    columns = {name: getattr(lines, name).tolist() for name in lines.__struct_fields__ if name not in {"part", "whole"}}
    parts = [Fraction(part, whole) for part, whole in zip(lines.part.tolist(), lines.whole.tolist(), strict=True)]
    return [
        Line(part=part, **dict(zip(columns, row, strict=True)))
        for part, *row in zip(parts, *columns.values(), strict=True)
    ]


def _lines_apart(kind: str, lines: Lines, audited_lines: list[Line]) -> Iterator[str]:
    engine, auditor = Counter(lines_of(lines)), Counter(audited_lines)
    for side, left in (("engine alone", engine - auditor), ("auditor alone", auditor - engine)):
        yield from (f"{kind} of the {side}: {line}" for line in sorted(left.elements()))
