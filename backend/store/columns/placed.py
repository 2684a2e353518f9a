"""
From loaded columns to a snapshot: the network as it stood on a period's last day, without a text looked up by another.

The same company gives the same bytes as `engine.periods.assemble.snapshot_of` gives from rows.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from msgspec import Struct

from backend.engine.columns.breadth import arranged
from backend.engine.periods.assemble import MONTHS, STATED, Roll, carried_columns
from backend.engine.periods.stated import Facts, as_stated
from backend.engine.snapshot import Carried, Flags, Indexes, Snapshot
from backend.kernel.period import Period
from backend.network.tree import Tree
from backend.plan.terms import Leavers, Terms
from backend.store.columns.copied import Column, Unreadable
from backend.store.columns.loaded import EPOCH, FACTS, NEVER, NOBODY, VOLUMES, Columns

UNPLACED = -2


class Placed(Struct, frozen=True, kw_only=True):
    """The members on a day by ordinals: sponsor and enroller, -1 where there is none; `gone` has left by then."""

    sponsor: Indexes
    enroller: Indexes
    gone: Flags


def placed_on(columns: Columns, day: date, leavers: Leavers) -> Placed:
    """
    Return who stands under whom on a day, leavers' legs where the plan says.

    Of a member's placements the latest that has begun holds, of one day the last recorded; so with enrolments. Raises
    Unreadable where somebody was never placed.
    """
    on, member = day.toordinal() - EPOCH, columns.sheets["member"]
    begun = np.maximum(member["joined"], np.int32(on))
    sponsor = _latest(columns.sheets["placement"], begun, np.full(len(begun), UNPLACED, dtype=np.int32))
    if (sponsor == UNPLACED).any():
        raise Unreadable(f"{int((sponsor == UNPLACED).sum()):,} members were never placed")
    enroller = _latest(columns.sheets["enrolment"], begun, member["enroller"].copy())
    left = np.full(len(begun), NEVER, dtype=np.int32)
    departure = columns.sheets["departure"]
    in_turn = np.argsort(departure["recorded"], kind="stable")
    left[departure["member"][in_turn]] = departure["left"][in_turn]
    gone = left <= on
    moved = leavers is Leavers.MOVE_UP and bool(gone.any())
    return Placed(sponsor=moved_up(sponsor, gone) if moved else sponsor, enroller=enroller, gone=gone)


def _latest(log: Mapping[str, Column], begun: Indexes, found: Indexes) -> Indexes:
    """Set who stands above each member by the rows that have begun; of the same member a later row overwrites."""
    rows = np.flatnonzero(log["since"] <= begun[log["member"]])
    if len(rows) and np.bincount(log["member"][rows]).max() > 1:
        rows = rows[np.lexsort((log["recorded"][rows], log["since"][rows]))]
    found[log["member"][rows]] = log["above"][rows]
    return found


def moved_up(sponsor: Indexes, gone: Flags) -> Indexes:
    """
    Return the sponsors once all legs of who is gone have moved up, as `network.leaving.moved_up` does.

    Each round doubles how far one looks, so a line of a hundred thousand leavers takes seventeen.
    """
    here = np.arange(len(sponsor), dtype=np.int32)
    instead = np.where(gone & (sponsor != NOBODY), sponsor, here)
    for _ in range(len(sponsor).bit_length()):
        instead = instead[instead]
    instead = np.where(gone[instead] & (sponsor[instead] != NOBODY), here, instead)
    return np.where(sponsor == NOBODY, NOBODY, instead[sponsor]).astype(np.int32)


def tree_of(columns: Columns, placed: Placed) -> Tree:
    """Return the members breadth first; raises Refused with every circle of sponsors."""
    return arranged(columns.ids(), placed.sponsor, columns.rank)


def snapshot_from(
    columns: Columns,
    period: Period,
    terms: Terms,
    *,
    carried: Mapping[str, Carried],
    placed: Placed | None = None,
    tree: Tree | None = None,
) -> Snapshot:
    """
    Return the snapshot of the period whose volumes were loaded; `placed` and `tree` are those of an earlier call.

    Raises Refused with every circle of sponsors, and Unreadable where somebody was never placed.
    """
    assert columns.stamp.period == str(period), "volumes are those of one period"
    placed = placed or placed_on(columns, period.last_day, terms.leavers)
    tree = tree or tree_of(columns, placed)
    rows = tree.order
    place = np.empty(len(rows) + 1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    place[NOBODY] = NOBODY
    roll = _roll(columns, period, placed)
    stated = {name: roll.stated.get(name, np.full(len(rows), otherwise)) for name, otherwise in STATED.items()}
    return Snapshot(
        period=str(period),
        year_begins=period.month == terms.year_begins_month,
        year_ends=period.month % MONTHS + 1 == terms.year_begins_month,
        members=tree.members,
        sponsor=tree.sponsor,
        first_leg=tree.first_leg,
        leg_count=tree.leg_count,
        enroller=place[placed.enroller][rows],
        market=roll.market[rows],
        days_since_joining=roll.days_since_joining[rows],
        training=roll.training[rows],
        **_typed(stated, rows) | _volumes(columns, place),
        **_units(columns, place, len(terms.products)),
        **carried_columns(tree.position, carried, terms),
    )


def brought(columns: Columns) -> dict[str, Carried]:
    """Return what members bring from before their first period; a title that everybody has is nothing."""
    member, ids = columns.sheets["member"], columns.ids()
    rows = np.flatnonzero(member["title"]).tolist()
    return {
        ids[row]: Carried(
            title=int(member["title"][row]), held=int(member["held"][row]), missed=int(member["missed"][row])
        )
        for row in rows
    }


def _roll(columns: Columns, period: Period, placed: Placed) -> Roll:
    """Return what is stated of members on the period's last day; who stands under whom is not asked of it."""
    last_day, member, fact = period.last_day.toordinal(), columns.sheets["member"], columns.sheets["fact"]
    roll = Roll(
        ids=range(len(placed.sponsor)),  # type: ignore[arg-type] # only counted
        sponsors=(),
        enrollers=(),
        market=member["market"],
        days_since_joining=(last_day - EPOCH - member["joined"]).astype(np.int32),
        training=member["training"].astype(np.bool_),
        stated={"closed": placed.gone} if placed.gone.any() else {},
    )
    words = np.array(FACTS)[fact["fact"]].tolist()
    since = fact["since"].astype(np.int64) + EPOCH
    return as_stated(roll, Facts(fact=words, member=fact["member"], since=since, value=fact["value"]), last_day)  # type: ignore[arg-type] # arrays are sequences


def _typed(stated: Mapping[str, Column], rows: Column) -> dict[str, Any]:
    kinds = {name: np.bool_ if isinstance(otherwise, bool) else np.int32 for name, otherwise in STATED.items()}
    return {name: np.ascontiguousarray(column[rows], dtype=kinds[name]) for name, column in stated.items()}


def _volumes(columns: Columns, place: Indexes) -> dict[str, Any]:
    volume, size = columns.sheets["volume"], len(place) - 1
    at = place[volume["member"]]
    found: dict[str, Any] = {}
    for name in VOLUMES:
        found[name] = np.zeros(size, dtype=np.int32 if name == "customers" else np.int64)
        found[name][at] = volume[name]
    return found


def _units(columns: Columns, place: Indexes, products: int) -> dict[str, Any]:
    unit, size = columns.sheets["unit"], len(place) - 1
    at = place[unit["member"]]
    found = {name: np.zeros((size, products), dtype=np.int64) for name in ("units", "first_units")}
    np.add.at(found["units"], (at, unit["product"]), unit["count"])
    np.add.at(found["first_units"], (at, unit["product"]), unit["count"] * unit["first"])
    return found
