"""
The tree from ordinals: members breadth first, siblings by id, as `network.tree.arrange` sets them, in a compiled pass.

Whoever holds sponsors as row numbers and knows the order of the ids needs no dictionary of a million texts to be sorted
by.
"""

from collections.abc import Sequence

import numpy as np

from backend.engine.columns.compiled import kernel
from backend.engine.snapshot import Indexes
from backend.kernel.finding import Refused
from backend.network.tree import NONE, Tree, mistakes


def arranged(ids: Sequence[str], sponsors: Indexes, rank: Indexes) -> Tree:
    """
    Return the tree of members by their sponsors' rows, -1 at a root; `rank` is where each row's id stands among all.

    Raises Refused with every circle of sponsors, as `network.tree.arrange` does.
    """
    order, sponsor, first_leg, leg_count = _arranged(_int32(sponsors), _int32(rank))
    if len(order) < len(ids):
        raise Refused(mistakes(ids, [None if row == NONE else ids[row] for row in sponsors.tolist()]))
    members = tuple(map(ids.__getitem__, order.tolist()))
    return Tree(
        members=members,
        order=order.astype(np.int64),
        sponsor=sponsor,
        first_leg=first_leg,
        leg_count=leg_count,
        position=dict(zip(members, range(len(members)), strict=True)),
    )


def _int32(column: Indexes) -> Indexes:
    return np.ascontiguousarray(column, dtype=np.int32)


@kernel
def _arranged(sponsors: Indexes, rank: Indexes) -> tuple[Indexes, Indexes, Indexes, Indexes]:
    """
    Return rows breadth first, and of each place its sponsor's place, its first leg and how many legs it has.

    Who stands in a circle, or under one, is never reached: then there are fewer places than rows.
    """
    size = len(sponsors)
    by_rank = np.empty(size, np.int32)
    for row in range(size):
        by_rank[rank[row]] = row
    begin = np.zeros(size + 2, np.int32)
    for row in range(size):
        begin[sponsors[row] + 2] += 1
    for at in range(1, size + 2):
        begin[at] += begin[at - 1]
    legs = np.empty(size, np.int32)
    free = begin[: size + 1].copy()
    for at in range(size):
        row = by_rank[at]
        legs[free[sponsors[row] + 1]] = row
        free[sponsors[row] + 1] += 1
    order = np.empty(size, np.int32)
    sponsor = np.empty(size, np.int32)
    first_leg = np.empty(size, np.int32)
    leg_count = np.empty(size, np.int32)
    behind = 0
    for at in range(begin[1]):
        order[behind], sponsor[behind] = legs[at], -1
        behind += 1
    place = 0
    while place < behind:
        row = order[place]
        first_leg[place] = behind
        leg_count[place] = begin[row + 2] - begin[row + 1]
        for at in range(begin[row + 1], begin[row + 2]):
            order[behind], sponsor[behind] = legs[at], place
            behind += 1
        place += 1
    return order[:behind], sponsor[:behind], first_leg[:behind], leg_count[:behind]
