"""
Closed periods as files: what each has posted and what it hands on, saved beside the results and read again.

A later calculation begins where a saved carryover ends, and compares with what was posted: what a correction changes in
a closed period becomes adjustment lines of the open one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from backend.engine.periods.adjustments import Posting, posting_of, read_posting
from backend.engine.periods.carryover import Carryover, carryover_of, read_carryover
from backend.files.calculation import Computed
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period


def write_closed(folder: Path, periods: Iterable[Computed], posted: Mapping[Period, Posting]) -> list[Path]:
    """
    Write `posting-….json` and `carryover-….json` of each period to a folder that is there; return their paths.

    What a period has `posted` already is written as it was, whatever the period comes to now.
    """
    return [path for one in periods for path in _written(folder, one, posted.get(one.period))]


def _written(folder: Path, one: Computed, posted: Posting | None) -> Iterator[Path]:
    of = (one.snapshot, one.terms, one.outcome)
    posting = posted or posting_of(*of, one.adjustments)
    documents = {"posting": posting.encoded(), "carryover": carryover_of(*of).encoded()}
    for name, encoded in documents.items():
        path = folder / f"{name}-{one.period}.json"
        path.write_bytes(encoded + b"\n")
        yield path


def carryover_in(path: Path) -> Carryover:
    """Read a saved carryover; raises Refused with where and why it is none."""
    try:
        return read_carryover(path.read_bytes())
    except (OSError, msgspec.DecodeError) as wrong:
        raise Refused([_unreadable(path, "carryover", str(wrong))]) from None


def postings_in(folder: Path, periods: Sequence[Period]) -> dict[Period, Posting]:
    """Read what the periods have posted, of those that are saved in a folder; raises Refused with all that is none."""
    found, findings = dict[Period, Posting](), list[Finding]()
    for period in periods:
        path = folder / f"posting-{period}.json"
        if path.is_file():
            try:
                found[period] = read_posting(path.read_bytes())
            except msgspec.DecodeError as wrong:
                findings.append(_unreadable(path, "posting", str(wrong)))
    if not folder.is_dir():
        findings.append(_unreadable(folder, "posting", "there is no such folder"))
    if findings:
        raise Refused(findings)
    return found


def _unreadable(path: Path, kind: str, why: str) -> Finding:
    return Finding(
        code=f"{kind}-unreadable",
        place=Place(source=str(path)),
        message=f"This is no {kind} that was saved: {why}.",
        remedy="Name what an earlier `handrail calc --out` has written.",
    )
