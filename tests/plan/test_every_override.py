"""
Every setting of an override in a plan file, and the number or word of the terms that it becomes.
"""

import pytest

from backend.plan.terms import Charged, Counting, Groups, Measure, RatesBy, VolumeNumber
from tests.plan.every import BRACKET, at


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("overrides.0.rates_bp", ((), (500,), (500, 300))),
        ("overrides.0.by", RatesBy.TITLE),
        ("overrides.0.depth_by_title", True),
        ("overrides.0.last_rate_goes_on", True),
        ("overrides.0.groups", Groups.MARKED),
        ("overrides.0.mark", 1),
        ("overrides.0.volume", BRACKET),
        ("overrides.0.lowest_title", 1),
        ("overrides.0.gate.any_of.0.0.measure", Measure.SIDE_VOLUME),
        ("overrides.0.gate.clause", "7"),
        ("overrides.0.counting", Counting.ENDS),
        ("overrides.0.first_only", True),
        ("overrides.0.least_difference_bp", 150),
        ("overrides.0.distance_bp", (10_000, 5_000)),
        ("overrides.0.pays_skipped", False),
        ("overrides.0.empty_counts", False),
        ("overrides.0.guarantee.points", 100_000),
        ("overrides.0.guarantee.charged", Charged.FRONTLINE_GROUPS),
        ("overrides.1.rates_bp", ((), (200,), (200,), (400,))),
        ("overrides.1.by", RatesBy.LEGS_BROKEN_AWAY),
        ("overrides.1.guarantee.charged", Charged.OWN_GROUP),
        ("overrides.1.guarantee.at_most_incoming", True),
        ("overrides.1.guarantee.average", True),
        ("overrides.1.guarantee.band_from", 30_000),
        ("overrides.1.guarantee.band_part_bp", 2_550),
        ("overrides.1.finer", 1),
        ("overrides.1.counting", Counting.USES_ONE),
        ("overrides.1.least_difference_bp", -1),
        ("overrides.2.rates_bp", ((), (50,), (100, 100))),
        ("overrides.2.by", RatesBy.STEP),
        ("overrides.2.groups", Groups.SAME_PERCENT),
        ("overrides.2.guarantee", None),
        ("overrides.3.rates_bp", ((300, 200),)),
        ("overrides.3.by", RatesBy.NOTHING),
        ("overrides.3.volume", VolumeNumber.GROUP),
        ("overrides.4.rates_bp", ((625, 200_000),)),
        ("overrides.4.finer", 100),
        ("overrides.4.of_first_amount", True),
        ("overrides.5.rates_bp", ((25,),)),
        ("overrides.5.groups", Groups.SAME_TITLE),
    ],
)
def test_a_setting_of_an_override_becomes_its_term(path: str, expected: object) -> None:
    """What a plan file writes of an override is what the terms hold: a number, an index or one of an enum."""
    assert expected == at(path)
