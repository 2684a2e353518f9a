"""
What is loaded of a company: its members and the logs that place them, its facts, and the volumes of one period.

Members are ordinals, the `id` of their row. The logs are as they were recorded, so that the network of any day follows
from them; only the volumes are those of one period at one instant.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from backend.engine.periods.stated import COLUMN_OF
from backend.store.columns.copied import Column, Field

EPOCH = date(2000, 1, 1).toordinal()
"""The day from which PostgreSQL counts its days."""

NOBODY = -1
NEVER = 2**31 - 1
"""The day `infinity`: a departure that was taken back."""

FACTS = tuple(COLUMN_OF)

LOGGED = (Field("member", "int4"), Field("above", "int4"), Field("since", "date"), Field("recorded", "int8"))
VOLUMES = (
    "own_pv",
    "customer_pv",
    "own_cv",
    "customer_cv",
    "provisional_pv",
    "first_pv",
    "first_cv",
    "customers",
)

SHEETS: Mapping[str, tuple[Field, ...]] = {
    "member": (
        Field("id", "int4"),
        Field("joined", "date"),
        Field("enroller", "int4"),
        Field("market", "int4"),
        Field("training", "bool"),
        Field("title", "int4"),
        Field("held", "int4"),
        Field("missed", "int4"),
    ),
    "placement": LOGGED,
    "enrolment": LOGGED,
    "departure": (Field("member", "int4"), Field("left", "date"), Field("recorded", "int8")),
    "fact": (Field("member", "int4"), Field("fact", "int4"), Field("since", "date"), Field("value", "int4")),
    "volume": (Field("member", "int4"), *(Field(name, "int8") for name in VOLUMES)),
    "unit": (Field("member", "int4"), Field("product", "int4"), Field("count", "int8"), Field("first", "bool")),
}
"""The sheets, each with its columns in the order in which they are asked for."""


class Stamp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Of which database, plan and period columns are, and how far its logs reached when they were read.

    `position` is the last entry and `entry` a digest of it, `network` the place in the network's log, `fact` the last
    fact. `markets`, `titles` and `products` are what ordinals count; the products only those that pay fixed amounts.
    `until` is the instant up to which volume may still come back, in microseconds of the Unix epoch.
    """

    database: str
    plan_digest: str
    period: str
    until: int
    position: int
    entry: str
    network: int
    fact: int
    members: int
    markets: tuple[str, ...]
    titles: tuple[str, ...]
    products: tuple[str, ...]


class Columns(Struct, frozen=True, kw_only=True):
    """
    The sheets by name, of each its columns by name; `codes` has every member's id, a line feed between them.

    `rank` says of each member where its id stands among all, in the order of their characters.
    """

    stamp: Stamp
    sheets: Mapping[str, Mapping[str, Column]]
    codes: bytes
    rank: NDArray[np.int32]

    def ids(self) -> list[str]:
        """Return the members' ids in the order of their ordinals."""
        return ids_of(self.codes)


def ids_of(codes: bytes) -> list[str]:
    """Return the ids that stand in a text, one a line."""
    return codes.decode("utf-8").split("\n") if codes else []
