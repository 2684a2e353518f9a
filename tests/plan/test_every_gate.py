"""
Every kind of condition and of exclusion, and the numbers that it becomes.
"""

import pytest

from backend.plan.terms import Fosters, Measure, Reach, VolumeNumber
from tests.plan.every import SINCE_APRIL, TERMS

WAYS = TERMS.titles[2].requirement.any_of


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ((0, 0), {"measure": Measure.VOLUME, "volume": SINCE_APRIL, "at_least": 900_000}),
        ((1, 0), {"measure": Measure.CUSTOMERS, "at_least": 5}),
        ((1, 1), {"measure": Measure.PV, "at_least": 20_000}),
        ((2, 0), {"measure": Measure.CUSTOMER_SHARE, "at_least": 5_000}),
        ((2, 1), {"measure": Measure.TGV, "at_least": 900_000}),
        ((3, 0), {"measure": Measure.VERIFIED_SHARE, "at_least": 7_050}),
        ((3, 1), {"measure": Measure.SIDE_VOLUME, "at_least": 80_000}),
        ((4, 0), {"measure": Measure.MARK, "at_least": 1, "of": 1}),
        ((4, 1), {"measure": Measure.STEP, "at_least": 1}),
        ((5, 0), {"measure": Measure.PERIODS, "at_least": 3, "of": 0, "periods": 12}),
        ((6, 0), {"measure": Measure.PERIODS_IN_A_ROW, "at_least": 4, "of": 0, "periods": 0}),
        ((7, 0), {"measure": Measure.LEGS_WITH_VOLUME, "of": 25_000, "volume": VolumeNumber.TOTAL}),
        ((8, 0), {"of": 26_000, "volume": VolumeNumber.GROUP, "reach": Reach.ANYWHERE}),
        ((9, 0), {"measure": Measure.LEGS_WITH_STEP, "at_least": 2, "of": 1, "fosters": Fosters.LEFT_OUT}),
        ((10, 0), {"measure": Measure.LEGS_WITH_TITLE, "of": 1, "reach": Reach.ANYWHERE, "fosters": Fosters.ALONE}),
        ((11, 0), {"measure": Measure.LEGS_WITH_MARK, "of": 0, "reach": Reach.FRONTLINE, "fosters": Fosters.COUNTED}),
        ((12, 0), {"measure": Measure.LEGS_WITH_PERIODS, "at_least": 1, "leg_periods": 2, "periods": 5}),
        ((13, 0), {"measure": Measure.LEGS_BROKEN_AWAY, "at_least": 6, "clause": "3"}),
        ((13, 1), {"measure": Measure.TITLE, "at_least": 1, "clause": "7"}),
        ((14, 0), {"measure": Measure.CUSTOMER_PV, "at_least": 70_000}),
        ((14, 1), {"measure": Measure.ENROLLED_ACTIVE, "at_least": 4}),
        ((14, 2), {"measure": Measure.ACTIVE, "at_least": 1}),
        ((15, 0), {"measure": Measure.FEES_PAID, "at_least": 1}),
        ((15, 1), {"measure": Measure.CLEARED, "at_least": 1}),
    ],
)
def test_a_condition_becomes_its_numbers(way: tuple[int, int], said: dict[str, object]) -> None:
    """Each kind of condition says what is measured, how much of it, and of what."""
    found = WAYS[way[0]][way[1]]
    assert said == {name: getattr(found, name) for name in said}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, (Measure.STEP, 2, Reach.ANYWHERE, Fosters.LEFT_OUT, "2")),
        (1, (Measure.TITLE, 1, Reach.FRONTLINE, Fosters.COUNTED, "2")),
        (2, (Measure.MARK, 0, Reach.FRONTLINE, Fosters.COUNTED, "7")),
        (3, (Measure.LEGS_BROKEN_AWAY, 0, Reach.FRONTLINE, Fosters.ALONE, "2")),
    ],
)
def test_an_exclusion_becomes_its_numbers(number: int, expected: tuple[object, ...]) -> None:
    """Each kind of exclusion says what leaves a leg out, from which index on, and how much of the leg."""
    less = TERMS.volumes[0].less[number]
    assert expected == (less.measure, less.of, less.reach, less.fosters, less.clause)
