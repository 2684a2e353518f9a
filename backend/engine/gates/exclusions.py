"""
Exclusions: which legs a plan's named volumes leave out, as bits of the tests that a leg's leader may pass.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.gates.requirements import excluded_by, tests_of
from backend.engine.snapshot import Flags, Ints
from backend.plan.terms import GroupVolume, Reach, Terms


class Exclusions(NamedTuple):
    """Per named volume: from which level on it counts, whether legs do, and what leaves a leg out of it."""

    level: Ints
    legs: Flags
    groups: Ints
    """Bits of tests: a leg whose leader passes one is left out."""
    lines: Ints
    """Bits of tests: a leg in which anyone passes one is left out."""
    leg_limit: Ints
    """Markets × volumes: hundredths that count of one leg; 0 sets no limit."""


def exclusions_of(terms: Terms) -> Exclusions:
    """Return what the named volumes of some terms leave out."""
    return Exclusions(
        level=np.array([volume.level for volume in terms.volumes], dtype=np.int64),
        legs=np.array([volume.legs for volume in terms.volumes], dtype=np.bool_),
        groups=_bits(terms, Reach.FRONTLINE),
        lines=_bits(terms, Reach.ANYWHERE),
        leg_limit=by_market(terms, lambda there: [volume.leg_limit for volume in there.volumes]),
    )


def _bits(terms: Terms, reach: Reach) -> Ints:
    tests = tests_of(terms)

    def of_volume(volume: GroupVolume) -> int:
        return sum({1 << tests.index(excluded_by(each)) for each in volume.less if each.reach == reach})

    return np.array([of_volume(volume) for volume in terms.volumes], dtype=np.int64)
