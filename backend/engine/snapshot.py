"""
Snapshot: one period of a company as columns, frozen and hashed. Everything that the engine knows of the world.

Members stand breadth first (`network.tree`), so that a sponsor's legs lie side by side behind the sponsor. Dates have
become numbers: days since joining, successive periods held. The same company gives the same bytes, whatever order its
rows came in.
"""

from hashlib import sha256

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Indexes = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Snapshot(Struct, frozen=True, kw_only=True):
    """
    The columns of one period, each of length n = number of members, indexed breadth first.

    Volumes are hundredths of a point and may be negative after returns. `sponsor` and `enroller` are indexes, -1
    where there is none; the legs of member i are `first_leg[i] : first_leg[i] + leg_count[i]`. `market` indexes
    `Terms.markets`.
    """

    period: str
    members: tuple[str, ...]
    sponsor: Indexes
    first_leg: Indexes
    leg_count: Indexes
    enroller: Indexes
    market: Indexes
    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints
    provisional_pv: Ints
    """The part of own_pv + customer_pv that may still come back."""
    days_since_joining: Indexes
    """At the end of the period; negative for who has not joined yet."""
    training: Flags
    title_before: Indexes
    held_before: Indexes
    """Successive periods that `title_before` has been held."""
    missed_before: Indexes
    """Successive periods in which its maintenance was missed."""
    bonuses_before: Ints
    """Bit 2t: fast start of title t paid; bit 2t + 1: held bonus of title t paid. Each is paid once."""

    def digest(self) -> str:
        """Return the SHA-256 of all columns in the order of their declaration, as hexadecimal text."""
        hashed = sha256(f"{self.period}\n".encode())
        hashed.update("\n".join(self.members).encode())
        for name in self.__struct_fields__[2:]:
            column = np.ascontiguousarray(getattr(self, name))
            hashed.update(f"\n{name} {column.dtype.str} {column.size}\n".encode())
            hashed.update(column.tobytes())
        return hashed.hexdigest()


class Carried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one member takes from one period into the next: the title, its clocks, and the bonuses already paid."""

    title: int = 0
    held: int = 0
    missed: int = 0
    bonuses: int = 0
