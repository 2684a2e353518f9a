"""
Explain: whatever the engine can say of a number has words, as a page and as a sheet.
"""

import httpx
import pytest
from babel import Locale
from msgspec.structs import replace

from backend.engine.explain import opened
from backend.engine.explain.reasons import REMOVALS, TOGETHER
from backend.http.explain import STAGES, of_number
from backend.http.render import render
from backend.kernel.trace import Trace
from tests.engine.explained import members
from tests.http import stage
from tests.http.test_today import words


@pytest.mark.parametrize("seed", range(28))
def test_every_trace_of_the_engine_has_words(seed: int) -> None:
    """Whatever the plan and the company, each number of a member opens into a page, in English and in German."""
    for member in members(seed, 3):
        titles = {title.id: title.name for title in member.plan.titles}
        for trace in opened(member):
            for locale in (Locale("en"), Locale("de")):
                html = render(
                    f"explain/{STAGES[trace.name]}.html",
                    locale,
                    layout="explain/sheet.html",
                    number=trace.name,
                    traces=(trace,),
                    terms=member.terms,
                    clauses=Anything(),
                    currency="EUR",
                    people={},
                    titles=titles,
                )
                assert "<article" in html


class Anything(dict[str, str]):
    """Clauses in words, whatever they are numbered."""

    def __missing__(self, number: str) -> str:
        """Return the words of a clause."""
        return f"What clause {number} says."


@pytest.mark.parametrize("code", [*REMOVALS, TOGETHER])
def test_every_reason_has_words(code: str) -> None:
    """Each reason that the engine may give reads as a sentence, in English and in German."""
    filled = dict.fromkeys(("leg", "title", "measures", "state"), "pv") | dict.fromkeys(("points", "days", "held"), "7")
    inner = Trace(name="not_higher", value=0, unit="minor", about={"reason": "inactive"})
    reason = Trace(name="not_higher", value=0, unit="minor", about={"reason": code, "periods": "3", **filled})
    whole = Trace(name="pv", value=0, unit="points", parts=(replace(reason, parts=(inner,)),))
    for locale in (Locale("en"), Locale("de")):
        page = {"number": "pv", "traces": (whole,), "terms": None, "currency": "EUR", "people": {}, "titles": {}}
        html = render("explain/volume.html", locale, layout="explain/sheet.html", clauses={}, **page)
        assert "trace-why" in html


def test_one_of_several_is_found_by_its_id() -> None:
    """A kind's name finds all of the kind; with an id, that one inside of it."""
    inner = Trace(name="override", value=5, unit="minor", about={"id": "deep"})
    traces = (Trace(name="override", value=5, unit="minor", parts=(inner,), adds_up=True),)
    assert (traces, (inner,), ()) == tuple(
        of_number(traces, number) for number in ("override", "override:deep", "override:wide")
    )


async def test_a_number_opens_as_a_page(amara: httpx.AsyncClient) -> None:
    """Without scripts a number's link is a page of its own, with a way back, parts and clauses, and names for codes."""
    shown = words((await amara.get("/explain/gv")).text)
    assert "Back to today" in shown
    assert "Leg of Luís Gonçalves 6,088" in shown
    assert "clause 4.2 of the plan What clause 4.2 says." in shown
    assert 1 == shown.count("clause 4.2 of the plan"), "a clause is not cited again below itself"
    assert "Together 6,240.5" in shown, "the parts end in their sum"


async def test_a_number_opens_as_a_sheet(amara: httpx.AsyncClient) -> None:
    """Where htmx asks, the same comes without the page around it."""
    html = (await amara.get("/explain/gv", headers={"hx-request": "true"})).text
    assert html.lstrip().startswith("<article")
    assert "<html" not in html


async def test_an_engine_that_is_away_is_told_politely(
    amara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While no worker answers, the page says that the number stands, and when to ask again."""
    monkeypatch.setattr(stage.Answers, "away", True)
    answer = await amara.get("/explain/gv")
    assert (200, "5") == (answer.status_code, answer.headers["retry-after"])
    assert "is away just now" in answer.text


async def test_a_number_that_is_none_is_not_found(amara: httpx.AsyncClient) -> None:
    """Only numbers of the page can be explained."""
    assert 404 == (await amara.get("/explain/luck")).status_code
