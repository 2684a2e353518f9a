"""
One-time bonuses: the fast start for a title reached soon after joining, the bonus for a title held, and targets met.

Each is paid once; which ones have been is carried from period to period. Without any commissionable sale in the
company none pays: recruiting alone earns nothing.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.amounts.held import PARTS, brought_in, noted, settled, taken_back
from backend.engine.amounts.lines import in_order, joined, lines_of, paid
from backend.engine.columns.first_orders import sold_anything
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.requirements import gate_number
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.plan.terms import Terms


class Sheet(NamedTuple):
    """What every one-time bonus looks at; `may_earn` are those paid, in a company that has sold anything."""

    snapshot: Snapshot
    terms: Terms
    columns: Columns
    may_earn: Flags

    def within(self, days: Ints) -> Flags:
        """Say who joined at most so many days ago, where each market has its own number."""
        since = self.snapshot.days_since_joining
        return (since >= 0) & (since <= days[self.snapshot.market])


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay fast start for each title up to the achieved, title held for one held so long, and each target that is met.

    All only for who is active, or computed as if active where pay is carried forward, only what has not been paid, only
    amounts above zero; what a lost title takes back is taken from anybody. The plan names an amount in its first
    market's currency; every earner is paid what that is in the own market's. A line's scheme is the title or the
    target.
    """
    columns.bonuses[:] = snapshot.bonuses_before
    columns.instalments[:] = snapshot.instalments_before
    columns.one_times[:] = snapshot.one_times_before
    brought_in(snapshot, columns)
    sheet = Sheet(snapshot, terms, columns, (columns.paid_step >= 0) & sold_anything(snapshot, terms, columns.cv))
    titles = range(1, len(terms.titles))
    for lines in (
        joined([_fast_start(sheet, title) for title in titles]),
        joined([taken_back(snapshot, terms, columns, title) for title in titles]),
        joined([_title_held(sheet, title) for title in titles]),
        joined([_target(sheet, index) for index in range(len(terms.one_times))]),
    ):
        paid(columns, in_order(lines), columns.bonus_minor)


def _fast_start(sheet: Sheet, title: int) -> Lines:
    """Pay who reaches a title within the days after joining, once."""
    amount = exchanged_by_market(sheet.terms, lambda there: there.titles[title].fast_start_minor)
    soon = sheet.within(by_market(sheet.terms, lambda there: there.fast_start.within_days))
    reached = sheet.may_earn & soon & (sheet.columns.achieved_title >= title)
    earner = _first_time(sheet.columns.bonuses, 2 * title, reached & (amount > 0)[sheet.snapshot.market])
    return lines_of(Bonus.FAST_START, scheme=title, earner=earner, amount_minor=amount[sheet.snapshot.market[earner]])


def _title_held(sheet: Sheet, title: int) -> Lines:
    """
    Pay who has held a title so many periods in a row, that of its achievement included or not, once.

    By instalments each but the last is the whole divided by their number, cut to the market's unit, and the last what
    is left over. Each is due as the whole would be, and those after the first also to who has risen meanwhile.
    """
    columns, market = sheet.columns, sheet.snapshot.market
    whole = exchanged_by_market(sheet.terms, lambda there: there.titles[title].held_bonus_minor)[market]
    parts = by_market(sheet.terms, lambda there: there.title_held.instalments)[market]
    already = (columns.instalments >> (2 * title)) & (PARTS - 1)
    due = _due(sheet, title, already) & (whole > 0)
    last = due & (already + 1 >= parts)
    columns.instalments[due & ~last] += np.int64(1 << (2 * title))
    settled(columns, title, last)
    unit = np.array([each.rounding_minor for each in sheet.terms.markets], dtype=np.int64)[market]
    part = whole // (parts * unit) * unit
    amount = np.where(last, whole - already * part, part)
    earner = np.flatnonzero(due & (amount > 0)).astype(np.int32)
    noted(columns, title, earner=earner, amount_minor=amount[earner])
    return lines_of(Bonus.TITLE_HELD, scheme=title, earner=earner, whole=parts[earner], amount_minor=amount[earner])


def _due(sheet: Sheet, title: int, already: Ints) -> Flags:
    """Say who is due the held bonus of a title, or a further instalment of it."""
    columns, upkeep = sheet.columns, sheet.terms.title_held
    assert upkeep.instalments <= PARTS, "more instalments than are counted"
    asked = by_market(sheet.terms, lambda there: there.title_held.successive_periods)[sheet.snapshot.market]
    long_enough = (columns.title == title) & (columns.held >= asked + upkeep.after_achievement)
    unpaid = (columns.bonuses >> (2 * title + 1)) & 1 == 0
    risen = (columns.title > title) & (already > 0)
    due: Flags = sheet.may_earn & unpaid & (asked > 0) & (long_enough | risen)
    return due


def _target(sheet: Sheet, index: int) -> Lines:
    """Pay who meets a target, within the days after joining where it names any, once."""
    amount = exchanged_by_market(sheet.terms, lambda there: there.one_times[index].amount_minor)
    days = by_market(sheet.terms, lambda there: there.one_times[index].within_days)
    soon = (days == 0)[sheet.snapshot.market] | sheet.within(days)
    met = sheet.may_earn & soon & sheet.columns.gate(gate_number(sheet.terms, "one_times", index))
    earner = _first_time(sheet.columns.one_times, index, met & (amount > 0)[sheet.snapshot.market])
    return lines_of(Bonus.ONE_TIME, scheme=index, earner=earner, amount_minor=amount[sheet.snapshot.market[earner]])


def _first_time(already: Ints, bit: int, earned: Flags) -> Ints:
    """Return who earns a bonus for the first time, and mark it as paid."""
    earner = np.flatnonzero(earned & ((already >> bit) & 1 == 0))
    already[earner] |= np.int64(1 << bit)
    return earner
