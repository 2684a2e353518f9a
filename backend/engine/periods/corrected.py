"""
A closed period as it would have been with another network: who stands under whom, who enrolled whom, who had left.

All else stays as it was frozen: what the company had stated, what everybody carried in, market and days. Who was not
on the roll then begins with nothing.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from backend.engine.periods.assemble import STATED, Roll
from backend.engine.snapshot import Indexes, Snapshot, columns_of
from backend.network.tree import NONE, Tree, arrange

OF_NEWCOMERS = ("market", "days_since_joining", "training")
"""What the roll says of who was not on it before."""


def on_roll(snapshot: Snapshot, roll: Roll, *, gone_before: Collection[str]) -> Snapshot:
    """
    Return a frozen snapshot on a corrected roll, which holds everybody who was on the first.

    `gone_before` are those who had left as the period was closed: who is not gone on the roll any more is open again.
    Volumes of newcomers are none (`assemble.with_volumes` fills them in). The same roll gives the same bytes.
    """
    tree = arrange(roll.ids, roll.sponsors)
    place = {code: at for at, code in enumerate(snapshot.members)}
    assert place.keys() <= tree.position.keys(), "nobody is ever taken off a roll"
    source = np.fromiter((place.get(code, NONE) for code in tree.members), dtype=np.int64, count=len(tree.members))
    known = source != NONE
    columns = {name: _moved(getattr(snapshot, name), source, STATED.get(name, 0)) for name in columns_of(snapshot)}
    for name in OF_NEWCOMERS:
        columns[name][~known] = getattr(roll, name)[tree.order][~known]
    was_gone = np.fromiter((code in gone_before for code in tree.members), dtype=np.bool_, count=len(tree.members))
    columns["closed"] &= ~was_gone
    if "closed" in roll.stated:
        columns["closed"] |= roll.stated["closed"][tree.order]
    columns |= {"sponsor": tree.sponsor, "first_leg": tree.first_leg, "leg_count": tree.leg_count}
    return replace(snapshot, members=tree.members, **columns | {"enroller": _enrollers(tree, roll)})


def _moved(column: NDArray[Any], source: NDArray[np.int64], otherwise: int) -> NDArray[Any]:
    """Return a column in another order of members; `otherwise` stands for who had none."""
    moved = np.full((source.size, *column.shape[1:]), otherwise, dtype=column.dtype)
    moved[source != NONE] = column[source[source != NONE]]
    return moved


def _enrollers(tree: Tree, roll: Roll) -> Indexes:
    found = (NONE if code is None else tree.position[code] for code in roll.enrollers)
    return np.fromiter(found, dtype=np.int32, count=len(roll.ids))[tree.order]
