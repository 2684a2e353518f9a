"""
Totals: an outcome's columns added up for the company.
"""

import numpy as np

from backend.engine.amounts.payout import ON_VOLUME, Part, paid_by_bonus, share_bp, sold_cv, split_of
from backend.engine.outcome import Bonus, Outcome
from backend.engine.snapshot import Snapshot
from backend.forecast.company import BonusPaid, CompanyTotals, PayoutPart, PayoutSplit
from backend.plan.terms import Terms


def totals(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> CompanyTotals:
    """Add up an outcome; who has not joined yet is not counted."""
    joined = snapshot.days_since_joining >= 0
    payout_bp = share_bp(snapshot, terms, outcome, list(Bonus))
    paid = paid_by_bonus(snapshot, terms, outcome)
    return CompanyTotals(
        period=outcome.period,
        members=int(joined.sum()),
        active=int(outcome.active.sum()),
        broken_away=int(outcome.broken_away.sum()),
        pv_points=int(outcome.pv.sum()),
        cv_points=sold_cv(snapshot, terms, outcome),
        payout_bp=payout_bp,
        personal_and_differential_bp=share_bp(snapshot, terms, outcome, ON_VOLUME),
        steps=tuple(np.bincount(outcome.step[joined], minlength=len(terms.steps)).tolist()),
        bonuses=tuple(
            BonusPaid(bonus=bonus.name.lower(), currency=currency, amount_minor=amount)
            for (bonus, currency), amount in paid.items()
        ),
        split=_split(snapshot, terms, outcome, payout_bp=payout_bp),
    )


def _split(snapshot: Snapshot, terms: Terms, outcome: Outcome, *, payout_bp: int) -> PayoutSplit:
    found = split_of(snapshot, terms, outcome)
    return PayoutSplit(
        by_bonus=_adding_up(found.by_bonus, payout_bp),
        by_depth=_adding_up(found.by_depth, payout_bp),
        by_market=_adding_up(found.by_market, payout_bp),
    )


def _adding_up(parts: tuple[Part, ...], payout_bp: int) -> tuple[PayoutPart, ...]:
    """Let rounded shares add up to that of the whole: the largest parts take a basis point each of what is over."""
    over = payout_bp - sum(part.share_bp for part in parts)
    largest = sorted(range(len(parts)), key=lambda at: -abs(parts[at].share_bp))[: abs(over)]
    return tuple(
        PayoutPart(
            name=part.name,
            currency=part.currency,
            amount_minor=part.amount_minor,
            share_bp=part.share_bp + (at in largest) * (1 if over > 0 else -1),
        )
        for at, part in enumerate(parts)
    )
