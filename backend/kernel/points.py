"""
Points and basis points, and the only rounding there is.

Volumes are whole hundredths of a point, rates are whole basis points (one hundredth of a percent). `divided` is the one
place where a fraction becomes a whole number; the engine compiles this same function into its kernels.
"""

from decimal import Decimal
from enum import IntEnum

HUNDREDTHS = 100
"""Hundredths in a point."""

BASIS = 10_000
"""Basis points in a whole."""


class Rounding(IntEnum):
    """How a fraction becomes whole; a plan names its mode. Halves go away from zero under HALF_UP."""

    HALF_UP = 0
    HALF_EVEN = 1
    TRUNCATE = 2


def divided(numerator: int, denominator: int, mode: int) -> int:
    """
    Return numerator / denominator as a whole number under a `Rounding` mode; the denominator is positive.

    Symmetric about zero, so that a full return takes back exactly what its order gave.
    """
    size = abs(numerator)
    whole = size // denominator
    twice = 2 * (size - whole * denominator)
    if mode == 0 and twice >= denominator:
        whole += 1
    if mode == 1 and (twice > denominator or (twice == denominator and whole % 2 == 1)):
        whole += 1
    return whole if numerator >= 0 else -whole


def points_text(hundredths: int) -> str:
    """Return hundredths of a point as plain text: 12050 is `120.5`, 12000 is `120`."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    return f"{sign}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def percent_text(basis_points: int, finer: int = 1) -> str:
    """Return basis points, or `finer` parts of one, as a percent: 1250 is `12.5 %`, 625 hundredths are `0.0625 %`."""
    return f"{(Decimal(basis_points) / (100 * finer)).normalize():f} %"
