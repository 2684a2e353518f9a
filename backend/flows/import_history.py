"""
Import a history: what another system computed and paid, by period and member, all of it or none.
"""

from msgspec import Struct

from backend.files.history import Words, read_history
from backend.forecast.deviation import bonus_names
from backend.kernel.finding import Finding, Place, Refused
from backend.plan.currencies import DECIMALS
from backend.plan.terms import Terms
from backend.store.company import company
from backend.store.former import keep_former
from backend.store.network import Members, members_on


class ImportedHistory(Struct, frozen=True, kw_only=True):
    """What was kept: the periods, rows, and amounts."""

    periods: tuple[str, ...]
    rows: int
    amounts: int


async def import_history(data: bytes, source: str) -> ImportedHistory:
    """
    Read a history by the company's plan and members, and keep its periods in place of what was kept of them.

    Raises Refused with every finding, by line, or where there is no company.
    """
    there = await company()
    if there is None:
        message = "No company was imported here yet."
        raise Refused([Finding(code="company-missing", place=Place(source="database"), message=message, remedy=FIRST)])
    period = there.period_at(there.clock.now())
    history = read_history(data, _words(await members_on(period.last_day), there.terms_of(period)), source)
    await keep_former(history)
    rows = [one for members in history.values() for one in members.values()]
    return ImportedHistory(
        periods=tuple(str(each) for each in sorted(history)),
        rows=len(rows),
        amounts=sum(len(one.amounts_minor) for one in rows),
    )


FIRST = "Import one first: a history names its members."


def _words(members: Members, terms: Terms) -> Words:
    decimals = {market.id: DECIMALS[market.currency] for market in terms.markets}
    first = DECIMALS[terms.markets[0].currency]
    return Words(
        titles=[title.id for title in terms.titles],
        bonuses=bonus_names(terms),
        decimals={
            code: decimals.get(market, first) for code, market in zip(members.codes, members.markets, strict=True)
        },
    )
