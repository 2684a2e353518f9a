"""
Climbs: what is paid level by level upward, the sponsors' line or the enrollers'; level bonuses and matches share it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import NOBODY, in_order, joined, lines_of
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.engine.upline.nearest import climbed
from backend.plan.terms import LevelBonus, Line, Match


class Climb(NamedTuple):
    """A bonus that goes by levels: which it is, its rule, and who is through its gate."""

    bonus: Bonus
    scheme: int
    rule: LevelBonus | Match
    through: Flags


class Brought(NamedTuple):
    """What each member brings (n), what of one of it is paid (markets × levels), and the product that it is, if any."""

    base: Ints
    rates: Ints
    product: int = NOBODY


def lines_of_levels(snapshot: Snapshot, columns: Columns, climb: Climb, brought: Sequence[Brought]) -> Lines:
    """
    Return the lines of all levels on what each member brings, in order, no amounts yet; `base_cv` is what it brings.

    A level pays the rate of the earner's market; on the enrollers' line no frontline leg is named.
    """
    by_sponsor = climb.rule.line == Line.SPONSOR
    levels = max((each.rates.shape[1] for each in brought), default=0)
    earns = (columns.paid_step >= 0) & climb.through
    line = snapshot.sponsor if by_sponsor else snapshot.enroller
    found = []
    for at, above in enumerate(climbed(line, earns, levels=levels, compressed=climb.rule.compressed)):
        for each in brought:
            rate = each.rates[snapshot.market[above.member], at]
            source = np.flatnonzero((above.member >= 0) & (each.base != 0) & (rate > 0)).astype(np.int32)
            lines = lines_of(
                climb.bonus,
                scheme=climb.scheme,
                earner=above.member[source],
                leg=above.leg[source] if by_sponsor else NOBODY,
                source=source,
                generation=at + 1,
                product=each.product,
                base_cv=each.base[source],
                rate_bp=rate[source],
            )
            found.append(lines)
    return in_order(joined(found))
