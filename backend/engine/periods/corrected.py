"""
A closed period as it would have been: on another network, with other facts stated, with another past.

All else stays as it was frozen: market and days of joining, and volumes until `assemble.with_volumes` says others. Who
was not on the roll then begins with nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from backend.engine.periods.assemble import STATED, Roll, carried_columns
from backend.engine.periods.stated import COLUMN_OF
from backend.engine.snapshot import Carried, Indexes, Snapshot, columns_of
from backend.network.tree import NONE, Tree, arrange
from backend.plan.terms import Terms

OF_NEWCOMERS = ("market", "days_since_joining")
"""What the roll says of who was not on it before."""


def on_roll(snapshot: Snapshot, roll: Roll) -> Snapshot:
    """
    Return a frozen snapshot on a corrected roll, which holds everybody who was on the first, with what it states.

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
    columns |= _stated(tree, roll)
    columns |= {"sponsor": tree.sponsor, "first_leg": tree.first_leg, "leg_count": tree.leg_count}
    return replace(snapshot, members=tree.members, **columns | {"enroller": _enrollers(tree, roll)})


def with_carried(snapshot: Snapshot, carried: Mapping[str, Carried], *, terms: Terms) -> Snapshot:
    """Return a snapshot into which the members carry something else, all else as it stood."""
    position = {code: at for at, code in enumerate(snapshot.members)}
    return replace(snapshot, **carried_columns(position, carried, terms))


def differ(one: Snapshot, other: Snapshot) -> bool:
    """Tell whether two snapshots differ in anything that a plan reckons with: all but what may still come back."""
    return replace(one, provisional_pv=other.provisional_pv).digest() != other.digest()


def _moved(column: NDArray[Any], source: NDArray[np.int64], otherwise: int) -> NDArray[Any]:
    """Return a column in another order of members; `otherwise` stands for who had none."""
    moved = np.full((source.size, *column.shape[1:]), otherwise, dtype=column.dtype)
    moved[source != NONE] = column[source[source != NONE]]
    return moved


def _stated(tree: Tree, roll: Roll) -> dict[str, Any]:
    """Return what the roll states of its members, in the order of the tree."""
    columns: dict[str, Any] = {"training": np.ascontiguousarray(roll.training[tree.order])}
    for name in COLUMN_OF.values():
        if name != "training":
            otherwise = STATED[name]
            kind = np.bool_ if isinstance(otherwise, bool) else np.int32
            given = roll.stated.get(name)
            whole = np.full(len(roll.ids), otherwise, dtype=kind) if given is None else given
            columns[name] = np.ascontiguousarray(whole[tree.order], dtype=kind)
    return columns


def _enrollers(tree: Tree, roll: Roll) -> Indexes:
    found = (NONE if code is None else tree.position[code] for code in roll.enrollers)
    return np.fromiter(found, dtype=np.int32, count=len(roll.ids))[tree.order]
