"""
Frozen sheets: what is kept of a closed period is read again as it was, and computes again to the same bytes.
"""

import msgspec
import pytest

from backend.engine.periods.frozen import frozen, read_outcome, read_snapshot
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.people import cast, plan


def _month() -> tuple[Snapshot, Terms]:
    return cast(), plan()


def test_a_snapshot_comes_back_as_it_was() -> None:
    """Every column, id and flag is the same, and so is the digest."""
    snapshot, _ = _month()
    assert read_snapshot(frozen(snapshot)).digest() == snapshot.digest()


def test_the_same_sheet_gives_the_same_bytes() -> None:
    """Freezing what was read again changes nothing."""
    snapshot, terms = _month()
    outcome = run(snapshot, terms)
    assert frozen(read_snapshot(frozen(snapshot))) == frozen(snapshot)
    assert frozen(read_outcome(frozen(outcome))) == frozen(outcome)


def test_a_period_computes_again_from_what_was_kept() -> None:
    """Snapshot and terms as they were kept are all that a closed period needs for the same outcome."""
    snapshot, terms = _month()
    kept = msgspec.json.decode(msgspec.json.encode(terms), type=Terms)
    assert kept == terms
    assert run(read_snapshot(frozen(snapshot)), kept).digest() == run(snapshot, terms).digest()


@pytest.mark.parametrize("cut", [1, 7, 100])
def test_bytes_that_were_cut_are_no_sheet(cut: int) -> None:
    """What is not whole is refused and never read in part."""
    snapshot, _ = _month()
    with pytest.raises(msgspec.DecodeError):
        read_snapshot(frozen(snapshot)[:-cut])


def test_an_outcome_is_no_snapshot() -> None:
    """A sheet of one kind is not taken for one of the other."""
    snapshot, terms = _month()
    with pytest.raises(msgspec.ValidationError):
        read_snapshot(frozen(run(snapshot, terms)))
