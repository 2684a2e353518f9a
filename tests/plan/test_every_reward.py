"""
Every setting of what is paid beside percentages, and the number or word of the terms that it becomes.
"""

import pytest

from backend.plan.terms import (
    Fosters,
    Fund,
    Line,
    ProductAmounts,
    RatesBy,
    Split,
    VolumeNumber,
)
from tests.plan.every import BRACKET, SINCE_APRIL, at


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("productions.0.volume", SINCE_APRIL),
        ("productions.0.brackets", ((0, 100), (500_000, 200))),
        ("productions.0.gate.any_of.0.0.at_least", 11_000),
        ("levels.0.rates_bp", (800, 300)),
        ("levels.0.line", Line.ENROLLER),
        ("levels.0.first_orders", True),
        ("levels.0.within_days", 30),
        ("levels.0.gate.any_of.0.0.at_least", 12_000),
        ("levels.0.compressed", True),
        ("levels.0.or_differential", True),
        ("products", ("starter", "water")),
        ("levels.1.products.0", ProductAmounts(product=0, amounts_minor=(500, 250))),
        ("levels.1.products.1", ProductAmounts(product=1, amounts_minor=(100,))),
        ("levels.1.rates_bp", ()),
        ("pools.0.share_bp", 200),
        ("pools.0.fund", Fund.DOWNLINES),
        ("pools.0.fund_volume", SINCE_APRIL),
        ("pools.0.split", Split.LEG_TIERS),
        ("pools.0.gate.any_of.0.0.at_least", 13_000),
        ("pools.0.volume", BRACKET),
        ("pools.0.mark", 1),
        ("pools.0.leg_periods", 4),
        ("pools.0.fosters", Fosters.LEFT_OUT),
        ("pools.0.periods", 6),
        ("pools.0.tiers", ((1_000_000, 1, 100_000), (0, 1, 200_000))),
        ("pools.0.in_last_period_of_year", True),
        ("pools.1.share_minor", 1_250),
        ("pools.1.fund", Fund.COMPANY),
        ("pools.1.split", Split.LEG_UNITS),
        ("pools.1.units", ((2, 1), (6, 2))),
        ("pools.1.fund_volume", VolumeNumber.OWN),
        ("pools.2.fund", Fund.MARKET),
        ("pools.2.split", Split.POINTS),
        ("pools.2.leg_points", 3),
        ("matches.0.rates_bp", (1_000,)),
        ("matches.0.bonuses", (0, 1, 2, 3, 4, 5, 6, 7, 9)),
        ("matches.0.line", Line.ENROLLER),
        ("matches.0.gate.any_of.0.0.at_least", 14_000),
        ("matches.0.compressed", True),
        ("multipliers.0.rates_bp", (0, 2_000)),
        ("multipliers.0.by", RatesBy.TITLE),
        ("multipliers.0.bonuses", (2, 6)),
        ("multipliers.0.gate.any_of.0.0.at_least", 14_500),
        ("multipliers.1.rates_bp", (500,)),
        ("multipliers.1.by", RatesBy.NOTHING),
        ("fast_start.within_days", 90),
        ("one_times.0.requirement.any_of.0.0.at_least", 100_000),
        ("one_times.0.amount_minor", 7_500),
        ("one_times.0.within_days", 60),
        ("title_held.successive_periods", 3),
        ("title_held.after_achievement", True),
        ("title_held.instalments", 2),
        ("title_held.restarts", False),
        ("title_held.clawback_periods", 4),
        ("caps.0.bonuses", (3, 7)),
        ("caps.0.member_minor", 500_000),
        ("caps.0.share_bp", 4_000),
        ("caps.0.before_matches", False),
        ("caps.1.before_matches", True),
    ],
)
def test_a_setting_of_a_bonus_becomes_its_term(path: str, expected: object) -> None:
    """What a plan file writes of a bonus is what the terms hold: the smallest unit, an index, or one of an enum."""
    assert expected == at(path)
