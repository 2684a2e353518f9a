"""
Rows of what a close writes: each line, adjustment and difference as the tables take them, some hundreds at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from backend.engine.amounts.payout import scheme_name
from backend.engine.outcome import Bonus, Entry, Lines, Outcome, State
from backend.engine.periods.adjustments import Adjustment
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms

IN_A_TURN = 500
"""So many rows take a few milliseconds."""

LINE = (
    "period_id",
    "member_id",
    "bonus",
    "leg",
    "source",
    "generation",
    "product",
    "entry",
    "state",
    "base_cv",
    "rate_bp",
    "less_bp",
    "part",
    "whole",
    "currency",
    "amount_minor",
)
ADJUSTMENT = (
    "period_id",
    "of_period",
    "member_id",
    "bonus",
    "leg",
    "source",
    "generation",
    "product",
    "currency",
    "posted_minor",
    "due_minor",
)
DIFFERENCE = ("period_id", "member_id", "document")


def lines_of(snapshot: Snapshot, terms: Terms, outcome: Outcome, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    """Yield the earning lines of a period as `LINE` names them; `ids` are the members' rows by code."""
    lines, members = outcome.lines, (*snapshot.members, "")
    products = (*terms.products, "")
    markets = snapshot.market.tolist()
    for row in zip(*(getattr(lines, name).tolist() for name in Lines.__struct_fields__), strict=True):
        line = dict(zip(Lines.__struct_fields__, row, strict=True))
        cut = line["entry"] == Entry.CUT
        yield (
            outcome.period,
            ids[members[line["earner"]]],
            scheme_name(terms, Bonus(line["bonus"]), line["scheme"], cut=cut),
            members[line["leg"]],
            members[line["source"]],
            line["generation"],
            products[line["product"]],
            Entry(line["entry"]).name.lower(),
            State(line["state"]).name.lower(),
            *(line[name] for name in ("base_cv", "rate_bp", "less_bp", "part", "whole")),
            terms.markets[markets[line["earner"]]].currency,
            line["amount_minor"],
        )


def adjustment_row(books: str, each: Adjustment, ids: dict[str, int]) -> tuple[Any, ...]:
    """Return an adjustment in the books of a period as `ADJUSTMENT` names it."""
    of = each.of
    what = (of.bonus, of.leg, of.source, of.generation, of.product, of.currency)
    return (books, each.period, ids[of.earner], *what, each.posted_minor, each.due_minor)


async def in_turns(rows: Iterable[tuple[Any, ...]]) -> AsyncIterator[tuple[Any, ...]]:
    """Yield rows, and let others of the process come to their turn after some hundreds of them."""
    for at, row in enumerate(rows):
        if at % IN_A_TURN == 0:
            await asyncio.sleep(0)
        yield row
