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
    **dict.fromkeys(("pv", "cv"), "volume"),
    **dict.fromkeys(("active", "enrolled_active"), "activity"),
    **dict.fromkeys(("gv", "group_cv", "tgv", "total_cv", "side_volume", "side_cv", "volume", "volume_cv"), "standing"),
    **dict.fromkeys(("legs_selling", "legs_broken_away", "mark", "step", "percent", "broken_away"), "standing"),
    **dict.fromkeys(("title", "held_periods", "missed_periods"), "title"),
    **dict.fromkeys(("paid_step", "paid_percent"), "compression"),
    **dict.fromkeys(("personal", "retail"), "personal"),
    "differential": "differential",
    "override": "overrides",
    "production": "productions",
    "level": "levels",
    "pool": "pools",
    **dict.fromkeys(("fast_start", "title_held", "one_time"), "bonuses"),
    "match": "matches",
    "multiplier": "multipliers",
    "total": "total",
    "cut": "limits",
    **dict.fromkeys(("held", "payable", "carried_forward"), "holds"),
}
"""The engine's stage that each number comes from; the template bears its name."""

NAMING = ("member", "members", "from", "leg")
"""What of a trace's words are codes of members."""


@get("/explain/{number:str}", media_type=MediaType.HTML)
async def explain(
    number: FromPath[str], member: Entered, locale: Reader, request: Request[Any, Any, Any]
) -> Response[str]:
    """Show the trace of one number of the member; says so politely while no worker answers."""
    kind = number.partition(":")[0]
    if kind not in STAGES:
        raise NotFoundException(f"no number is called {number}")
    engine: Engine = request.app.state.engine
    page = await read_page(member.member_code)
    terms = await views.plan_terms()
    clauses = await views.plan_clauses()
    names: dict[str, Any] = {"number": kind, "terms": terms, "clauses": clauses} | _known(page, terms)
    layout = "explain/sheet.html" if "hx-request" in request.headers else "explain/page.html"
    try:
        traces = await engine.explain(member.member_code, number)
    except EngineAway:
        return Response(render("explain/away.html", locale, layout=layout, **names), headers={"retry-after": "5"})
    found = of_number(traces, number)
    names["people"] |= await views.names_of(people_in(found) - names["people"].keys())
    return Response(render(f"explain/{STAGES[kind]}.html", locale, layout=layout, traces=found, **names))


def of_number(traces: tuple[Trace, ...], number: str) -> tuple[Trace, ...]:
    """
    Return the traces of a number, wherever in the tree they stand; the uppermost only.

    One of several of a kind goes by the kind and its id: `override:unilevel`.
    """
    kind, _, id_ = number.partition(":")
    found = tuple(trace for trace in traces if trace.name == kind and id_ in ("", trace.about.get("id", "")))
    return found or tuple(deeper for trace in traces for deeper in of_number(trace.parts, number))


def people_in(traces: tuple[Trace, ...]) -> set[str]:
    """Return the codes of all whom some traces name."""
    found = {code for trace in traces for key in NAMING if key in trace.about for code in trace.about[key].split(", ")}
    return found.union(*(people_in(trace.parts) for trace in traces))


def _known(page: MemberPage, terms: Terms) -> dict[str, Any]:
    """Return what the template says in place of codes and ids."""
    return {
        "currency": page.standing.currency,
        "people": {page.code: page.name} | {leg.code: leg.name for leg in page.legs},
        "titles": {title.id: title.name for title in terms.titles},
    }
