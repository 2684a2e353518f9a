"""
Outcome: what a plan makes of a snapshot, as columns, and its earning lines.

Frozen; the same inputs give the same bytes.
"""

from enum import IntEnum
from hashlib import sha256

import numpy as np
from msgspec import Struct

from backend.engine.snapshot import Flags, Indexes, Ints


class Bonus(IntEnum):
    """What a line pays for."""

    PERSONAL = 0
    DIFFERENTIAL = 1
    OVERRIDE = 2
    POOL = 3
    FAST_START = 4
    TITLE_HELD = 5


class Upkeep(IntEnum):
    """How a title stands with its maintenance after this period's volume so far."""

    NONE_NEEDED = 0
    MET = 1
    GRACE = 2
    AT_RISK = 3
    LOST = 4


class Lines(Struct, frozen=True, kw_only=True):
    """
    Earning lines as columns, sorted by earner, bonus, leg, source, rate. A line is earner × leg × rate, rounded once.

    `leg` is the frontline leg of the earner through which the volume came, `source` the member whose volume or group
    it is, each an index or -1.
    `base_cv` is hundredths of a point, `rate_bp` basis points, `amount_minor` minor units of the earner's market's
    currency.
    `generation` is 0 but for overrides. `less_bp` is the highest percent paid below that was taken off (differential).
    """

    earner: Indexes
    bonus: Indexes
    leg: Indexes
    source: Indexes
    generation: Indexes
    rate_bp: Ints
    less_bp: Ints
    base_cv: Ints
    amount_minor: Ints

    def __len__(self) -> int:
        """Count the lines."""
        return int(self.earner.size)


class Outcome(Struct, frozen=True, kw_only=True):
    """
    One period computed: per-member columns in the snapshot's order, and the lines.

    `step` is achieved by volume, `paid_step` what activity lets the member be paid at (-1: not paid), `title` the
    career title after this period.
    `group_cv` is the CV of the group that a member closes or passes up: own and of all legs that have not broken away.
    """

    period: str
    snapshot_digest: str
    pv: Ints
    cv: Ints
    gv: Ints
    group_cv: Ints
    tgv: Ints
    side_volume: Ints
    enrolled_active: Indexes
    legs_selling: Indexes
    legs_broken_away: Indexes
    active: Flags
    step: Indexes
    paid_step: Indexes
    broken_away: Flags
    achieved_title: Indexes
    title: Indexes
    upkeep: Indexes
    held: Indexes
    missed: Indexes
    bonuses: Ints
    personal_minor: Ints
    differential_minor: Ints
    override_minor: Ints
    pool_minor: Ints
    bonus_minor: Ints
    """Fast start and title-held together."""
    lines: Lines

    def digest(self) -> str:
        """Return the SHA-256 of all columns and lines, as hexadecimal text."""
        hashed = sha256(f"{self.period}\n{self.snapshot_digest}\n".encode())
        for name in self.__struct_fields__[2:-1]:
            hashed.update(np.ascontiguousarray(getattr(self, name)).tobytes())
        for name in self.lines.__struct_fields__:
            hashed.update(np.ascontiguousarray(getattr(self.lines, name)).tobytes())
        return hashed.hexdigest()
