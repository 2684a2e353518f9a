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
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import Terms


class Sheet(NamedTuple):
    """What every one-time bonus looks at; nobody but the titled had, has or achieves a title that pays."""

    snapshot: Snapshot
    terms: Terms
    columns: Columns
    titled: Indexes
    sold: bool
    """The company has sold anything."""

    def may_earn(self, who: Indexes) -> Flags:
        """Say which of some members are paid, in a company that has sold anything."""
        return (self.columns.paid_step[who] >= 0) & self.sold

    def within(self, days: Ints, who: Indexes) -> Flags:
        """Say which of some members joined at most so many days ago, where each market has its own number."""
        since = self.snapshot.days_since_joining[who]
        return (since >= 0) & (since <= days[self.snapshot.market[who]])


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay fast start for each title up to the achieved, title held for one held so long, and each target that is met.

    All only for who is active, or computed as if active where pay is carried forward, only what has not been paid, only
    amounts above zero; what a lost title takes back is taken from anybody. The plan names an amount in its first
    market's currency; every earner is paid what that is in the own market's. A line's scheme is the title or the
    target.
    """
    for name in ("bonuses", "instalments", "one_times"):
        before = getattr(snapshot, f"{name}_before")
        if before.any():
            getattr(columns, name)[:] = before
    brought_in(snapshot, columns)
    titled = np.flatnonzero(columns.title | columns.achieved_title | snapshot.title_before).astype(np.int32)
    sheet = Sheet(snapshot, terms, columns, titled, sold_anything(snapshot, terms, columns.cv))
    titles = range(1, len(terms.titles))
    for lines in (
        joined([_fast_start(sheet, title) for title in titles]),
        joined([taken_back(snapshot, terms, columns, title=title, among=titled) for title in titles]),
        joined([_title_held(sheet, title) for title in titles]),
        joined([_target(sheet, index) for index in range(len(terms.one_times))]),
    ):
        paid(columns, in_order(lines), columns.bonus_minor)


def _fast_start(sheet: Sheet, title: int) -> Lines:
    """Pay who reaches a title within the days after joining, once."""
    amount = exchanged_by_market(sheet.terms, lambda there: there.titles[title].fast_start_minor)
    who = sheet.titled[sheet.columns.achieved_title[sheet.titled] >= title]
    soon = sheet.within(by_market(sheet.terms, lambda there: there.fast_start.within_days), who)
    reached = who[sheet.may_earn(who) & soon & (amount > 0)[sheet.snapshot.market[who]]]
    earner = _first_time(sheet.columns.bonuses, 2 * title, reached)
    return lines_of(Bonus.FAST_START, scheme=title, earner=earner, amount_minor=amount[sheet.snapshot.market[earner]])


def _title_held(sheet: Sheet, title: int) -> Lines:
    """
    Pay who has held a title so many periods in a row, that of its achievement included or not, once.

    By instalments each but the last is the whole divided by their number, cut to the market's unit, and the last what
    is left over. Each is due as the whole would be, and those after the first also to who has risen meanwhile.
    """
    columns = sheet.columns
    who = sheet.titled[columns.title[sheet.titled] >= title]
    market = sheet.snapshot.market[who]
    whole = exchanged_by_market(sheet.terms, lambda there: there.titles[title].held_bonus_minor)[market]
    parts = by_market(sheet.terms, lambda there: there.title_held.instalments)[market]
    already = (columns.instalments[who] >> (2 * title)) & (PARTS - 1)
    due = _due(sheet, title, who, already) & (whole > 0)
    last = due & (already + 1 >= parts)
    columns.instalments[who[due & ~last]] += np.int64(1 << (2 * title))
    settled(columns, title, who[last])
    unit = np.array([each.rounding_minor for each in sheet.terms.markets], dtype=np.int64)[market]
    part = whole // (parts * unit) * unit
    amount = np.where(last, whole - already * part, part)
    pays = due & (amount > 0)
    noted(columns, title, earner=who[pays], amount_minor=amount[pays])
    line = {"whole": parts[pays], "amount_minor": amount[pays]}
    return lines_of(Bonus.TITLE_HELD, scheme=title, earner=who[pays], **line)


def _due(sheet: Sheet, title: int, who: Indexes, already: Ints) -> Flags:
    """Say which of those on a title, or above it, are due its held bonus, or a further instalment of it."""
    columns, upkeep = sheet.columns, sheet.terms.title_held
    assert upkeep.instalments <= PARTS, "more instalments than are counted"
    asked = by_market(sheet.terms, lambda there: there.title_held.successive_periods)[sheet.snapshot.market[who]]
    long_enough = (columns.title[who] == title) & (columns.held[who] >= asked + upkeep.after_achievement)
    unpaid = (columns.bonuses[who] >> (2 * title + 1)) & 1 == 0
    risen = (columns.title[who] > title) & (already > 0)
    due: Flags = sheet.may_earn(who) & unpaid & (asked > 0) & (long_enough | risen)
    return due


def _target(sheet: Sheet, index: int) -> Lines:
    """Pay who meets a target, within the days after joining where it names any, once."""
    amount = exchanged_by_market(sheet.terms, lambda there: there.one_times[index].amount_minor)
    days = by_market(sheet.terms, lambda there: there.one_times[index].within_days)
    market = sheet.snapshot.market
    who = np.flatnonzero(sheet.columns.gate(gate_number(sheet.terms, "one_times", index))).astype(np.int32)
    soon = (days == 0)[market[who]] | sheet.within(days, who)
    met = who[sheet.may_earn(who) & soon & (amount > 0)[market[who]]]
    earner = _first_time(sheet.columns.one_times, index, met)
    return lines_of(Bonus.ONE_TIME, scheme=index, earner=earner, amount_minor=amount[market[earner]])


def _first_time(already: Ints, bit: int, earned: Indexes) -> Indexes:
    """Return which of those who earn a bonus do for the first time, and mark it as paid."""
    earner: Indexes = earned[(already[earned] >> bit) & 1 == 0]
    already[earner] |= np.int64(1 << bit)
    return earner
