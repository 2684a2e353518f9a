"""
Rates: each member's row of an override's rates by generation.

A row goes by title, step or broken-away legs, in the words of the member's market. Behind its last rate a row has none,
or goes on with the last one for ever; from some generation on nothing changes any more.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.plan.terms import Override, RatesBy, Terms

NO_RATE = -1
"""Stands where a row has no rate for a generation: whoever has this row does not qualify there."""

ENDLESS = 2**31 - 1
"""How many generations are open where titles do not limit them."""


class Rates(NamedTuple):
    """An override's rates as a table in which each of some members has a row; basis points."""

    table: Ints
    """Rows × generations; the last column holds for all generations from there on."""
    row: Ints
    opens: Ints
    """How many generations each member's title opens."""
    settled: int
    """From this generation on the rates of a generation are those of the next."""

    def at(self, generation: int) -> Ints:
        """Return every member's rate in a generation, in basis points; NO_RATE where there is none."""
        rates = self.table[self.row, min(generation, self.table.shape[1]) - 1]
        return np.where(generation <= self.opens, rates, NO_RATE)

    def first(self) -> Ints:
        """Return the first rate above zero of every member's row; 0 where there is none."""
        above = self.table > 0
        rates = np.where(above.any(axis=1), self.table[np.arange(len(self.table)), above.argmax(axis=1)], 0)
        found: Ints = rates[self.row]
        return found


def rates_of(snapshot: Snapshot, terms: Terms, columns: Columns, *, scheme: int, who: Indexes) -> Rates:
    """Return the rates of an override for some members."""
    rules = [terms.of(market).overrides[scheme] for market in range(len(terms.markets))]
    rows = max(1, *(len(rule.rates_bp) for rule in rules))
    width = 1 + max((len(row) for rule in rules for row in rule.rates_bp), default=0)
    table = np.array([_padded(rule, at, width) for rule in rules for at in range(rows)], dtype=np.int64)
    opens, market = np.full(who.size, ENDLESS, dtype=np.int64), snapshot.market[who]
    settled = width
    if terms.overrides[scheme].depth_by_title:
        generations = by_market(terms, lambda there: [title.generations for title in there.titles])
        opens = generations[market, columns.title[who]]
        settled = max(width, 1 + int(opens.max(initial=0))) if terms.overrides[scheme].last_rate_goes_on else width
    index = np.minimum(index_of(terms.overrides[scheme].by, columns)[who], rows - 1).astype(np.int64)
    return Rates(table, market * np.int64(rows) + index, opens, settled)


def _padded(rule: Override, at: int, width: int) -> Sequence[int]:
    """Return a row at its full width; the last one of a rule goes on for all higher indexes."""
    row = rule.rates_bp[min(at, len(rule.rates_bp) - 1)] if rule.rates_bp else ()
    behind = row[-1] if row and rule.last_rate_goes_on else NO_RATE
    return [*row, *[behind] * (width - len(row))]


def index_of(by: RatesBy, columns: Columns) -> Indexes:
    """Return every member's index among rates by title, step or broken-away legs; 0 where nothing chooses."""
    chosen = {
        RatesBy.TITLE: columns.title,
        RatesBy.STEP: columns.step,
        RatesBy.LEGS_BROKEN_AWAY: columns.legs_broken_away,
    }
    return chosen[by] if by in chosen else np.zeros_like(columns.title)
