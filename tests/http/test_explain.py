"""
Explain: whatever the engine can say of a number has words, as a page and as a sheet.
"""

import httpx
import pytest
from babel import Locale

from backend.engine.explain import explain
from backend.engine.pipeline import run
from backend.http.explain import STAGES, of_number
from backend.http.render import render
from tests.engine.networks import random_case
from tests.http import stage
from tests.http.test_today import words


@pytest.mark.parametrize("seed", range(12))
def test_every_trace_of_the_engine_has_words(seed: int) -> None:
    """On random plans and networks each number of each member opens into a page, in English and in German."""
    snapshot, terms = random_case(seed, size=30)
    outcome = run(snapshot, terms)
    titles = {title.id: title.name for title in terms.titles}
    for member in snapshot.members:
        traces = explain(snapshot, terms, outcome, member)
        for number, name in STAGES.items():
            found = of_number(traces, number)
            assert 1 <= len(found), number
            for locale in (Locale("en"), Locale("de")):
                html = render(
                    f"explain/{name}.html",
                    locale,
                    layout="explain/sheet.html",
                    number=number,
                    traces=found[:1],
                    terms=terms,
                    currency="EUR",
                    people={},
                    titles=titles,
                )
                assert "<article" in html


async def test_a_number_opens_as_a_page(amara: httpx.AsyncClient) -> None:
    """Without scripts a number's link is a page of its own, with a way back, parts and clauses, and names for codes."""
    shown = words((await amara.get("/explain/gv")).text)
    assert "Back to today" in shown
    assert "Leg of Luís Gonçalves 6,088" in shown
    assert "clause 4.2 of the plan What clause 4.2 says." in shown
    assert 1 == shown.count("clause 4.2 of the plan"), "a clause is not cited again below itself"
    assert "These add up to the number above." in shown


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
