"""
Overrides: what upline leaders earn on a broken-away group, generation by generation, with dynamic compression.

The earner of a generation is the nearest upline leader who qualifies for it. Who does not qualify is passed over and
uses up no generation. Each generation is one pointer a member, built from the roots down: nobody walks up a line.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.lines import NOBODY, Whole, amounts, lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    On the CV of each broken-away member's group, generation g earns `rates_bp[g - 1]`.

    Its earner is the nearest above that of generation g - 1 who is active, holds a breakaway title, meets the gate, and
    whose title opens g generations. A group's negative CV gives recovery lines.
    """
    groups = np.flatnonzero(columns.broken_away & (columns.group_cv != 0)).astype(np.int32)
    found = [_blank()]
    below = groups.copy()
    for generation, rate_bp in enumerate(terms.overrides.rates_bp, start=1):
        above, leg = _pointers(snapshot.sponsor, eligible(terms, columns, generation))
        earner, through = _follow(above, below), _follow(leg, below)
        if rate_bp > 0:
            found.append(_earned(groups, earner, through, columns.group_cv, generation=generation, rate_bp=rate_bp))
        below = earner
    lines = _in_order(found)
    amount_minor = amounts(snapshot, terms, earner=lines["earner"], base_cv=lines["base_cv"], rate_bp=lines["rate_bp"])
    paid(columns, lines_of(Bonus.OVERRIDE, amount_minor=amount_minor, **lines), columns.override_minor)


def eligible(terms: Terms, columns: Columns, generation: int) -> Flags:
    """Say of each member whether it may earn that generation: an active leader through the gate, of a title so deep."""
    opens = np.array([title.generations for title in terms.titles], dtype=np.int64)
    leads = (columns.title >= terms.breakaway_title) & columns.active & columns.override_gate
    return leads & (opens[columns.title] >= generation)


def _pointers(sponsor: Indexes, qualified: Flags) -> tuple[Indexes, Indexes]:
    above, leg = np.empty_like(sponsor), np.empty_like(sponsor)
    _point(sponsor, qualified, above, leg)
    return above, leg


@kernel
def _point(sponsor: Indexes, qualified: Flags, above: Indexes, leg: Indexes) -> None:
    """Point each member at the nearest qualified upline, and at that upline's frontline leg in which it stands."""
    for i in range(sponsor.size):
        up = sponsor[i]
        if up < 0:
            above[i] = NOBODY
            leg[i] = NOBODY
        elif qualified[up]:
            above[i] = up
            leg[i] = i
        else:
            above[i] = above[up]
            leg[i] = leg[up]


def _follow(pointer: Indexes, members: Indexes) -> Indexes:
    """Return where each member's pointer leads; nobody stays nobody."""
    followed: Indexes = np.where(members >= 0, pointer[members], np.int32(NOBODY)).astype(np.int32)
    return followed


def _earned(
    groups: Indexes, earner: Indexes, leg: Indexes, group_cv: Ints, *, generation: int, rate_bp: int
) -> dict[str, Whole]:
    reached = earner >= 0
    size = int(reached.sum())
    return {
        "earner": earner[reached],
        "leg": leg[reached],
        "source": groups[reached],
        "generation": np.full(size, generation, dtype=np.int32),
        "rate_bp": np.full(size, rate_bp, dtype=np.int64),
        "base_cv": group_cv[groups[reached]],
    }


def _blank() -> dict[str, Whole]:
    nobody, nothing = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
    return _earned(nobody, nobody, nobody, nothing, generation=0, rate_bp=0)


def _in_order(found: list[dict[str, Whole]]) -> dict[str, Whole]:
    joined = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    order = np.lexsort((joined["rate_bp"], joined["source"], joined["leg"], joined["earner"]))
    return {name: column[order] for name, column in joined.items()}
