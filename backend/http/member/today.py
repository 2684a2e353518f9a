"""
Today: the member's first screen. What keeps the title, where on the stairs, what comes next, what is earned, the legs.

Its order is the order of a person's questions: am I safe, where do I stand, what is missing, what does it pay, who
needs me.
"""

from typing import Any
from urllib.parse import quote

from babel import Locale
from litestar import MediaType, Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Stream

from backend.forecast.standing import Earning, Health, Standing
from backend.http.given import Entered, Reader
from backend.http.region import Region
from backend.http.render import render
from backend.http.stairs import stairs
from backend.http.stream import stream
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import LegRow, MemberPage

ATTENTION = (Health.AT_RISK, Health.STALLING, Health.CLIMBING, Health.STEADY, Health.BROKEN_AWAY)
"""Who needs a person first."""

ALWAYS_SHOWN = ("differential", "override")
"""Bonuses that stand on the page even while they are nothing."""


@get("/today", media_type=MediaType.HTML)
async def today(member: Entered, locale: Reader) -> str:
    """Show the member's page as of the last revision."""
    page = await read_page(member.member_code)
    return draw(page, await views.plan_terms(), locale)


@get("/today/stream", opt={"no_compress": True})
async def today_stream(member: Entered, locale: Reader, request: Request[Any, Any, Any]) -> Stream:
    """Stream what changes on the member's page, beginning with all of it unless the phone holds this revision."""
    terms = await views.plan_terms()

    async def drawn() -> tuple[int, tuple[Region, ...]]:
        """Draw the regions of the last revision."""
        page = await read_page(member.member_code)
        return page.revision, regions(page, terms, locale)

    return stream(request, member.member_code, drawn)


async def read_page(code: str) -> MemberPage:
    """Read the page of a member; one without numbers yet is not found."""
    page = await views.member_page(code)
    if page is None:
        raise NotFoundException("no numbers are kept for this member yet")
    return page


def draw(page: MemberPage, terms: Terms, locale: Locale) -> str:
    """Draw the whole page."""
    return render("member/today.html", locale, page=page, regions=regions(page, terms, locale)[1:])


def regions(page: MemberPage, terms: Terms, locale: Locale) -> tuple[Region, ...]:
    """Draw each part that changes on its own; the first one says of when the numbers are."""
    standing = page.standing
    names = {
        "page": page,
        "terms": terms,
        "standing": standing,
        "drawing": stairs(terms, standing),
        "earnings": shown_earnings(standing),
        "past_periods": past_periods(standing),
    }
    parts = {"asof": "_asof.html"} | {
        part: f"member/_{part}.html" for part in ("keeping", "stairs", "next", "earnings")
    }
    drawn = (Region(target=part, html=render(template, locale, **names)) for part, template in parts.items())
    return (*drawn, legs_region(page.legs, terms, locale))


def legs_region(legs: tuple[LegRow, ...], terms: Terms, locale: Locale) -> Region:
    """Draw the legs, those who need attention first."""
    rows = tuple(_leg_row(leg, terms, locale) for leg in sorted(legs, key=attention))
    html = render("member/_legs.html", locale, rows=rows)
    return Region(target="legs", html=html, rows=rows)


def attention(leg: LegRow) -> tuple[int, int, str]:
    """Order legs: by health, then the larger group first."""
    return ATTENTION.index(leg.standing.health), -leg.standing.gv_points, leg.code


def shown_earnings(standing: Standing) -> list[Earning]:
    """Return the bonuses that the page shows: differential and override always, the others once they are something."""
    return [one for one in standing.earnings if one.bonus in ALWAYS_SHOWN or one.to_date_minor or _may_come(one)]


def past_periods(standing: Standing) -> int:
    """Return on how many past periods the ranges rest; 0 where there is none."""
    ranges = [one.projected for one in standing.earnings if one.projected]
    return max((one.past_periods for one in ranges), default=0) or (
        standing.projected_gv.past_periods if standing.projected_gv else 0
    )


def _may_come(earning: Earning) -> bool:
    """Tell whether a bonus may still come to something."""
    return earning.projected is not None and earning.projected.high > 0


def _leg_row(leg: LegRow, terms: Terms, locale: Locale) -> Region:
    """Draw one leg as a row."""
    target = "leg-" + quote(leg.code, safe="")
    html = render("member/_leg.html", locale, leg=leg, terms=terms, target=target)
    return Region(target=target, html=html, is_row=True)
