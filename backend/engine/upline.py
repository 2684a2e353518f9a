"""
Upline: for everybody the nearest of some members above, and through which frontline leg of that member.

One pointer a member, built from the roots down: nobody walks up a line, however deep it is.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.compiled import kernel
from backend.engine.snapshot import Flags, Indexes

NOBODY = -1


class Above(NamedTuple):
    """Each member's nearest chosen upline, and the leg of it in which the member stands; NOBODY where there is none."""

    member: Indexes
    leg: Indexes


def nearest_above(sponsor: Indexes, chosen: Flags) -> Above:
    """Return everybody's nearest chosen upline; the line may be the sponsors' or the enrollers', if it has no circle."""
    above = Above(np.empty_like(sponsor), np.empty_like(sponsor))
    _point(sponsor, chosen, above)
    return above


@kernel
def _point(sponsor: Indexes, chosen: Flags, above: Above) -> None:
    """Point each member at the nearest chosen upline, and at that upline's frontline leg in which it stands."""
    for i in range(sponsor.size):
        up = sponsor[i]
        if up < 0:
            above.member[i] = NOBODY
            above.leg[i] = NOBODY
        elif chosen[up]:
            above.member[i] = up
            above.leg[i] = i
        else:
            above.member[i] = above.member[up]
            above.leg[i] = above.leg[up]


def follow(pointer: Indexes, members: Indexes) -> Indexes:
    """Return where each member's pointer leads; nobody stays nobody."""
    followed: Indexes = np.where(members >= 0, pointer[members], np.int32(NOBODY)).astype(np.int32)
    return followed
