"""
List totals: what sources counted on their days, set against what is here now.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from backend.intake.day_totals import Balance, Counted, Difference, Here, balance
from backend.kernel.period import ends_of
from backend.kernel.points import points_text
from backend.store.company import company
from backend.store.control_totals import Stated, accepted_between, held_between, stated


class Figures(Struct, frozen=True, kw_only=True):
    """How many orders and returns, and their volumes as plain text."""

    orders: int
    pv: str
    cv: str


class ListedTotals(Struct, frozen=True, kw_only=True):
    """
    A source's day: what it counted, what was accepted here, what is held, and what differs; and when it was stated.

    `missing` are keys that the source names and that are not here as of this day, `unknown` those that it does not
    name; `agrees` where nothing differs.
    """

    source: str
    day: str
    agrees: bool
    counted: Figures
    accepted: Figures
    held: Figures
    difference: Figures
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    stated_at: str


async def list_totals(*, first: date, last: date, source: str | None = None) -> list[ListedTotals]:
    """
    Return each day from first to last that a source, or this one, has stated, by day and source.

    A day is one of the company's zone; nothing is listed before a company was imported.
    """
    row = await company()
    if row is None:
        return []
    return [await _listed(each, row.zone) for each in await stated(source, first, last)]


async def _listed(each: Stated, zone: ZoneInfo) -> ListedTotals:
    start, end = ends_of(each.counted.day, zone)
    accepted = await accepted_between(each.source, start, end)
    held = await held_between(each.source, start, end)
    return _shown(balance(each.source, each.counted, accepted, held), each.stated_at)


def _shown(found: Balance, stated_at: datetime) -> ListedTotals:
    return ListedTotals(
        source=found.source,
        day=found.counted.day.isoformat(),
        agrees=found.agrees,
        counted=_figures(found.counted),
        accepted=_figures(found.accepted),
        held=_figures(found.held),
        difference=_figures(found.difference),
        missing=found.missing,
        unknown=found.unknown,
        stated_at=stated_at.isoformat(timespec="seconds"),
    )


def _figures(found: Counted | Here | Difference) -> Figures:
    return Figures(orders=found.orders, pv=points_text(found.pv_points), cv=points_text(found.cv_points))
