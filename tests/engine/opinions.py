"""
Two opinions on one company, the engine's and the auditor's, and every place in which they differ.
"""

from collections.abc import Iterator
from itertools import zip_longest

from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.engine.auditor import Audit, audited
from tests.engine.books import Company

NOT_A_COLUMN = ("period", "snapshot_digest", "lines", "members")


def company_of(snapshot: Snapshot) -> Company:
    """Return the columns of a snapshot as plain lists, which is all that the auditor reads."""
    names = [name for name in snapshot.__struct_fields__ if name not in NOT_A_COLUMN]
    return {name: [int(value) for value in getattr(snapshot, name).tolist()] for name in names}


def apart(snapshot: Snapshot, terms: Terms) -> list[str]:
    """Compute a company both ways, and return all that differs."""
    return disagreements(run(snapshot, terms), audited(terms, company_of(snapshot)))


def disagreements(outcome: Outcome, audit: Audit) -> list[str]:
    """Return a sentence for each column and each line in which an outcome and an audit differ."""
    return [*_columns_apart(outcome, audit), *_lines_apart(outcome, audit)]


def _columns_apart(outcome: Outcome, audit: Audit) -> Iterator[str]:
    for name in outcome.__struct_fields__:
        if name not in NOT_A_COLUMN:
            pairs = zip(getattr(outcome, name).tolist(), audit.columns[name], strict=True)
            apart = [(at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1]]
            for at, (engine, auditor) in apart[:1]:
                yield f"{name} of member {at}: engine {engine}, auditor {auditor}"


def _lines_apart(outcome: Outcome, audit: Audit) -> Iterator[str]:
    columns = [getattr(outcome.lines, name).tolist() for name in outcome.lines.__struct_fields__]
    pairs = zip_longest(zip(*columns, strict=True), map(tuple, audit.lines))
    for at, (engine, auditor) in enumerate(pairs):
        if engine != auditor:
            yield f"line {at}: engine {engine}, auditor {auditor}"
