"""
Company: the operator's first screen. The open period's totals, who stands where, what is paid for what, latest orders.
"""

from typing import Any

from babel import Locale
from litestar import MediaType, Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Stream
from msgspec import Struct

from backend.forecast.company import CompanyTotals
from backend.http.given import Entered, Reader
from backend.http.operator.split import split_bars, weights_bp
from backend.http.region import Region
from backend.http.render import render
from backend.http.stream import COMPANY, stream
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import CompanyPage, OrderRow

PARTS = ("totals", "ladder", "payout", "split")
GROUND, FOOT, RISE, WIDTH, GAP = 132, 10, 92, 360, 3
SHORTEST = 30
"""A step on which nobody stands is still so long."""


class Landing(Struct, frozen=True, kw_only=True):
    """A step of the company's stairs: where it is drawn, and how many stand on it."""

    percent_bp: int
    members: int
    x: int
    middle: int
    width: int
    top: int
    height: int


@get("/company", media_type=MediaType.HTML)
async def company(operator: Entered, locale: Reader) -> str:
    """Show the company as of the last revision."""
    assert operator.operator
    return draw(await read_page(), await views.plan_terms(), locale)


@get("/company/stream", opt={"no_compress": True})
async def company_stream(operator: Entered, locale: Reader, request: Request[Any, Any, Any]) -> Stream:
    """Stream what changes on the company's page."""
    assert operator.operator
    terms = await views.plan_terms()

    async def drawn() -> tuple[int, tuple[Region, ...]]:
        """Draw the regions of the last revision."""
        page = await read_page()
        return page.revision, regions(page, terms, locale)

    return stream(request, COMPANY, drawn)


async def read_page() -> CompanyPage:
    """Read the company's page; before the first numbers there is none."""
    page = await views.company_page()
    if page is None:
        raise NotFoundException("no numbers are kept for this company yet")
    return page


def draw(page: CompanyPage, terms: Terms, locale: Locale) -> str:
    """Draw the whole page."""
    return render("operator/company.html", locale, page=page, regions=regions(page, terms, locale)[1:])


def regions(page: CompanyPage, terms: Terms, locale: Locale) -> tuple[Region, ...]:
    """Draw each part that changes on its own; the first one says of when the numbers are."""
    names = {
        "page": page,
        "terms": terms,
        "landings": ladder(page.totals, terms),
        "ceiling_bp": ceiling_bp(terms),
        "ways": split_bars(page.totals, terms),
        "weights": weights_bp(page.totals),
    }
    parts = {"asof": "_asof.html"} | {part: f"operator/_{part}.html" for part in PARTS}
    drawn = (Region(target=part, html=render(template, locale, **names)) for part, template in parts.items())
    return (*drawn, orders_region(page, locale))


def ladder(totals: CompanyTotals, terms: Terms) -> tuple[Landing, ...]:
    """Draw the company's stairs: a step is as high as its percent, as long as many stand on it, and never too short."""
    members = totals.steps
    spare, everybody = WIDTH - SHORTEST * len(members), sum(members) or 1
    landings: list[Landing] = []
    for index, number in enumerate(members):
        start = landings[-1].x + landings[-1].width if landings else 0
        length = SHORTEST + spare * number // everybody
        landings.append(_landing(terms, index, number, range(start, start + length)))
    return tuple(landings)


def ceiling_bp(terms: Terms) -> int:
    """Return what personal and differential together never exceed: the highest percent of the ladder."""
    return max(step.percent_bp for step in terms.steps)


def orders_region(page: CompanyPage, locale: Locale) -> Region:
    """Draw the latest orders."""
    rows = tuple(_order_row(page, order, locale) for order in page.orders)
    return Region(target="orders", html=render("operator/_orders.html", locale, rows=rows), rows=rows)


def _order_row(page: CompanyPage, order: OrderRow, locale: Locale) -> Region:
    target = f"order-{order.key.encode().hex()}"
    html = render("operator/_order.html", locale, order=order, page=page, target=target)
    return Region(target=target, html=html, is_row=True)


def _landing(terms: Terms, index: int, members: int, along: range) -> Landing:
    percent_bp = terms.steps[index].percent_bp
    height = FOOT + RISE * percent_bp // (ceiling_bp(terms) or 1)
    return Landing(
        percent_bp=percent_bp,
        members=members,
        x=along.start,
        middle=(along.start + along.stop - GAP) // 2,
        width=len(along),
        top=GROUND - height,
        height=height,
    )
