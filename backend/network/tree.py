"""
The tree as columns: members breadth first, so that a sponsor's legs lie side by side behind the sponsor.

Siblings and roots stand in the order of their ids, so the order in which rows came never matters. Nothing here
recurses: a sponsor line may be 100,000 deep, or one sponsor 100,000 wide.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.kernel.finding import Finding, Place, Refused

SHOWN = 6
"""How many members of a long cycle are named."""

NONE = -1


class Tree(Struct, frozen=True, kw_only=True):
    """
    Who sponsors whom, indexed breadth first.

    `order[i]` is the row from which member i came, `sponsor[i]` the sponsor's index or -1 at a root; the legs of i are
    `first_leg[i] : first_leg[i] + leg_count[i]`. `position` finds an index by id.
    """

    members: tuple[str, ...]
    order: NDArray[np.int64]
    sponsor: NDArray[np.int32]
    first_leg: NDArray[np.int32]
    leg_count: NDArray[np.int32]
    position: dict[str, int]


def arrange(ids: Sequence[str], sponsors: Sequence[str | None], places: Sequence[Place] = ()) -> Tree:
    """
    Set members breadth first by their sponsors; no sponsor makes a root, and there may be several.

    Raises Refused with every duplicate id, unknown sponsor and cycle. `places` says where each row stands; without it
    rows are counted from one. O(n) beside sorting the ids.
    """
    if findings := mistakes(ids, sponsors, places):
        raise Refused(findings)
    return _columns(ids, _sorted(ids, sponsors))


class Arranged:
    """The tree that was arranged last: it is arranged anew only where somebody is new or stands under another."""

    def __init__(self) -> None:
        """Begin without a tree."""
        self._rows: tuple[list[str], list[str | None]] = ([], [])
        self._tree: Tree | None = None

    def tree(self, ids: Sequence[str], sponsors: Sequence[str | None]) -> Tree:
        """Return the tree of these rows; raises what `arrange` raises."""
        rows = (list(ids), list(sponsors))
        if self._tree is None or rows != self._rows:
            self._rows, self._tree = rows, arrange(ids, sponsors)
        return self._tree


def mistakes(ids: Sequence[str], sponsors: Sequence[str | None], places: Sequence[Place] = ()) -> list[Finding]:
    """
    Return a finding for each repeated id, each sponsor that nobody is, and each circle of sponsors, named once.

    A repeated id counts as its first row.
    """
    first = {id_: row for row, id_ in zip(range(len(ids) - 1, -1, -1), reversed(ids), strict=True)}
    found = [_repeated(ids[row], place_of(places, row)) for row in range(len(ids)) if first[ids[row]] != row]
    found += [
        _unknown(sponsor, place_of(places, row))
        for row, sponsor in enumerate(sponsors)
        if sponsor is not None and sponsor not in first
    ]
    up = [NONE if sponsor is None else first.get(sponsor, NONE) for sponsor in sponsors]
    return found + [_circle([ids[row] for row in cycle], place_of(places, cycle[0])) for cycle in circles(up, ids)]


def place_of(places: Sequence[Place], row: int) -> Place:
    """Return where a row stands; without places, its number counted from one."""
    return places[row] if places else Place(source="members", line=row + 1)


class _Ranked(Struct, frozen=True, kw_only=True):
    """Rows in order of id, and of each rank the rank of its sponsor."""

    rows: list[int]
    sponsor: NDArray[np.int64]


def _sorted(ids: Sequence[str], sponsors: Sequence[str | None]) -> _Ranked:
    rows = sorted(range(len(ids)), key=ids.__getitem__)
    rank: dict[str | None, int] = {ids[row]: index for index, row in enumerate(rows)}
    rank[None] = NONE
    sponsor = np.fromiter((rank[sponsors[row]] for row in rows), dtype=np.int64, count=len(rows))
    return _Ranked(rows=rows, sponsor=sponsor)


def _columns(ids: Sequence[str], ranked: _Ranked) -> Tree:
    size = len(ids)
    by_sponsor = np.argsort(ranked.sponsor, kind="stable")
    bounds = np.searchsorted(ranked.sponsor[by_sponsor], np.arange(size + 1))
    queue = _breadth_first(by_sponsor.tolist(), bounds.tolist())
    place = np.empty(size + 1, dtype=np.int64)
    place[queue] = np.arange(size)
    place[NONE] = NONE
    legs = np.diff(bounds)[queue]
    roots = int(bounds[0])
    order = np.asarray(ranked.rows, dtype=np.int64)[queue]
    members = tuple(ids[row] for row in order.tolist())
    return Tree(
        members=members,
        order=order,
        sponsor=place[ranked.sponsor[queue]].astype(np.int32),
        first_leg=(roots + np.cumsum(legs) - legs).astype(np.int32),
        leg_count=legs.astype(np.int32),
        position={id_: index for index, id_ in enumerate(members)},
    )


def _breadth_first(by_sponsor: list[int], bounds: list[int]) -> list[int]:
    """Return the ranks breadth first: each member's legs are appended while the line is read."""
    queue = by_sponsor[: bounds[0]]
    for rank in queue:
        queue.extend(by_sponsor[bounds[rank] : bounds[rank + 1]])
    return queue


def circles(up: Sequence[int], ids: Sequence[str]) -> Iterator[list[int]]:
    """
    Yield the rows of each circle of sponsors once, beginning with its smallest id, each before its sponsor.

    `up` is the row of each sponsor, -1 at a root. Every row is looked at twice at most.
    """
    seen = [NONE] * len(up)
    for start in range(len(up)):
        row, path = start, []
        while row != NONE and seen[row] == NONE:
            seen[row] = start
            path.append(row)
            row = up[row]
        if row != NONE and seen[row] == start:
            cycle = path[path.index(row) :]
            first = min(range(len(cycle)), key=lambda index: ids[cycle[index]])
            yield cycle[first:] + cycle[:first]


def _repeated(id_: str, place: Place) -> Finding:
    return Finding(
        code="member-repeated",
        place=place,
        message=f"a member with the id {id_!r} stands above already.",
        remedy="Remove one of the two rows, or give one its own id.",
    )


def _unknown(sponsor: str, place: Place) -> Finding:
    return Finding(
        code="sponsor-unknown",
        place=place,
        message=f"no member bears the id {sponsor!r} of the sponsor.",
        remedy="Add the sponsor as a member, mend the id, or leave it empty for a root.",
    )


def _circle(names: list[str], place: Place) -> Finding:
    shown = [repr(name) for name in names[:SHOWN]]
    rest = len(names) - len(shown)
    line = " < ".join(shown) + (f" < … {rest} more" if rest else "") + f" < {names[0]!r}"
    return Finding(
        code="sponsor-circle",
        place=place,
        message=f"sponsors stand in a circle of {len(names)}: {line}.",
        remedy="Mend the sponsor of one of them, so that the line ends at a root.",
    )
