"""
What would change it: each way as sales to customers, the cheapest first, and calm words while nobody can answer.
"""

import re

import httpx
import msgspec
import pytest
from babel import Locale

from backend.forecast.change import Change, Changes
from backend.forecast.changes import changes_of
from backend.http.member.changes import draw
from tests.engine.explained import members
from tests.http import cast, foreseen, stage
from tests.http.test_today import words

ENGLISH, GERMAN = Locale("en"), Locale("de")
URGED = re.compile(r"\b(recruit|buy now|invite|werben Sie|kaufen Sie|hurry)\b", re.IGNORECASE)


def page(found: Changes | None, locale: Locale = ENGLISH) -> str:
    """Return what Amara reads."""
    return words(draw(cast.member_page(), cast.terms(), locale, found=found))


def keeping(state: Change | None) -> str:
    """Return what Amara reads of keeping her title."""
    return page(foreseen.changes(keeping=state)).partition("The next step")[0]


async def test_the_page_opens_from_the_own_page(amara: httpx.AsyncClient) -> None:
    """The member's page leads to what would change it, and that page leads back and to each leg's before and after."""
    assert 'href="/changes#step-block"' in (await amara.get("/today")).text
    html = (await amara.get("/changes")).text
    assert ["/today", "/legs/MEI/breakaway", "/legs/OLEK/breakaway"] == re.findall(
        r'href="(/today|/legs/\w+/breakaway)"', html
    )
    assert 'id="step-block"' in html


async def test_keeping_comes_before_climbing(amara: httpx.AsyncClient) -> None:
    """What keeps the title stands first, then step, title and legs."""
    html = (await amara.get("/changes")).text
    assert ["keeping", "step", "title", "legs"] == re.findall(r'class="block block-(\w+)"', html)


def test_a_way_is_said_as_sales() -> None:
    """Group volume names own customers and the legs that could sell all of it instead."""
    assert (
        "To 20% 1,759.5 points of group volume, from your own customers "
        "or all of it sold in one of these legs: Luís Gonçalves, Mei-Ling Zhao" in page(foreseen.changes())
    )


def test_a_way_of_many_needs_says_each_and_what_no_sale_brings() -> None:
    """Own customers, legs, enrolled people, one leg's volume, customers, and a training that no sale brings."""
    shown = page(foreseen.changes())
    for said in (
        "To Manager 382.5 points of customers' purchases in all 47.5 points from your own customers",
        "Legs that sell enough 1,000 3 of 4 35 points sold by someone further down in the leg of Ołeksandra",
        "Active people you enrolled 3 of 4 100 points sold by someone you enrolled",
        "200 points sold by Mei-Ling Zhao",
        "2 more customers who buy",
        "And no sale brings this: Training of the step no",
    ):
        assert said in shown


def test_whoever_is_not_in_the_frontline_has_no_name() -> None:
    """People further down, and whoever was enrolled elsewhere, are neither named nor shown by their code."""
    html = draw(cast.member_page(), cast.terms(), ENGLISH, found=foreseen.changes())
    assert not re.search(r"DEEP|FAR\b", html)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "Supervisor stays yours"),
        (Change(member="AMARA", what="keep", index=1, met=True), "Supervisor is kept this month"),
        (
            Change(member="AMARA", what="keep", index=1, met=False, ways=(foreseen.sold_by("AMARA", 4750),)),
            "To keep Supervisor 47.5 points from your own customers",
        ),
        (
            Change(member="AMARA", what="keep", index=1, met=False),
            "To keep Supervisor No sale that can be named leads there.",
        ),
    ],
)
def test_keeping_is_said_in_each_state(state: Change | None, said: str) -> None:
    """A title that stays, one that is kept, one that sales keep, and one that no sale keeps."""
    assert said in keeping(state)


def test_other_ways_stand_behind_the_cheapest() -> None:
    """The first way is open, and the others open at a tap, without a script."""
    step = foreseen.changes().next_step
    assert step is not None
    ways = (foreseen.sold_by("AMARA", 100), foreseen.sold_by("AMARA", 200), foreseen.sold_by("AMARA", 300))
    html = draw(
        cast.member_page(),
        cast.terms(),
        ENGLISH,
        found=foreseen.changes(next_step=msgspec.structs.replace(step, ways=ways)),
    )
    before, _, behind = html.partition("<details")
    assert ("2 other ways", True, True) == (
        re.findall(r"<summary>(.*?)</summary>", behind)[0],
        "<b>1</b> points" in before,
        "<b>3</b> points" in behind,
    )


def test_the_highest_step_and_title_are_said() -> None:
    """Who has no step and no title above reads so, and a member without legs that near their breakaway too."""
    shown = page(foreseen.changes(next_step=None, next_title=None, breakaways=()))
    assert "You stand on the highest step" in shown
    assert "You hold the highest title" in shown
    assert "No leg stands before its breakaway." in shown


async def test_an_engine_that_is_away_is_told_calmly(amara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """While no worker answers the page stands with the age of the numbers, and says when to ask again."""
    monkeypatch.setattr(stage.Answers, "away", True)
    answer = await amara.get("/changes")
    shown = words(answer.text)
    assert (200, "5") == (answer.status_code, answer.headers["retry-after"])
    assert "as of 2:32" in shown
    assert "Your numbers stand as of the time above" in shown


async def test_nobody_reads_it_unless_signed_in(nobody: httpx.AsyncClient) -> None:
    """Who has not signed in has no changes."""
    assert 401 == (await nobody.get("/changes")).status_code


async def test_the_page_is_a_members(operator: httpx.AsyncClient) -> None:
    """An operator has no step of its own to change."""
    assert 403 == (await operator.get("/changes")).status_code


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_engine_foresees_has_words(seed: int) -> None:
    """Whatever the plan and the company, a member's changes are a page, in English and in German, that urges nobody."""
    for member in members(seed, 3):
        found, page = changes_of(member), cast.member_page(standing=cast.standing(title=0))
        for locale in (ENGLISH, GERMAN):
            html = draw(page, member.terms, locale, found=found)
            assert not URGED.search(words(html))
