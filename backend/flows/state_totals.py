"""
State totals: a shop says what it counted on its days, and hears what of it is here.
"""

from datetime import date

from backend.flows.list_totals import ListedTotals, list_totals
from backend.flows.take_message import nobody
from backend.intake.day_totals import read_totals
from backend.kernel.finding import Refused
from backend.store.company import company
from backend.store.control_totals import state


async def state_totals(*, shop: str, raw: bytes) -> list[ListedTotals]:
    """
    Keep what a shop counted, the last statement of each day, and return these days as they stand.

    Raises Refused where the message cannot be read, with every mistake in it, or no company is there.
    """
    counted = read_totals(raw)
    row = await company()
    if row is None:
        raise Refused([nobody()])
    await state(shop, counted, row.clock.now())
    days = {each.day.isoformat() for each in counted}
    listed = await list_totals(first=date.fromisoformat(min(days)), last=date.fromisoformat(max(days)), source=shop)
    return [each for each in listed if each.day in days]
