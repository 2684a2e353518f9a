"""
One-time bonuses: the fast start for a title reached soon after joining, and the bonus for a title held.

Each is paid once per title; which ones have been is carried from period to period. Without any commissionable sale in
the company neither pays: recruiting alone earns nothing.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.exchange import exchanged
from backend.engine.lines import lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay fast start for each title up to the achieved, within `within_days` of joining; title held for one held so long.

    Both only for active members, only what has not been paid, only amounts above zero. The plan names an amount in its
    first market's currency; every earner is paid what that is in the own market's.
    """
    columns.bonuses[:] = snapshot.bonuses_before
    may_earn = columns.active & bool((columns.cv > 0).any())
    days = snapshot.days_since_joining
    soon = may_earn & (days >= 0) & (days <= terms.fast_start.within_days)
    long_enough = may_earn & (columns.held >= terms.title_held.successive_periods)
    fast, held = [], []
    for index, title in list(enumerate(terms.titles))[1:]:
        reached, keeping = soon & (columns.achieved_title >= index), long_enough & (columns.title == index)
        fast.append(_once(columns, 2 * index, reached, exchanged(title.fast_start_minor, terms)[snapshot.market]))
        held.append(_once(columns, 2 * index + 1, keeping, exchanged(title.held_bonus_minor, terms)[snapshot.market]))
    _pay(columns, Bonus.FAST_START, fast)
    _pay(columns, Bonus.TITLE_HELD, held)


def _once(columns: Columns, bit: int, earned: Flags, amount_minor: Ints) -> tuple[Ints, Ints]:
    """Return who earns a bonus for the first time with the amount of each, and mark it as paid."""
    earner = np.flatnonzero(earned & (amount_minor > 0) & ((columns.bonuses >> bit) & 1 == 0))
    columns.bonuses[earner] |= np.int64(1 << bit)
    return earner, amount_minor[earner]


def _pay(columns: Columns, bonus: Bonus, parts: list[tuple[Ints, Ints]]) -> None:
    """Write one line a member and title, by member and rising title."""
    nothing = np.empty(0, dtype=np.int64)
    earner = np.concatenate([nothing, *(part[0] for part in parts)])
    amount_minor = np.concatenate([nothing, *(part[1] for part in parts)])
    order = np.argsort(earner, kind="stable")
    zeros = np.zeros(earner.size, dtype=np.int64)
    lines = lines_of(bonus, earner=earner[order], base_cv=zeros, rate_bp=zeros, amount_minor=amount_minor[order])
    paid(columns, lines, columns.bonus_minor)
