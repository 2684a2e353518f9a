"""
From rows to a snapshot: members, volume entries and what was carried, whatever their order, become columns.

The store and the files both come through here. A tree that has not changed is handed in and not arranged again.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from backend.engine.columns.sheet import held_width
from backend.engine.periods.history import width
from backend.engine.snapshot import UNSTATED, Carried, Flags, Indexes, Ints, Snapshot
from backend.kernel.finding import Finding, Place, Refused
from backend.network.leaving import moved_up
from backend.network.tree import NONE, Tree, arrange, mistakes, place_of
from backend.plan.terms import Leavers, Terms

VOLUMES = ("own_pv", "customer_pv", "own_cv", "customer_cv", "provisional_pv", "first_pv", "first_cv")

STATED = {
    "foster": False,
    "closed": False,
    "fees_paid": True,
    "cleared": True,
    "customers": 0,
    "customer_share_bp": UNSTATED,
    "verified_share_bp": UNSTATED,
    "active_stated": UNSTATED,
    "qualified": UNSTATED,
    "granted": False,
    "percent_held_bp": UNSTATED,
    "paused": 0,
}
"""What a company may state about a member, and what stands where it states nothing."""

WINDOWS = ("marks", "volumes", "held_paid")
"""What of `Carried` has several numbers a member."""

WIDTHS: dict[str, Any] = {
    "bonuses": np.int64,
    "instalments": np.int64,
    "one_times": np.int64,
    "carried_minor": np.int64,
    "marks": np.int64,
    "volumes": np.int64,
    "held_paid": np.int64,
    "broke_away": np.bool_,
}

MONTHS = 12


class Roll(Struct, frozen=True, kw_only=True):
    """
    The members as rows, each column of the same length.

    `market` indexes the terms' markets; `days_since_joining` is counted at the period's end and negative for who joins
    later. `places` may say where a row stands in its file. `stated` holds further columns of the snapshot by name, for
    what the company states about its members: `STATED` says which, and what stands where it states nothing.
    """

    ids: Sequence[str]
    sponsors: Sequence[str | None]
    enrollers: Sequence[str | None]
    market: Indexes
    days_since_joining: Indexes
    training: Flags
    stated: Mapping[str, Indexes | Flags] = {}
    places: Sequence[Place] = ()


class Units(Struct, frozen=True, kw_only=True):
    """Units of a product that pays fixed amounts, bought by one member or own customers; negative for returns."""

    member: str
    product: str
    count: int
    first: bool = False


class Volumes(Struct, frozen=True, kw_only=True):
    """
    Volume entries as rows: any number a member, added up. Hundredths of a point, negative for returns.

    `provisional_pv` is the part of own and customers' PV that may still come back. `first_pv` and `first_cv` are the
    part of own volume that is the member's first order; None where nobody's is told apart. `customers` counts own
    customers who bought; None where the roll states how many.
    """

    members: Sequence[str]
    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints
    provisional_pv: Ints
    first_pv: Ints | None = None
    first_cv: Ints | None = None
    customers: Ints | None = None
    units: Sequence[Units] = ()


def roll_of(
    *,
    ids: Sequence[str],
    sponsors: Sequence[str | None],
    enrollers: Sequence[str | None],
    markets: Sequence[str],
    joined: Sequence[int],
    training: Sequence[bool],
    left: Sequence[int | None] = (),
    last_day: int,
    terms: Terms,
) -> Roll:
    """
    Return the roll of a period whose last day is `last_day`; days are numbers counted from one and the same day.

    A market that the terms do not name has the rules of their first. Who has left by that day is closed, and its legs
    stand where the plan says.
    """
    gone = [day is not None and day <= last_day for day in left]
    if any(gone) and terms.leavers is Leavers.MOVE_UP:
        sponsors = moved_up(ids, sponsors, gone)
    market_of = {market.id: at for at, market in enumerate(terms.markets)}
    return Roll(
        ids=ids,
        sponsors=sponsors,
        enrollers=enrollers,
        market=np.array([market_of.get(market, 0) for market in markets], dtype=np.int32),
        days_since_joining=np.array([last_day - day for day in joined], dtype=np.int32),
        training=np.array(training, dtype=np.bool_),
        stated={"closed": np.array(gone, dtype=np.bool_)} if any(gone) else {},
    )


def brought(
    *, ids: Sequence[str], titles: Sequence[str], held: Sequence[int], missed: Sequence[int], terms: Terms
) -> dict[str, Carried]:
    """Return what members bring from before their first period; a title that everybody has, or no title, is nothing."""
    index = {title.id: at for at, title in enumerate(terms.titles)}
    return {
        code: Carried(title=index[title], held=periods, missed=misses)
        for code, title, periods, misses in zip(ids, titles, held, missed, strict=True)
        if index.get(title)
    }


def findings_of(roll: Roll) -> list[Finding]:
    """Return a finding for each repeated id, unknown sponsor or enroller, and circle of sponsors."""
    known = set(roll.ids)
    unknown = [
        _unknown_enroller(enroller, place_of(roll.places, row))
        for row, enroller in enumerate(roll.enrollers)
        if enroller is not None and enroller not in known
    ]
    return mistakes(roll.ids, roll.sponsors, roll.places) + unknown


def snapshot_of(
    *,
    period: str,
    roll: Roll,
    volumes: Volumes,
    carried: Mapping[str, Carried],
    terms: Terms,
    tree: Tree | None = None,
) -> Snapshot:
    """
    Return the snapshot of a period, named by its year and month; the same rows in any order give the same bytes.

    `tree` is that of an earlier call on the same rows in the same order. What a member no longer on the roll carried is
    left out. Raises Refused with all findings of the roll, or for volume of members that are not on it.
    """
    if tree is None:
        if findings := findings_of(roll):
            raise Refused(findings)
        tree = arrange(roll.ids, roll.sponsors, roll.places)
    rows = tree.order
    month = int(period[-2:])
    return Snapshot(
        period=period,
        year_begins=month == terms.year_begins_month,
        year_ends=month % MONTHS + 1 == terms.year_begins_month,
        members=tree.members,
        sponsor=tree.sponsor,
        first_leg=tree.first_leg,
        leg_count=tree.leg_count,
        enroller=_indexes(tree, roll.enrollers)[rows],
        market=np.ascontiguousarray(roll.market[rows], dtype=np.int32),
        days_since_joining=np.ascontiguousarray(roll.days_since_joining[rows], dtype=np.int32),
        training=np.ascontiguousarray(roll.training[rows], dtype=np.bool_),
        **_stated(tree, roll) | _volumes(tree.position, volumes),
        **_bought(tree.position, volumes, terms),
        **carried_columns(tree.position, carried, terms),
    )


def with_volumes(snapshot: Snapshot, volumes: Volumes, *, terms: Terms) -> Snapshot:
    """Return the snapshot with other volumes, all else as it stood: a closed period with what is known now."""
    position = {code: at for at, code in enumerate(snapshot.members)}
    return replace(snapshot, **_volumes(position, volumes), **_bought(position, volumes, terms))


def _stated(tree: Tree, roll: Roll) -> dict[str, Any]:
    assert roll.stated.keys() <= STATED.keys(), f"nobody states {sorted(roll.stated.keys() - STATED.keys())}"
    columns: dict[str, Any] = {}
    for name, otherwise in STATED.items():
        kind = np.bool_ if isinstance(otherwise, bool) else np.int32
        given = roll.stated.get(name)
        whole = np.full(len(roll.ids), otherwise) if given is None else given
        columns[name] = np.ascontiguousarray(whole[tree.order], dtype=kind)
    return columns


def _indexes(tree: Tree, ids: Sequence[str | None]) -> Indexes:
    found = (NONE if id_ is None else tree.position[id_] for id_ in ids)
    return np.fromiter(found, dtype=np.int32, count=len(ids))


def _volumes(position: Mapping[str, int], volumes: Volumes) -> dict[str, Any]:
    try:
        at = np.fromiter(map(position.__getitem__, volumes.members), dtype=np.int64, count=len(volumes.members))
    except KeyError:
        unknown = sorted(set(volumes.members) - position.keys())
        raise Refused([_unknown_member(id_) for id_ in unknown]) from None
    nothing = np.zeros(len(volumes.members), dtype=np.int64)
    given = {name: getattr(volumes, name) for name in VOLUMES}
    found: dict[str, Any] = {
        name: _added_up(at, nothing if column is None else column, len(position)) for name, column in given.items()
    }
    if volumes.customers is not None:
        found["customers"] = _added_up(at, volumes.customers, len(position)).astype(np.int32)
    return found


def _bought(position: Mapping[str, int], volumes: Volumes, terms: Terms) -> dict[str, Any]:
    return {
        "units": _units(position, volumes, terms, first_only=False),
        "first_units": _units(position, volumes, terms, first_only=True),
    }


def _units(position: Mapping[str, int], volumes: Volumes, terms: Terms, *, first_only: bool) -> Ints:
    """Return units by member and product; products that pay no fixed amount in these terms count for nothing."""
    index = {product: at for at, product in enumerate(terms.products)}
    found = np.zeros((len(position), len(index)), dtype=np.int64)
    for each in volumes.units:
        if each.product in index and (each.first or not first_only):
            found[position[each.member], index[each.product]] += each.count
    return found


def _added_up(at: Ints, values: Ints, size: int) -> Ints:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, at, values)
    return total


def carried_columns(position: Mapping[str, int], carried: Mapping[str, Carried], terms: Terms) -> dict[str, Any]:
    """Return the columns of a snapshot that say what members at some positions carried in."""
    known = [(position[id_], one) for id_, one in carried.items() if id_ in position]
    at = [index for index, _ in known]
    columns = {}
    for name in Carried.__struct_fields__:
        column = np.zeros(_shape(name, len(position), terms), dtype=WIDTHS.get(name, np.int32))
        for index, one in known if name in WINDOWS else ():
            remembered = getattr(one, name)
            column[index, : len(remembered)] = remembered
        if name not in WINDOWS:
            column[at] = [attrgetter(name)(one) for _, one in known]
        columns[f"{name}_before"] = column
    return columns


def _shape(name: str, size: int, terms: Terms) -> tuple[int, ...]:
    inside = {"marks": len(terms.marks), "volumes": width(terms), "held_paid": held_width(terms)}
    return (size, inside[name]) if name in inside else (size,)


def _unknown_enroller(enroller: str, place: Place) -> Finding:
    return Finding(
        code="enroller-unknown",
        place=place,
        message=f"no member bears the id {enroller!r} of the enroller.",
        remedy="Add the enroller as a member, mend the id, or leave it empty.",
    )


def _unknown_member(id_: str) -> Finding:
    return Finding(
        code="volume-member-unknown",
        place=Place(source="volumes", path=id_),
        message=f"there is volume of {id_!r}, and no member bears this id.",
        remedy="Add the member, or mend the id on the order.",
    )
