"""
Upline: for everybody the nearest of some members above, and through which frontline leg of that member.

One pointer a member, built from the roots down: nobody walks up a line, however deep it is.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.engine.columns.compiled import kernel
from backend.engine.snapshot import Flags, Indexes

NOBODY = -1


@kernel
def breadth_first(sponsor: Indexes, first_leg: Indexes, leg_count: Indexes) -> bool:
    """Say whether roots stand first, and behind them the legs of one after another, side by side."""
    leg = 0
    while leg < sponsor.size and sponsor[leg] < 0:
        leg += 1
    for i in range(sponsor.size):
        if leg_count[i] > 0 and (first_leg[i] != leg or leg <= i or leg + leg_count[i] > sponsor.size):
            return False
        for _ in range(leg_count[i]):
            if sponsor[leg] != i:
                return False
            leg += 1
    return leg == sponsor.size


class Above(NamedTuple):
    """Each member's nearest chosen upline, and the leg of it in which the member stands; NOBODY where there is none."""

    member: Indexes
    leg: Indexes


def nearest_above(sponsor: Indexes, chosen: Flags, leg: Indexes | None = None) -> Above:
    """
    Return everybody's nearest chosen upline on the sponsors' line, where everybody stands behind the own sponsor.

    Where only some members are looked at, `sponsor` is the nearest of them above, and `leg` the leg of that one.
    """
    above = Above(np.empty_like(sponsor), np.empty_like(sponsor))
    _point(sponsor, np.arange(sponsor.size, dtype=np.int32) if leg is None else leg, chosen, above)
    return above


def thinned(sponsor: Indexes, some: Indexes) -> Above:
    """
    Return, for some members in their order, the nearest above who is one of them, by place among them, and the leg.

    Members behind the last of them are not looked at: who leads anybody stands in front of those who are led.
    """
    if some.size == sponsor.size:
        return Above(sponsor, some)
    front = sponsor[: int(some[-1]) + 1 if some.size else 0]
    chosen = np.zeros(front.size, dtype=np.bool_)
    chosen[some] = True
    above = nearest_above(front, chosen)
    member = above.member[some]
    place = np.where(member >= 0, np.searchsorted(some, member), NOBODY).astype(np.int32)
    return Above(place, above.leg[some])


@kernel
def _point(sponsor: Indexes, leg: Indexes, chosen: Flags, above: Above) -> None:
    """Point each member at the nearest chosen upline, and at that upline's frontline leg in which it stands."""
    for i in range(sponsor.size):
        up = sponsor[i]
        if up < 0:
            above.member[i] = NOBODY
            above.leg[i] = NOBODY
        elif chosen[up]:
            above.member[i] = up
            above.leg[i] = leg[i]
        else:
            above.member[i] = above.member[up]
            above.leg[i] = above.leg[up]


def follow(pointer: Indexes, members: Indexes) -> Indexes:
    """Return where each member's pointer leads; nobody stays nobody."""
    followed: Indexes = np.where(members >= 0, pointer[members], np.int32(NOBODY)).astype(np.int32)
    return followed


def climbed(line: Indexes, chosen: Flags, *, levels: int, compressed: bool) -> Iterator[Above]:
    """
    Yield, level by level, each member's upline of that level and the member through whom the line goes to it.

    Compressed, a level is the nearest chosen upline above the one before; else it is whoever stands there, and nobody
    where that one is not chosen. A line that comes back to someone, as enrollers' lines may, ends there.
    """
    everybody = np.ones_like(chosen)
    step = nearest_on(line, chosen if compressed else everybody)
    at = np.arange(line.size, dtype=np.int32)
    met = [at]
    for _ in range(levels):
        through, at = follow(step.leg, at), follow(step.member, at)
        again = np.any([at == before for before in met], axis=0)
        at = np.where(again, np.int32(NOBODY), at).astype(np.int32)
        met.append(at)
        paid = (at >= 0) & chosen[at]
        yield Above(np.where(paid, at, NOBODY).astype(np.int32), np.where(paid, through, NOBODY).astype(np.int32))


def nearest_on(line: Indexes, chosen: Flags) -> Above:
    """
    Return everybody's nearest chosen upline on any line, in whatever order its members stand, and also round a circle.

    The way to it doubles from round to round; what is not found when it is longer than all members is a circle in which
    nobody is chosen.
    """
    leg = np.where(line >= 0, np.arange(line.size, dtype=np.int32), np.int32(NOBODY)).astype(np.int32)
    above = Above(line.copy(), leg)
    for _ in range(line.size.bit_length() + 1):
        member = above.member
        on = np.flatnonzero((member >= 0) & ~chosen[member])
        if not on.size:
            break
        above = _doubled(above, on)
    lost = (above.member >= 0) & ~chosen[above.member]
    above.member[lost], above.leg[lost] = NOBODY, NOBODY
    return above


def _doubled(above: Above, on: NDArray[np.intp]) -> Above:
    """Return the pointers of some members led on by those of whom they point at."""
    member, leg = above.member.copy(), above.leg.copy()
    via = above.member[on]
    member[on], leg[on] = above.member[via], above.leg[via]
    return Above(member, leg)
