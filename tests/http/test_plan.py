"""
The plan's page: the ladder as stairs, every rule in words with its clause at a tap, for members and operators alike.
"""

import re

import httpx
import msgspec
import pytest
from babel import Locale

from backend.http.plan import Part, Sheet, draw, drawn
from backend.plan.rules import Section, Table, beside_stairs, sections
from backend.plan.terms import Terms
from tests.http import cast
from tests.http.test_today import words
from tests.plan.plans import PLANS

ENGLISH = Locale("en")


def page(step: int = -1, market: int = 0, locale: Locale = ENGLISH) -> str:
    """Draw the plan that ships, for who stands on a step."""
    return draw(cast.plan_page(), locale, market=market, home="/today", step=step)


async def test_a_member_opens_the_plan_from_the_own_page(amara: httpx.AsyncClient) -> None:
    """The member's page leads to the plan, which marks the member's own step and leads back."""
    assert 'href="/plan"' in (await amara.get("/today")).text
    html = (await amara.get("/plan")).text
    assert "16% You stand here GV at least 1,300 and PV at least 80" in words(html)
    assert 'href="/today"' in html


async def test_an_operator_reads_the_same_plan(operator: httpx.AsyncClient) -> None:
    """The company's page leads to the plan too; nobody stands on it, and the way back is the operator's."""
    assert 'href="/plan"' in (await operator.get("/company")).text
    html = (await operator.get("/plan")).text
    assert "You stand here" not in html
    assert 'href="/company"' in html


async def test_a_stranger_does_not_read_the_plan(nobody: httpx.AsyncClient) -> None:
    """The plan belongs to the company: who has not signed in is asked to."""
    assert 401 == (await nobody.get("/plan")).status_code


async def test_a_market_that_the_plan_lacks_is_not_found(amara: httpx.AsyncClient) -> None:
    """A market by a name that the plan does not have is not found; one that it has is drawn."""
    assert [404, 200] == [(await amara.get(f"/plan?market={name}")).status_code for name in ("XX", "EU")]


def test_the_ladder_is_drawn_as_stairs() -> None:
    """The highest step stands first; each lower one reaches further to the left, and the foot to the end."""
    html = page(step=4)
    stones = [int(x) for x in re.findall(r'class="rung-stone" x="(\d+)"', html)]
    assert (7, 0) == (len(stones), stones[-1])
    assert sorted(stones, reverse=True) == stones
    assert ["ahead", "ahead", "here", *["gone"] * 4] == re.findall(r'class="rung" data-state="(\w*)"', html)


def test_every_rule_opens_into_its_clause() -> None:
    """A rule opens into its clause without a script; a clause that was cited just above is not cited again."""
    html = page()
    breaks = html.index("<summary>", html.index('id="breakaway-block"'))
    shown = words("<body>" + html[breaks : html.index("</details>", breaks)])
    assert "clause 4.3 A leg whose leader reaches the Manager step breaks away" in shown
    supervisor = words("<body>" + html[html.index("<strong>Supervisor<") : html.index("<strong>Senior Manager<")])
    assert [1, 2] == [supervisor.count(f"clause {number}") for number in ("5.2", "5.4")]


def test_rates_stand_by_title_and_generation() -> None:
    """Overrides are a table of titles and generations, with nothing where a title does not see."""
    shown = words(page())
    assert "title first second third fourth fifth Manager 5% 4% – – – Senior Manager 5% 4% 3% – –" in shown
    assert "market a point is worth return days pool weight US $1.00 30 1 EU €0.92 14 1" in shown


def test_a_german_reader_reads_german() -> None:
    """Every rule of the plan that ships is said in German with German figures; only the clauses stay as written."""
    html = page(step=4, locale=Locale("de"))
    shown = words(re.sub(r'<p lang="en">.*?</p>', "", html, flags=re.DOTALL))
    assert "GV mindestens 1.300 und PV mindestens 80" in shown
    assert "Eine Linie spaltet sich ab, wenn, wer sie führt, dies hat: die Stufe „25 %“ (manager)" in shown
    assert [] == [word for word in ("least", "the", "leg", "paid", "clause") if re.search(rf"\b{word}\b", shown)]


@pytest.mark.parametrize("path", PLANS, ids=str)
def test_only_what_a_plan_has_is_drawn(path: object) -> None:
    """For every plan of the project, in every market, the page has the plan's sections with every rule and table."""
    plan = cast.plan_page(str(path))
    for market in range(len(plan.terms.markets)):
        terms: Terms = plan.terms.of(market)
        found = drawn(plan, ENGLISH, market=market, home="/today", step=-1)
        said = beside_stairs(sections(terms, plan.rounding_clause))
        assert [(one.id, *_held(one)) for one in said] == [(part.id, *_shown(part)) for part in found.parts]
        assert all(part.lines or part.id == "ladder" for part in found.parts)
        assert len(terms.steps) == len(found.rungs)


def _held(section: Section) -> tuple[int, int]:
    """Return how many tables a section has, and how many rules and clauses of rows."""
    tables = [part for part in section.parts if isinstance(part, Table)]
    return len(tables), len(section.parts) - len(tables) + sum(len(table.clauses) for table in tables)


def _shown(part: Part) -> tuple[int, int]:
    """Return how many tables and how many lines a part of the page has."""
    tables = sum(isinstance(line, Sheet) for line in part.lines)
    return tables, len(part.lines) - tables


def test_a_market_of_its_own_is_one_tap_away() -> None:
    """Where markets have numbers of their own the page leads to each; where all are alike it does not."""
    plan = cast.plan_page()
    assert "/plan?market=" not in page()
    own = msgspec.structs.replace(plan.terms, own_pv_limit=20_000)
    differing = msgspec.structs.replace(plan, terms=msgspec.structs.replace(plan.terms, elsewhere={1: own}))
    html = draw(differing, ENGLISH, market=1, home="/today", step=-1)
    assert '<a class="button" href="/plan?market=EU" aria-current="page">EU</a>' in html
    assert "at most 200 points of own orders count" in words(html)
    general = words(draw(differing, ENGLISH, market=0, home="/today", step=-1))
    assert "Where markets differ In EU, under “Volume and activity”: PV: own orders and those of own" in general


def test_hostile_names_stay_text() -> None:
    """A title that is markup or holds a percent sign is shown as it is written."""
    plan = cast.plan_page()
    hostile = msgspec.structs.replace(plan.terms.titles[1], name="<img src=x>%(asked)s 100%")
    titles = (plan.terms.titles[0], hostile, *plan.terms.titles[2:])
    changed = msgspec.structs.replace(plan, terms=msgspec.structs.replace(plan.terms, titles=titles))
    html = draw(changed, ENGLISH, market=0, home="/today", step=-1)
    assert "<img" not in html
    assert "&lt;img src=x&gt;%(asked)s 100%" in html


def test_no_promise_is_made() -> None:
    """The page says that it tells what is paid on sales and not what anybody will earn."""
    assert "not what anybody will earn" in words(page())
