"""
Totals: an outcome's columns added up for the company.
"""

import numpy as np

from backend.engine.outcome import Bonus, Outcome
from backend.engine.payout import ON_VOLUME, paid_by_bonus, share_bp
from backend.engine.snapshot import Snapshot
from backend.forecast.company import BonusPaid, CompanyTotals
from backend.plan.terms import Terms


def totals(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> CompanyTotals:
    """Add up an outcome; who has not joined yet is not counted."""
    joined = snapshot.days_since_joining >= 0
    paid = paid_by_bonus(snapshot, terms, outcome)
    return CompanyTotals(
        period=outcome.period,
        members=int(joined.sum()),
        active=int(outcome.active.sum()),
        broken_away=int(outcome.broken_away.sum()),
        pv_points=int(outcome.pv.sum()),
        cv_points=int(outcome.cv.sum()),
        payout_bp=share_bp(snapshot, terms, outcome, list(Bonus)),
        personal_and_differential_bp=share_bp(snapshot, terms, outcome, ON_VOLUME),
        steps=tuple(np.bincount(outcome.step[joined], minlength=len(terms.steps)).tolist()),
        bonuses=tuple(
            BonusPaid(bonus=bonus.name.lower(), currency=currency, amount_minor=amount)
            for (bonus, currency), amount in paid.items()
        ),
    )
