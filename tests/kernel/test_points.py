"""
The only rounding there is, and how volumes and rates are written.
"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.points import Rounding, divided, percent_text, points_text

NUMERATORS = st.integers(-(10**15), 10**15)
DENOMINATORS = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("numerator", "mode", "expected"),
    [
        (5, Rounding.HALF_UP, 1),
        (-5, Rounding.HALF_UP, -1),
        (4, Rounding.HALF_UP, 0),
        (5, Rounding.HALF_EVEN, 0),
        (15, Rounding.HALF_EVEN, 2),
        (25, Rounding.HALF_EVEN, 2),
        (26, Rounding.HALF_EVEN, 3),
        (19, Rounding.TRUNCATE, 1),
        (-19, Rounding.TRUNCATE, -1),
    ],
)
def test_tenths_become_whole_by_the_named_mode(numerator: int, mode: Rounding, expected: int) -> None:
    """
    A half goes away from zero, to the even neighbour, or is cut off, as the plan's mode says.
    """
    assert expected == divided(numerator, 10, mode)


@given(NUMERATORS, DENOMINATORS, st.sampled_from(Rounding))
def test_rounding_moves_a_fraction_by_less_than_one(numerator: int, denominator: int, mode: Rounding) -> None:
    """
    What is rounded differs from the fraction by at most a half, and under truncation by less than one.
    """
    error = abs(divided(numerator, denominator, mode) - Fraction(numerator, denominator))

    assert error < 1 if mode is Rounding.TRUNCATE else error <= Fraction(1, 2)


@given(NUMERATORS, DENOMINATORS, st.sampled_from(Rounding))
def test_a_full_return_takes_back_what_its_order_gave(numerator: int, denominator: int, mode: Rounding) -> None:
    """
    Rounding is symmetric about zero.
    """
    assert 0 == divided(numerator, denominator, mode) + divided(-numerator, denominator, mode)


def test_volumes_and_rates_are_written_without_empty_decimals() -> None:
    """
    Hundredths and basis points become the shortest text that keeps their value.
    """
    assert ["120", "120.5", "-0.05"] == [points_text(12000), points_text(12050), points_text(-5)]
    assert ["25 %", "12.5 %", "100 %", "0 %"] == [percent_text(bp) for bp in (2500, 1250, 10000, 0)]
