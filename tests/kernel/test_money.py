"""
Money is whole minor units, and a split loses none of them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.money import Money, split

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_the_shares_add_up_to_the_fund(fund: int, weights: list[int]) -> None:
    """
    Whatever the weights, the last minor unit is given to someone.
    """
    assert fund == sum(split(fund, weights))


@given(st.integers(0, 10**12), WEIGHTS)
def test_no_share_strays_from_its_exact_part_by_a_unit(fund: int, weights: list[int]) -> None:
    """
    Every share is the exact part rounded down or up (quota rule), and who weighs nothing gets nothing.
    """
    whole = sum(weights)
    for share, weight in zip(split(fund, weights), weights, strict=True):
        assert fund * weight // whole <= share <= -(-fund * weight // whole)


def test_what_is_left_over_goes_to_the_largest_remainder_and_ties_to_the_first() -> None:
    """
    A hundred in three equal parts is 34, 33, 33.
    """
    assert [34, 33, 33] == split(100, [1, 1, 1])
    assert [1, 2, 7] == split(10, [14, 17, 69])


def test_currencies_do_not_mix() -> None:
    """
    Adding yen to dollars is a programmer's mistake.
    """
    assert Money(amount_minor=300, currency="USD") == Money(amount_minor=100, currency="USD") + Money(
        amount_minor=200, currency="USD"
    )
    with pytest.raises(AssertionError):
        Money(amount_minor=1, currency="USD") + Money(amount_minor=1, currency="JPY")
