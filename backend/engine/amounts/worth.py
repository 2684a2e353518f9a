"""
Worth: what points are in money, as fractions, and how large volumes may be so that every amount stays exact.
"""

import numpy as np

from backend.engine.snapshot import Ints
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.plan.terms import Terms

ROOM = 2**62
"""No product that a kernel forms may reach this: int64 with one bit to spare for twice a remainder."""


LARGEST = 2**38
"""Hundredths of a point that one member may have in a period, so that sums of sixteen million members stay exact."""


class TooLarge(Exception):
    """Volumes so large that an amount in the smallest unit of money would not fit in 64 bits; nothing is computed."""


def worth(terms: Terms) -> tuple[Ints, Ints]:
    """
    Return, per market, the fraction by which hundredths of a point × basis points become minor units.

    `minor_per_point / (100 × 10,000)` in lowest terms: the same fraction, and more room in 64 bits.
    """
    whole = HUNDREDTHS * BASIS
    minor = np.array([market.minor_per_point for market in terms.markets], dtype=np.int64)
    shared = np.gcd(minor, whole)
    return minor // shared, whole // shared
