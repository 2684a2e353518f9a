"""
Payout: what an outcome pays, by bonus and currency, and as a share of the CV that it is paid on.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from backend.engine.outcome import Bonus, Outcome
from backend.engine.snapshot import Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS, Rounding, divided
from backend.plan.terms import Terms

ON_VOLUME = (Bonus.PERSONAL, Bonus.DIFFERENTIAL)
"""The bonuses that together never pay more than the plan's highest percent."""


def share_bp(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Sequence[Bonus]) -> int:
    """Return what some bonuses pay as a share of the CV, each amount turned to points by its earner's market."""
    lines, cv = outcome.lines, int(outcome.cv.sum())
    market = snapshot.market[lines.earner]
    chosen = np.isin(lines.bonus, bonuses)
    points = sum(
        Fraction(int(lines.amount_minor[chosen & (market == at)].sum()) * HUNDREDTHS, each.minor_per_point)
        for at, each in enumerate(terms.markets)
    )
    share = Fraction(points) * BASIS / cv if cv > 0 else Fraction(0)
    return divided(share.numerator, share.denominator, Rounding.HALF_UP)


def paid_by_bonus(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[tuple[Bonus, str], int]:
    """Return the sum of each bonus in each currency, in minor units; what pays nothing is left out."""
    lines = outcome.lines
    market = snapshot.market[lines.earner]
    paid: dict[tuple[Bonus, str], int] = {}
    for bonus in Bonus:
        for at, each in enumerate(terms.markets):
            amount = int(lines.amount_minor[(lines.bonus == bonus) & (market == at)].sum())
            if amount:
                paid[bonus, each.currency] = paid.get((bonus, each.currency), 0) + amount
    return paid
