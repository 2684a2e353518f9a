"""
Paths: the way of volume up the line, and what each percent tops of what was paid on it below.

Each member holds the CV of its open group by the percent that counts as paid on it. Most members hold it at one percent
or two, so only these are kept, and only until the sponsor has read them: one pass from the leaves, and the lines come
out of it in their order, the last one first.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import lines_of
from backend.engine.columns.compiled import borrowing, kernel
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Indexes, Ints


class Path(NamedTuple):
    """What decides where volume goes and at which percent: the tree, who closes it, and what counts as paid."""

    first_leg: Indexes
    leg_count: Indexes
    closes: Flags
    own_bp: Ints
    """The percent that counts as paid on the own CV."""
    legs_bp: Ints
    """The same on the legs' volume."""
    settles: Flags
    """Whatever reaches the member counts at its percent from there on, also where more was paid below."""
    cv: Ints
    own_left_out: Flags
    """Who is not paid on what the frontline itself bought, as the own market says."""


class Percents(NamedTuple):
    """All percents of a plan, rising, and the place of each among them."""

    bp: Ints
    place: Indexes


class Held(NamedTuple):
    """
    The CV of open groups by the percent that counts as paid on it, in a round of entries.

    Who stands last writes first, and legs are read in the order in which they were written: a member's entries are
    `entries[i]` in a row, of rising percents, and their room is free as soon as the sponsor has read them.
    """

    entries: Indexes
    level: Indexes
    cv: Ints
    at: Ints
    """Per percent: what the member in hand has; nothing between two members."""


class Written(NamedTuple):
    """The lines as the loop writes them, the last one first; percents by their places."""

    earner: Indexes
    leg: Indexes
    level: Indexes
    below: Indexes
    base_cv: Ints


def percents_of(*columns: Ints) -> Percents:
    """Return zero and all percents that stand in some columns."""
    seen = np.zeros(1 + max((int(column.max(initial=0)) for column in columns), default=0), dtype=np.bool_)
    seen[0] = True
    for column in columns:
        _see(column, seen)
    found = np.flatnonzero(seen).astype(np.int64)
    place = np.zeros(seen.size, dtype=np.int32)
    place[found] = np.arange(found.size)
    return Percents(found, place)


@kernel
def _see(column: Ints, seen: Flags) -> None:
    for i in range(column.size):
        seen[column[i]] = True


def lines_on(path: Path) -> Lines:
    """
    Return the lines of what each member's percent tops on each leg, by earner, leg and rising rate; no amounts yet.

    Every member begins one entry, or two where own CV counts at another percent than the legs', and a line ends one: so
    there are no more lines, nor entries held at once, than that.
    """
    size = path.cv.size
    alike = path.own_bp is path.legs_bp
    percents = percents_of(path.legs_bp) if alike else percents_of(path.legs_bp, path.own_bp)
    most = size if alike else 2 * size
    count, level, at = np.empty(size, np.int32), np.empty(most + 1, np.int32), np.zeros(percents.bp.size, np.int64)
    held = Held(count, level, np.empty(most + 1, dtype=np.int64), at)
    narrow = [np.empty(most, dtype=np.int32) for _ in range(4)]
    written = Written(narrow[0], narrow[1], narrow[2], narrow[3], np.empty(most, dtype=np.int64))
    first = _climb(path, percents.place, held, written)
    earner, leg, own, below, base_cv = (column[first:].copy() for column in written)
    less_bp = percents.bp[below]
    rate_bp = percents.bp[own] - less_bp
    line = {"source": leg, "rate_bp": rate_bp, "less_bp": less_bp, "base_cv": base_cv}
    return lines_of(Bonus.DIFFERENTIAL, earner=earner, leg=leg, **line)


@borrowing
def _climb(path: Path, place: Indexes, held: Held, written: Written) -> int:
    """Go through all members from the leaves up, and return where the lines begin."""
    line, read, write = written.earner.size, 0, 0
    for i in range(path.cv.size - 1, -1, -1):
        own, own_level = place[path.legs_bp[i]], place[path.own_bp[i]]
        low, high = own_level, own_level
        end = path.first_leg[i] + path.leg_count[i]
        for back in range(path.leg_count[i]):
            leg = end - 1 - back
            for _ in range(held.entries[leg]):
                below, cv = held.level[read], held.cv[read]
                read = read + 1 if read + 1 < held.cv.size else 0
                base = cv
                if path.own_left_out[i] and place[path.own_bp[leg]] == below:
                    base -= path.cv[leg]
                if base != 0 and below < own:
                    line -= 1
                    written.earner[line] = i
                    written.leg[line] = leg
                    written.level[line] = own
                    written.below[line] = below
                    written.base_cv[line] = base
                goes_on = own if path.settles[i] or below < own else below
                held.at[goes_on] += cv
                low, high = min(low, goes_on), max(high, goes_on)
        held.at[own_level] += path.cv[i]
        held.entries[i] = 0
        if not path.closes[i]:
            for level in range(low, high + 1):
                if held.at[level] != 0 or level == own_level:
                    held.level[write] = level
                    held.cv[write] = held.at[level]
                    held.entries[i] += 1
                    write = write + 1 if write + 1 < held.cv.size else 0
        for level in range(low, high + 1):
            held.at[level] = 0
    return line
