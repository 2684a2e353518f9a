"""
Differential: the own percent less the highest percent already paid below, on every leg's volume.

Each member holds the CV of its open group sorted by the highest percent paid on it so far. What a member's percent
tops moves up to that percent; what has been paid at as much or more stays where it is. A broken-away member still
earns on its own legs, and hands nothing on: the path closes there.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.compression import percents_paid
from backend.engine.lines import amounts, lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms


class Path(NamedTuple):
    """What decides where volume goes and at which percent: the tree, who closes it, each one's place in the ladder."""

    first_leg: Indexes
    leg_count: Indexes
    broken_away: Flags
    level: Ints
    """The index of the percent paid among the plan's different percents, of which the first is zero."""
    cv: Ints


class Written(NamedTuple):
    """The columns of the differential's lines that the loop writes."""

    earner: Indexes
    leg: Indexes
    rate_bp: Ints
    less_bp: Ints
    base_cv: Ints


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Write a line for earner × frontline leg × highest percent paid below, where the earner's percent is above that.

    Up to and including the first broken-away member, the rates on one unit of CV add up to the highest percent paid.
    """
    percents = np.unique([0, *(step.percent_bp for step in terms.steps)]).astype(np.int64)
    level = np.searchsorted(percents, percents_paid(terms, columns))
    path = Path(snapshot.first_leg, snapshot.leg_count, columns.broken_away, level, columns.cv)
    held_cv = np.zeros((len(snapshot.members), percents.size), dtype=np.int64)
    written = _blank(_hold(path, held_cv))
    _write(path, held_cv, percents, written)
    amount_minor = amounts(snapshot, terms, earner=written.earner, base_cv=written.base_cv, rate_bp=written.rate_bp)
    lines = lines_of(Bonus.DIFFERENTIAL, source=written.leg, amount_minor=amount_minor, **written._asdict())
    paid(columns, lines, columns.differential_minor)


@kernel
def _hold(path: Path, held_cv: Ints) -> int:
    """Sort each open group's CV by the highest percent paid on it, from the leaves up; return the number of lines."""
    count = 0
    for i in range(path.cv.size - 1, -1, -1):
        own = path.level[i]
        held_cv[i, own] += path.cv[i]
        for leg in range(path.first_leg[i], path.first_leg[i] + path.leg_count[i]):
            if path.broken_away[leg]:
                continue
            for below in range(held_cv.shape[1]):
                base = held_cv[leg, below]
                held_cv[i, max(own, below)] += base
                count += base != 0 and below < own
    return count


@kernel
def _write(path: Path, held_cv: Ints, percents: Ints, written: Written) -> None:
    """Write the lines by earner, leg and rising rate."""
    line = 0
    for i in range(path.cv.size):
        own = path.level[i]
        for leg in range(path.first_leg[i], path.first_leg[i] + path.leg_count[i]):
            if path.broken_away[leg]:
                continue
            for below in range(own - 1, -1, -1):
                base = held_cv[leg, below]
                if base != 0:
                    written.earner[line] = i
                    written.leg[line] = leg
                    written.rate_bp[line] = percents[own] - percents[below]
                    written.less_bp[line] = percents[below]
                    written.base_cv[line] = base
                    line += 1


def _blank(count: int) -> Written:
    earner, leg = (np.empty(count, dtype=np.int32) for _ in range(2))
    rate_bp, less_bp, base_cv = (np.empty(count, dtype=np.int64) for _ in range(3))
    return Written(earner, leg, rate_bp, less_bp, base_cv)
