"""
The rows that a snapshot may have come from: members, orders and what was carried, to be put in another order or beside.
"""

from random import Random

import numpy as np

from backend.engine.periods.assemble import STATED, VOLUMES, Roll, Units, Volumes, snapshot_of
from backend.engine.snapshot import Carried, Snapshot
from backend.plan.terms import Terms

COLUMNS = ("market", "days_since_joining", "training")
Rows = tuple[Roll, Volumes, dict[str, Carried]]


def rows_of(snapshot: Snapshot, prefix: str = "", *, products: tuple[str, ...] = ()) -> Rows:
    """Return the rows that a snapshot may have come from, every name with a prefix."""
    ids = [prefix + member for member in snapshot.members]
    names = [*ids, None]
    roll = Roll(
        ids=ids,
        sponsors=[names[at] for at in snapshot.sponsor],
        enrollers=[names[at] for at in snapshot.enroller],
        stated={name: getattr(snapshot, name) for name in STATED},
        **{name: getattr(snapshot, name) for name in COLUMNS},
    )
    volumes = Volumes(
        members=ids,
        units=units_of(snapshot, ids, products),
        **{name: getattr(snapshot, name) for name in VOLUMES},
    )
    return roll, volumes, {who: carried_of(snapshot, at) for at, who in enumerate(ids)}


def units_of(snapshot: Snapshot, ids: list[str], products: tuple[str, ...]) -> list[Units]:
    """Return the units of products that members bought, those of first orders apart."""
    first, every = snapshot.first_units, snapshot.units
    found: list[Units] = []
    for at, member in enumerate(ids):
        for column, product in enumerate(products):
            parts = ((True, int(first[at, column])), (False, int(every[at, column] - first[at, column])))
            found += [Units(member=member, product=product, count=count, first=own) for own, count in parts if count]
    return found


def carried_of(snapshot: Snapshot, at: int) -> Carried:
    """Return what one member has carried into a snapshot."""
    found = {name: getattr(snapshot, f"{name}_before")[at].tolist() for name in Carried.__struct_fields__}
    return Carried(**{name: tuple(value) if isinstance(value, list) else value for name, value in found.items()})


def taken(roll: Roll, rows: list[int]) -> Roll:
    """Return some rows of a roll in an order."""
    stated = {name: np.asarray(column)[rows] for name, column in roll.stated.items()}
    listed = {name: [getattr(roll, name)[row] for row in rows] for name in ("ids", "sponsors", "enrollers")}
    return Roll(stated=stated, **listed, **{name: getattr(roll, name)[rows] for name in COLUMNS})


def shuffled(snapshot: Snapshot, terms: Terms, random: Random) -> Snapshot:
    """Return the snapshot made anew of its rows, members and orders and what is carried each in another order."""
    roll, volumes, carried = rows_of(snapshot, products=terms.products)
    rows, orders = list(range(len(roll.ids))), list(range(len(roll.ids)))
    random.shuffle(rows)
    random.shuffle(orders)
    turned = Volumes(
        members=[volumes.members[row] for row in orders],
        units=random.sample(list(volumes.units), len(volumes.units)),
        **{name: getattr(volumes, name)[orders] for name in VOLUMES},
    )
    brought = {roll.ids[row]: carried[roll.ids[row]] for row in orders}
    return snapshot_of(period=snapshot.period, roll=taken(roll, rows), volumes=turned, carried=brought, terms=terms)
