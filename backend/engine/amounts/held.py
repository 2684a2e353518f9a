"""
Held: what titles have paid for being held and how long ago, and what their loss ends or takes back.
"""

import numpy as np

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.amounts.lines import lines_of
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Bonus, Entry, Lines
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms

PARTS = 4
"""The most instalments of a held bonus: their count is two bits a title, and a bonus paid in full needs none."""


def brought_in(snapshot: Snapshot, columns: Columns) -> None:
    """Write down what each title has paid so far, in minor units, its last payment a period further away."""
    if not columns.held_paid.shape[1]:
        return
    columns.held_paid[:] = snapshot.held_paid_before
    columns.held_paid[:, 0::2] += snapshot.held_paid_before[:, 1::2] > 0


def noted(columns: Columns, title: int, *, earner: Indexes, amount_minor: Ints) -> None:
    """Note what a title pays in this period, where the plan takes any of it back."""
    if columns.held_paid.shape[1]:
        columns.held_paid[earner, 2 * title] = 0
        columns.held_paid[earner, 2 * title + 1] += amount_minor


def settled(columns: Columns, title: int, chosen: Indexes) -> None:
    """Mark the bonus of a title as paid in full: no instalment of it is due any more."""
    columns.instalments[chosen] &= ~np.int64((PARTS - 1) << (2 * title))
    columns.bonuses[chosen] |= np.int64(1 << (2 * title + 1))


def taken_back(snapshot: Snapshot, terms: Terms, columns: Columns, *, title: int, among: Indexes) -> Lines:
    """
    Return what a title takes back from those who fall below it, as negative lines, and settle what it pays no more.

    All that it has paid comes back within so many periods after a payment, from who is not active too; such a bonus
    counts as paid, and so does one that pays nobody who has lost its title. `among` are all who may have held it.
    """
    fell = among[(snapshot.title_before[among] >= title) & (columns.title[among] < title)]
    market = snapshot.market[fell]
    taken, amount_minor = np.zeros(fell.shape, dtype=np.bool_), np.zeros(fell.shape, dtype=np.int64)
    if columns.held_paid.shape[1]:
        since, paid = columns.held_paid[fell, 2 * title], columns.held_paid[fell, 2 * title + 1]
        within = by_market(terms, lambda there: there.title_held.clawback_periods)[market]
        taken = (paid > 0) & (since <= within)
        amount_minor = -paid
        columns.held_paid[fell[taken], 2 * title : 2 * title + 2] = 0
    settled(columns, title, fell[taken | _never_again(terms, title)[market]])
    entry, amount_minor = int(Entry.CLAWED_BACK), amount_minor[taken]
    return lines_of(Bonus.TITLE_HELD, scheme=title, earner=fell[taken], entry=entry, amount_minor=amount_minor)


def _never_again(terms: Terms, title: int) -> Flags:
    """Say of each market whether a title pays a bonus there that who has lost the title never gets."""
    whole = exchanged_by_market(terms, lambda there: there.titles[title].held_bonus_minor)
    asked = by_market(terms, lambda there: there.title_held.successive_periods)
    restarts = by_market(terms, lambda there: int(there.title_held.restarts))
    never: Flags = (whole > 0) & (asked > 0) & (restarts == 0)
    return never
