"""
Columns: the sheet that the stages fill in, one after another, each reading what those before it wrote.

Only the pipeline makes a sheet and only the stages write on it; what leaves the engine is an Outcome.
"""

from typing import Any

import numpy as np
from msgspec import Struct

from backend.engine.gates.requirements import Rules, rules_of
from backend.engine.outcome import Lines
from backend.engine.snapshot import Flags, Indexes, Ints
from backend.plan.terms import Terms

EVERYBODY = slice(None)


def held_width(terms: Terms) -> int:
    """Return how many numbers a member has of what title bonuses have paid: two a title, where any is taken back."""
    claws = any(terms.of(market).title_held.clawback_periods for market in range(len(terms.markets)))
    return 2 * len(terms.titles) if claws else 0


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
    total_cv: Ints
    side_volume: Ints
    side_cv: Ints
    named_points: Ints
    """Members × named volumes."""
    named_cv: Ints
    legs_selling: Indexes
    legs_broken_away: Indexes
    marks: Ints
    """Bit m: mark m of the terms holds."""
    gates: Ints
    """Bit g: gate g of `requirements.gates_of` is open; of those that ask for nothing it is not written."""
    step: Indexes
    fast_step: Indexes
    percent_bp: Ints
    payable_step: Indexes
    broken_away: Flags
    achieved_title: Indexes
    upkeep: Indexes
    title: Indexes
    # title
    held: Indexes
    missed: Indexes
    # compression
    earns: Flags
    payable_bp: Ints
    paid_step: Indexes
    paid_bp: Ints
    # personal, differential, overrides, productions, levels, pools, bonuses, multipliers, matches
    personal_minor: Ints
    differential_minor: Ints
    override_minor: Ints
    pool_minor: Ints
    bonus_minor: Ints
    production_minor: Ints
    level_minor: Ints
    match_minor: Ints
    multiplier_minor: Ints
    bonuses: Ints
    instalments: Ints
    held_paid: Ints
    """As `Snapshot.held_paid_before`, after this period."""
    one_times: Ints
    carried_minor: Ints
    lines: list[Lines]
    """What each stage paid, sorted by earner."""
    breakage: list[Lines]
    """What each stage left with the company."""

    @classmethod
    def blank(cls, size: int, terms: Terms) -> "Columns":
        """Lay out an empty sheet for so many members."""
        makers = {Ints: np.int64, Indexes: np.int32, Flags: np.bool_}
        filled: dict[str, Any] = {
            name: np.zeros(size, dtype=makers[kind]) for name, kind in cls.__annotations__.items() if kind in makers
        }
        for name in ("named_points", "named_cv"):
            filled[name] = np.zeros((size, len(terms.volumes)), dtype=np.int64)
        filled["held_paid"] = np.zeros((size, held_width(terms)), dtype=np.int64)
        return cls(rules=rules_of(terms), lines=[], breakage=[], **filled)

    def gate(self, number: int, who: Indexes | slice = EVERYBODY) -> Flags:
        """Return who of some members is through a gate, by its bit."""
        gates = self.gates[who]
        if number not in self.rules.asking:
            return np.ones(gates.size, dtype=np.bool_)
        open_: Flags = (gates >> np.int64(number)) & 1 == 1
        return open_

    def mark(self, number: int) -> Flags:
        """Return who has a mark, by its index."""
        marked: Flags = (self.marks >> np.int64(number)) & 1 == 1
        return marked
