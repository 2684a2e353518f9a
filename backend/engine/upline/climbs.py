"""
Climbs: what is paid level by level upward, the sponsors' line or the enrollers'; level bonuses and matches share it.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import NOBODY, in_order, joined, lines_of
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.engine.upline.nearest import climbed
from backend.plan.terms import LevelBonus, Line, Match


class Climb(NamedTuple):
    """A bonus that goes by levels: which it is, its rule, its rates (markets × levels), and who is through its gate."""

    bonus: Bonus
    scheme: int
    rule: LevelBonus | Match
    rates_bp: Ints
    through: Flags


def lines_of_levels(snapshot: Snapshot, columns: Columns, climb: Climb, base: Ints) -> Lines:
    """
    Return the lines of all levels on what each member brings, in order, no amounts yet; `base_cv` is what it brings.

    A level pays the rate of the earner's market; on the enrollers' line no frontline leg is named.
    """
    by_sponsor = climb.rule.line == Line.SPONSOR
    levels = climb.rates_bp.shape[1]
    earns = (columns.paid_step >= 0) & climb.through
    line = snapshot.sponsor if by_sponsor else snapshot.enroller
    found = []
    for at, above in enumerate(climbed(line, earns, levels=levels, compressed=climb.rule.compressed)):
        rate = climb.rates_bp[snapshot.market[above.member], at]
        source = np.flatnonzero((above.member >= 0) & (base != 0) & (rate > 0)).astype(np.int32)
        lines = lines_of(
            climb.bonus,
            scheme=climb.scheme,
            earner=above.member[source],
            leg=above.leg[source] if by_sponsor else NOBODY,
            source=source,
            generation=at + 1,
            base_cv=base[source],
            rate_bp=rate[source],
        )
        found.append(lines)
    return in_order(joined(found))
