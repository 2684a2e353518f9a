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

UNSTATED = -1
"""Stands where the company states nothing about a member, and the plan's own rule decides."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """
    The columns of one period, each of length n = number of members, indexed breadth first.

    Volumes are hundredths of a point and may be negative after returns. `sponsor` and `enroller` are indexes, -1
    where there is none; the legs of member i are `first_leg[i] : first_leg[i] + leg_count[i]`. `market` indexes
    `Terms.markets`. What is carried in (`…_before`) is as `Carried` says.
    """

    period: str
    year_begins: bool
    """This is the first period of the plan's year."""
    year_ends: bool
    members: tuple[str, ...]
    sponsor: Indexes
    first_leg: Indexes
    leg_count: Indexes
    enroller: Indexes
    market: Indexes
    foster: Flags
    """Sponsored in another's place: a foster or international sponsorship."""
    closed: Flags
    """The position is closed: its volume counts in its group; it holds no step and earns nothing."""
    own_pv: Ints
    customer_pv: Ints
    own_cv: Ints
    customer_cv: Ints
    first_pv: Ints
    """The part of own_pv that is the member's first order."""
    first_cv: Ints
    provisional_pv: Ints
    """The part of own_pv + customer_pv that may still come back."""
    units: Ints
    """n × `Terms.products`: units of each product bought by the member and own customers; negative after returns."""
    first_units: Ints
    """The part of `units` that is the member's first order."""
    customers: Indexes
    """Own customers who bought in the period."""
    customer_share_bp: Indexes
    """The share of personal volume sold to customers, basis points; UNSTATED counts as all of it."""
    verified_share_bp: Indexes
    days_since_joining: Indexes
    """At the end of the period; negative for who has not joined yet."""
    training: Flags
    fees_paid: Flags
    """True where the company states nothing of the member's fees."""
    cleared: Flags
    """Compliance has nothing against the member; true where the company states nothing."""
    active_stated: Indexes
    """1 or 0 where the company states who is active, else UNSTATED."""
    qualified: Indexes
    """1 or 0 where the company states whether the plan's `stated` marks hold, else UNSTATED."""
    granted: Flags
    """The company lets the member through the gate of every bonus, and asks no guarantee of the own group."""
    percent_held_bp: Indexes
    """The percent of the career rank where the company states it, else UNSTATED."""
    paused: Indexes
    """Why the member's lines are held (`outcome.State`); 0 where they are payable."""
    title_before: Indexes
    held_before: Indexes
    """Successive periods that `title_before` has been held."""
    missed_before: Indexes
    """Successive periods in which its maintenance was missed."""
    bonuses_before: Ints
    """Bit 2t: fast start of title t paid; bit 2t + 1: held bonus of title t paid in full. Each is paid once."""
    instalments_before: Ints
    """Bits 2t and 2t + 1: how many instalments of title t's held bonus have been paid."""
    held_paid_before: Ints
    """n × 2 × titles where the plan claws back, else n × 0: periods since the last payment, and minor units paid."""
    one_times_before: Ints
    """Bit b: one-time bonus b has been paid."""
    step_before: Indexes
    best_title_before: Indexes
    """The highest title ever held."""
    broke_away_before: Flags
    carried_minor_before: Ints
    """Earned in earlier periods and carried forward, in minor units of the member's market."""
    marks_before: Ints
    """n × marks: bit p says whether the mark held p + 1 periods ago."""
    volumes_before: Ints
    """n × `history.slots_of(terms)`: what earlier periods bring into each windowed volume."""

    def digest(self) -> str:
        """Return the SHA-256 of all columns in the order of their declaration, as hexadecimal text."""
        hashed = sha256(f"{self.period} {int(self.year_begins)} {int(self.year_ends)}\n".encode())
        hashed.update("\n".join(self.members).encode())
        for name in columns_of(self):
            column = np.ascontiguousarray(getattr(self, name))
            hashed.update(f"\n{name} {column.dtype.str} {column.shape}\n".encode())
            hashed.update(column.tobytes())
        return hashed.hexdigest()


def columns_of(sheet: Struct | type[Struct]) -> tuple[str, ...]:
    """Return the names of a sheet's columns: whatever is an array."""
    return tuple(name for name in sheet.__struct_fields__ if sheet.__annotations__[name] in {Ints, Indexes, Flags})


class Carried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What one member takes from one period into the next: title, clocks, bonuses paid, and what windows remember.

    `marks` has a history of bits a mark, the latest lowest, `volumes` the slots of `history.slots_of(terms)`, and
    `held_paid` two numbers a title: periods since its bonus was last paid, and what has been paid. All three are empty
    for who has nothing in any of them.
    """

    title: int = 0
    held: int = 0
    missed: int = 0
    bonuses: int = 0
    instalments: int = 0
    one_times: int = 0
    step: int = 0
    best_title: int = 0
    broke_away: bool = False
    carried_minor: int = 0
    marks: tuple[int, ...] = ()
    volumes: tuple[int, ...] = ()
    held_paid: tuple[int, ...] = ()
