"""
Changes: what would change a member's step, title and legs, the cheapest way first. The worker's engine works it out.

What keeps the title stands before what lies above it, as on the member's page.
"""

from typing import Any

from babel import Locale
from litestar import MediaType, Request, Response, get

from backend.flows.ports import Engine, EngineAway
from backend.forecast.change import Changes
from backend.http.given import Entered, Reader
from backend.http.member.today import read_page
from backend.http.render import render
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import MemberPage

AGAIN = {"retry-after": "5"}
"""When to ask again for what the worker could not say."""


@get("/changes", media_type=MediaType.HTML)
async def changes(member: Entered, locale: Reader, request: Request[Any, Any, Any]) -> Response[str]:
    """Show what would change the member's step, title and legs; says so politely while no worker answers."""
    engine: Engine = request.app.state.engine
    page, terms = await read_page(member.member_code), await views.plan_terms()
    try:
        found = await engine.changes(member.member_code)
    except EngineAway:
        return Response(draw(page, terms, locale, found=None), headers=AGAIN)
    return Response(draw(page, terms, locale, found=found))


def draw(page: MemberPage, terms: Terms, locale: Locale, *, found: Changes | None) -> str:
    """Draw the page; without an answer it says that there is none just now."""
    names = {"standing": page.standing, "people": {leg.code: leg.name for leg in page.legs}}
    return render("member/changes.html", locale, page=page, terms=terms, changes=found, **names)
