"""
Handrail's own engine: the stages that the rivals answer to, and the whole plan.

Title counts clocks that no compared stage reads, and personal commission is not compared: neither is in the subset.
Activity is, for steps ask for active enrolled, and compression, which says at what percent each is paid.
"""

import tracemalloc
from time import thread_time
from typing import NamedTuple

import numpy as np

from backend.engine import activity, compression, differential, overrides, standing, volume
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot, columns_of
from backend.plan.terms import Terms
from tests.bench.rivals.results import RESULTS, Results

SUBSET = (volume.stage, activity.stage, standing.stage, compression.stage, differential.stage, overrides.stage)


class Handrail:
    """The stages of the subset, on a fresh sheet each time; their lines are written, which no rival does."""

    def __init__(self, snapshot: Snapshot, terms: Terms) -> None:
        """Keep the company, as it stands in the worker's memory."""
        self._snapshot, self._terms = snapshot, terms
        self.sheet: Columns | None = None

    def settle(self) -> float:
        """Lay out a sheet and let the stages fill it in."""
        began = thread_time()
        self.sheet = Columns.blank(len(self._snapshot.members), self._terms)
        for stage in SUBSET:
            stage(self._snapshot, self._terms, self.sheet)
        return thread_time() - began

    def results(self) -> Results:
        """Hand over the compared columns, and let the sheet go."""
        found, self.sheet = self.sheet, None
        return _compared(found)


class WholePlan:
    """All stages of the pipeline, the outcome with its digest, and the laws."""

    def __init__(self, snapshot: Snapshot, terms: Terms) -> None:
        """Keep the company, as it stands in the worker's memory."""
        self._snapshot, self._terms = snapshot, terms
        self._outcome: Outcome | None = None

    def settle(self) -> float:
        """Run the pipeline."""
        began = thread_time()
        self._outcome = run(self._snapshot, self._terms)
        return thread_time() - began

    def results(self) -> Results:
        """Hand over the compared columns, and let the outcome go."""
        found, self._outcome = self._outcome, None
        return _compared(found)


class Footprint(NamedTuple):
    """Bytes a member: the company's columns, the sheet's, the lines', and the most that a pass takes at once."""

    snapshot: float
    sheet: float
    lines: float
    peak: float


def footprint(snapshot: Snapshot, terms: Terms) -> Footprint:
    """Return what a pass over the subset takes; `peak` is beside the company and all that is needed meanwhile."""
    engine = Handrail(snapshot, terms)
    tracemalloc.start()
    engine.settle()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert engine.sheet is not None, "it was computed just now"
    lines = [*engine.sheet.lines, *engine.sheet.breakage]
    parts = ([snapshot], [engine.sheet], lines)
    taken = [sum(getattr(part, name).nbytes for part in some for name in columns_of(part)) for some in parts]
    return Footprint(*(taken_bytes / len(snapshot.members) for taken_bytes in (*taken, peak)))


def _compared(sheet: Columns | Outcome | None) -> Results:
    return {name: getattr(sheet, name).astype(np.dtype(kind)) for name, kind in RESULTS.items()}
