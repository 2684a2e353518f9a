"""
Explain: why a number is what it is. Every number of the member's page leads here; the worker's engine answers.

The same template is a page of its own and, where htmx asks, the inside of a sheet over the page.
"""

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from backend.flows.ports import Engine, EngineAway
from backend.http.given import Entered, Reader
from backend.http.member.today import read_page
from backend.http.render import render
from backend.kernel.trace import Trace
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import MemberPage

STAGES = {
    "pv": "volume",
    "cv": "volume",
    "active": "activity",
    "gv": "standing",
    "tgv": "standing",
    "side_volume": "standing",
    "step": "standing",
    "paid_step": "standing",
    "broken_away": "standing",
    "title": "title",
    "personal": "personal",
    "differential": "differential",
    "override": "overrides",
    "pool": "pools",
    "fast_start": "bonuses",
    "title_held": "bonuses",
    "total": "total",
}
"""The engine's stage that each number comes from; the template bears its name."""


@get("/explain/{number:str}", media_type=MediaType.HTML)
async def explain(
    number: FromPath[str], member: Entered, locale: Reader, request: Request[Any, Any, Any]
) -> Response[str]:
    """Show the trace of one number of the member; says so politely while no worker answers."""
    if number not in STAGES:
        raise NotFoundException(f"no number is called {number}")
    engine: Engine = request.app.state.engine
    page = await read_page(member.member_code)
    terms = await views.plan_terms()
    clauses = await views.plan_clauses()
    names: dict[str, Any] = {"number": number, "terms": terms, "clauses": clauses} | _known(page, terms)
    layout = "explain/sheet.html" if "hx-request" in request.headers else "explain/page.html"
    try:
        traces = await engine.explain(member.member_code)
    except EngineAway:
        return Response(render("explain/away.html", locale, layout=layout, **names), headers={"retry-after": "5"})
    found = of_number(traces, number)
    return Response(render(f"explain/{STAGES[number]}.html", locale, layout=layout, traces=found, **names))


def of_number(traces: tuple[Trace, ...], number: str) -> tuple[Trace, ...]:
    """Return the traces that bear a number's name, wherever in the tree they stand; the uppermost only."""
    found = tuple(trace for trace in traces if trace.name == number)
    return found or tuple(deeper for trace in traces for deeper in of_number(trace.parts, number))


def _known(page: MemberPage, terms: Terms) -> dict[str, Any]:
    """Return what the template says in place of codes and ids."""
    return {
        "currency": page.standing.currency,
        "people": {page.code: page.name} | {leg.code: leg.name for leg in page.legs},
        "titles": {title.id: title.name for title in terms.titles},
    }
