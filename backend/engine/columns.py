"""
Columns: the sheet that the stages fill in, one after another, each reading what those before it wrote.

Only the pipeline makes a sheet and only the stages write on it; what leaves the engine is an Outcome.
"""

from typing import Any

import numpy as np
from msgspec import Struct

from backend.engine.outcome import Lines
from backend.engine.requirements import Rules, rules_of
from backend.engine.snapshot import Flags, Indexes, Ints
from backend.plan.terms import Terms


class Columns(Struct, kw_only=True):
    """One value a member in the snapshot's order; volumes in hundredths of a point, amounts in minor units."""

    rules: Rules
    # volume
    pv: Ints
    cv: Ints
    # activity
    active: Flags
    enrolled_active: Indexes
    # standing
    gv: Ints
    group_cv: Ints
    tgv: Ints
    side_volume: Ints
    legs_selling: Indexes
    legs_broken_away: Indexes
    step: Indexes
    broken_away: Flags
    achieved_title: Indexes
    upkeep: Indexes
    override_gate: Flags
    pool_gate: Flags
    # title
    title: Indexes
    held: Indexes
    missed: Indexes
    # compression
    paid_step: Indexes
    # personal, differential, overrides, pools, bonuses
    personal_minor: Ints
    differential_minor: Ints
    override_minor: Ints
    pool_minor: Ints
    bonus_minor: Ints
    bonuses: Ints
    lines: list[Lines]
    """What each stage paid, sorted by earner."""

    @classmethod
    def blank(cls, size: int, terms: Terms) -> "Columns":
        """Lay out an empty sheet for so many members."""
        makers = {Ints: np.int64, Indexes: np.int32, Flags: np.bool_}
        filled: dict[str, Any] = {
            name: np.zeros(size, dtype=makers[kind]) for name, kind in cls.__annotations__.items() if kind in makers
        }
        return cls(rules=rules_of(terms), lines=[], **filled)
