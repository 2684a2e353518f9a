"""
Breakaway: what a leg's breakaway would change for the member above it, zeros included, as the worker works it out.

A member sees this of the own frontline legs only; any other code is as if it were nobody's.
"""

from collections.abc import Iterator
from typing import Any

from babel import Locale
from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from backend.flows.ports import Engine, EngineAway
from backend.forecast.preview import Moment, Preview
from backend.http.given import Entered, Reader
from backend.http.member.changes import AGAIN
from backend.http.member.today import read_page
from backend.http.render import render
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import LegRow, MemberPage

WIDTH = 100
"""How long the bar of the highest income is."""


class Point(Struct, frozen=True, kw_only=True):
    """
    A moment of the leg's path as drawn: `kind` is now, zone, day or later, and `at` None in a zone of no width.

    Money is minor units; the bar's two lengths are what comes through the leg and all else, against the highest income.
    """

    kind: str
    months: int = 0
    at: Moment | None = None
    else_minor: int = 0
    more_minor: int = 0
    """Against now; negative where it is less."""
    else_length: int = 0
    leg_length: int = 0


@get("/legs/{code:str}/breakaway", media_type=MediaType.HTML)
async def breakaway(
    code: FromPath[str], member: Entered, locale: Reader, request: Request[Any, Any, Any]
) -> Response[str]:
    """Show the before and after of a frontline leg's breakaway; raises 404 for who is no leg of the member's."""
    engine: Engine = request.app.state.engine
    page, terms = await read_page(member.member_code), await views.plan_terms()
    leg = next((each for each in page.legs if each.code == code), None)
    if leg is None:
        raise NotFoundException("the member has no such leg")
    if leg.standing.broken_away:
        return Response(draw(page, leg, terms, locale, preview=None))
    try:
        preview = await engine.breakaway(member.member_code, code)
    except EngineAway:
        return Response(draw(page, leg, terms, locale, preview=None), headers=AGAIN)
    return Response(draw(page, leg, terms, locale, preview=preview))


def draw(page: MemberPage, leg: LegRow, terms: Terms, locale: Locale, *, preview: Preview | None) -> str:
    """Draw the page; without a preview it says that the leg has broken away, or that none can be had just now."""
    points = tuple(path(preview)) if preview else ()
    return render("member/breakaway.html", locale, page=page, leg=leg, terms=terms, preview=preview, points=points)


def path(preview: Preview) -> Iterator[Point]:
    """Yield the moments of a preview in the order of time; of a leg that cannot break away, the present alone."""
    moments = [("now", 0, preview.now)]
    moments += [("zone", 0, preview.zone.begins)] if preview.zone and preview.zone.begins else []
    moments += [("day", 0, preview.day)] if preview.day else []
    moments += [("later", each.months, each.moment) for each in preview.later]
    highest = max(at.total_minor for _, _, at in moments)
    for kind, months, at in moments:
        yield _point(kind, months, at, now=preview.now, highest=highest)
        if kind == "now" and preview.zone and not preview.zone.begins:
            yield Point(kind="zone")


def _point(kind: str, months: int, at: Moment, *, now: Moment, highest: int) -> Point:
    rest = at.total_minor - at.through_leg_minor
    return Point(
        kind=kind,
        months=months,
        at=at,
        else_minor=rest,
        more_minor=at.total_minor - now.total_minor,
        else_length=_length(rest, highest),
        leg_length=_length(at.through_leg_minor, highest),
    )


def _length(minor: int, highest: int) -> int:
    return max(0, minor) * WIDTH // max(1, highest)
