"""
Totals: the payout's three splits as the company's page keeps them, each adding up to the payout.
"""

from collections import Counter

import pytest

from backend.engine.amounts.payout import counts, split_of
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast.totals import totals
from backend.plan.terms import Terms
from tests.engine.networks import random_case
from tests.people import cast, plan


def paid(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> dict[str, int]:
    """Return what the company pays in each currency, line by line."""
    found: Counter[str] = Counter()
    lines = zip(outcome.lines.earner.tolist(), outcome.lines.amount_minor.tolist(), counts(outcome), strict=True)
    for earner, amount_minor, counted in lines:
        found[terms.markets[snapshot.market[earner]].currency] += amount_minor * int(counted)
    return {currency: amount_minor for currency, amount_minor in found.items() if amount_minor}


@pytest.mark.parametrize("seed", range(12))
def test_each_split_gives_the_payout_to_the_last_unit_and_basis_point(seed: int) -> None:
    """On random plans each split's amounts give what the lines pay, and its shares give the payout's own share."""
    snapshot, terms = random_case(seed, size=40)
    outcome = run(snapshot, terms)
    found = totals(snapshot, terms, outcome)
    for parts in (found.split.by_bonus, found.split.by_depth, found.split.by_market):
        amounts: Counter[str] = Counter()
        for part in parts:
            amounts[part.currency] += part.amount_minor
        assert paid(snapshot, terms, outcome) == {name: amount for name, amount in amounts.items() if amount}
        assert found.payout_bp == sum(part.share_bp for part in parts) or not parts


def test_a_basis_point_is_the_most_that_a_share_is_moved() -> None:
    """A share is the rounded one, or one basis point beside it where the rounded ones would not add up."""
    snapshot, terms = cast(), plan()
    outcome = run(snapshot, terms)
    rounded, kept = split_of(snapshot, terms, outcome), totals(snapshot, terms, outcome).split
    for way in ("by_bonus", "by_depth", "by_market"):
        pairs = list(zip(getattr(rounded, way), getattr(kept, way), strict=True))
        assert [(one.name, one.currency, one.amount_minor) for one, _ in pairs] == [
            (one.name, one.currency, one.amount_minor) for _, one in pairs
        ]
        assert {abs(one.share_bp - other.share_bp) for one, other in pairs} <= {0, 1}
