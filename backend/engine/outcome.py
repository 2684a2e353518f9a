"""
Outcome: what a plan makes of a snapshot, as columns, and its earning lines.

Frozen; the same inputs give the same bytes.
"""

from enum import IntEnum
from functools import cached_property
from hashlib import sha256

import numpy as np
from msgspec import Struct

from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot, columns_of


class Bonus(IntEnum):
    """What a line pays for."""

    PERSONAL = 0
    DIFFERENTIAL = 1
    OVERRIDE = 2
    POOL = 3
    FAST_START = 4
    TITLE_HELD = 5
    PRODUCTION = 6
    LEVEL = 7
    MATCH = 8
    ONE_TIME = 9
    RETAIL = 10
    MULTIPLIER = 11


class Entry(IntEnum):
    """What a line is beside a plain earning."""

    EARNED = 0
    GUARANTEE_RECEIVED = 1
    """What a leader below made up; `source` is that leader."""
    GUARANTEE_GIVEN = 2
    """What the member made up for a weak group; negative, `source` is the group's leader."""
    CUT = 3
    """What a cap takes off; negative, `scheme` is the cap."""
    RELEASED = 4
    """Carried forward from earlier periods."""
    PASSED_UP = 5
    """What an inactive member below, `source`, would have earned."""
    CLAWED_BACK = 6
    """What a lost title has paid and takes back; negative."""


class State(IntEnum):
    """Whether a line may be paid, or what holds it. A held line is computed as any other; nothing of it moves on."""

    PAYABLE = 0
    HELD_COMPLIANCE = 1
    HELD_PAYMENT = 2
    HELD_ACTIVITY = 3
    """Carried forward until the member is active again; it counts in no total until it is released."""
    KEPT_AT_SALE = 4
    """The member has it already from the customer; it is shown and never posted."""


class Upkeep(IntEnum):
    """How a title stands with its maintenance after this period's volume so far."""

    NONE_NEEDED = 0
    MET = 1
    GRACE = 2
    AT_RISK = 3
    LOST = 4
    LOCKED = 5
    """Missed, in the first periods with a title, in which no miss counts."""


class Lines(Struct, frozen=True, kw_only=True):
    """
    Earning lines as columns, sorted by earner, bonus, scheme, leg, source, rate. A line is rounded once.

    `scheme` is the index of the bonus among those of its kind in the terms (which override, which pool).
    `leg` is the frontline leg of the earner through which the volume came, `source` the member whose volume or group
    it is, each an index or -1.
    `base_cv` is hundredths of a point, `rate_bp` basis points, `part` of `whole` what of that is paid (1 of 1 where all
    is), `amount_minor` minor units of the earner's market's currency. An override whose rates are `Override.finer` than
    a basis point has them in these parts, and `whole` is so many times as much.
    `product` is an index of `Terms.products` where each of `part` units of it pays an amount, else -1.
    `generation` is that of an override, or the level of a level bonus or match. `less_bp` is the highest percent paid
    below that was taken off (differential).
    """

    earner: Indexes
    bonus: Indexes
    scheme: Indexes
    leg: Indexes
    source: Indexes
    generation: Indexes
    product: Indexes
    entry: Indexes
    state: Indexes
    rate_bp: Ints
    less_bp: Ints
    base_cv: Ints
    part: Ints
    whole: Ints
    amount_minor: Ints

    def __len__(self) -> int:
        """Count the lines."""
        return int(self.earner.size)


class Outcome(Struct, frozen=True, kw_only=True, dict=True):
    """
    One period computed: per-member columns in the snapshot's order, and the lines.

    `step` is achieved by volume, `paid_step` the one that gates let the member be paid at (-1: not paid), `title` the
    career title after this period; `percent_bp` is the percent of the step, or the one the company states, `payable_bp`
    what its gates let of it be paid to who earns, and `paid_bp` what is paid.
    `group_cv` is the CV of the group that a member closes or passes up: own and of all legs that have not broken away.
    Amounts by bonus add up the lines that are payable or held by a pause.
    """

    period: str
    came_from: Snapshot | str
    """The snapshot; of an outcome that was read again, the digest of it."""
    pv: Ints
    cv: Ints
    gv: Ints
    group_cv: Ints
    tgv: Ints
    total_cv: Ints
    side_volume: Ints
    side_cv: Ints
    named_points: Ints
    """n × `terms.volumes`: each over its window, hundredths."""
    named_cv: Ints
    enrolled_active: Indexes
    legs_selling: Indexes
    legs_broken_away: Indexes
    active: Flags
    marks: Ints
    """Bit m: mark m of the terms holds."""
    step: Indexes
    fast_step: Indexes
    """The step that the fast track reaches in this period."""
    percent_bp: Ints
    earns: Flags
    """Active, and not kept from all pay by the gate of the step reached."""
    payable_bp: Ints
    paid_step: Indexes
    paid_bp: Ints
    broken_away: Flags
    achieved_title: Indexes
    title: Indexes
    upkeep: Indexes
    held: Indexes
    missed: Indexes
    bonuses: Ints
    instalments: Ints
    held_paid: Ints
    """As `Snapshot.held_paid_before`, after this period."""
    one_times: Ints
    carried_minor: Ints
    """Carried forward after this period, in minor units of the member's market."""
    personal_minor: Ints
    differential_minor: Ints
    override_minor: Ints
    pool_minor: Ints
    bonus_minor: Ints
    """Fast start, title held and one-time bonuses together."""
    production_minor: Ints
    level_minor: Ints
    match_minor: Ints
    multiplier_minor: Ints
    lines: Lines
    breakage: Lines
    """What the rules earn for nobody and the company keeps; the earner is -1, amounts are of the source's market."""

    @cached_property
    def snapshot_digest(self) -> str:
        """The digest of the snapshot, taken when it is first asked for: a number on a phone never needs it."""
        return self.came_from if isinstance(self.came_from, str) else self.came_from.digest()

    def digest(self) -> str:
        """Return the SHA-256 of all columns and lines, as hexadecimal text."""
        hashed = sha256(f"{self.period}\n{self.snapshot_digest}\n".encode())
        for sheet in (self, self.lines, self.breakage):
            for name in columns_of(sheet):
                hashed.update(np.ascontiguousarray(getattr(sheet, name)).tobytes())
        return hashed.hexdigest()
