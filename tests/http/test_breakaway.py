"""
Before and after a leg's breakaway: zeros shown as zeros, each reason in words, and no leg that is not one's own.
"""

import re

import httpx
import pytest
from babel import Locale

from backend.forecast.breakaway import preview
from backend.forecast.preview import NeverOvertakes, Overtakes, Preview, Zone
from backend.http.member.breakaway import draw, path
from tests.engine.explained import members
from tests.http import cast, foreseen, stage
from tests.http.test_today import words

ENGLISH, GERMAN = Locale("en"), Locale("de")
REASONS = ("nothing_lost", "no_breakaway", "inactive", "title", "gate", "no_rate", "beyond")
ASSUMED = ("training_done", "broke_away_before", "title_carried", "leg_without_volume")
MEI = next(leg for leg in cast.legs() if leg.code == "MEI")


def page(found: Preview | None, locale: Locale = ENGLISH) -> str:
    """Return what Amara reads of Mei-Ling's leg."""
    return words(draw(cast.member_page(), MEI, cast.terms(), locale, preview=found))


async def test_the_page_opens_from_the_legs_of_the_own_page(amara: httpx.AsyncClient) -> None:
    """Each leg that has not broken away leads to its before and after; one that has does not."""
    html = (await amara.get("/today")).text
    assert {"BJRN", "OLEK", "FATI", "LUIS", "MEI"} == set(re.findall(r'href="/legs/(\w+)/breakaway"', html))
    assert "Breakaway of Mei-Ling Zhao" in words((await amara.get("/legs/MEI/breakaway")).text)


def test_the_moments_stand_in_the_order_of_time() -> None:
    """Now, the zone, the day, one quarter and three quarters later, each with its income against now."""
    shown = page(foreseen.preview())
    said = [
        "This month so far $1,320.76 The leg has 1,419 GV on 8%, in your group. You are paid 16%, as Supervisor.",
        "In the zone of equal percents $1,207.24 3,000 GV wide, from 12,000 to 15,000",
        "On the day of the breakaway $1,907.24 The leg has 15,000 GV on 25%, as a group of its own.",
        "A quarter later $1,907.24",
        "3 quarters later $301.24",
    ]
    places = [shown.index(each) for each in said]
    assert sorted(places) == places
    assert ["-$113.52", "+$586.48", "+$586.48", "-$1,019.52"] == re.findall(r"Against now (\S+)", shown)


def test_a_zero_is_shown_as_a_zero() -> None:
    """Nothing on a leg is an amount like any other, and so is a zone of no width."""
    shown = page(foreseen.preview())
    assert "Differential, this leg $0.00 Override, this leg $750.00" in shown
    none = Zone(from_points=1500000, to_points=1500000, begins=None)
    assert "In the zone of equal percents 0 GV wide: at 15,000 GV the leg breaks away" in page(
        foreseen.preview(zone=none)
    )


def test_a_bar_is_no_longer_than_the_highest_income() -> None:
    """The highest month fills the bar but for rounding, and a recovery has no length."""
    points = list(path(foreseen.preview()))
    lengths = [(point.else_length, point.leg_length) for point in points]
    assert [(63, 5), (63, 0), (60, 39), (60, 39), (15, 0)] == lengths
    owed = foreseen.moment(0, total_minor=-500, leg_differential_minor=0)
    assert [(0, 0)] == [
        (point.else_length, point.leg_length)
        for point in path(foreseen.preview(now=owed, day=None, zone=None, later=()))
    ]


def test_the_override_overtakes_at_a_volume() -> None:
    """The volume is named, with what the leg brings now and then; from the day on only where that is so."""
    day = "From 15,000 GV of this leg on That is from the day of the breakaway on. This leg brings you now $113.52"
    assert day in page(foreseen.preview())
    later = Overtakes(leg_points=1600000, moment=foreseen.moment(1600000))
    assert "From 16,000 GV of this leg on This leg brings you now" in page(foreseen.preview(overtake=later))


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_why_it_never_does_has_words(reason: str, locale: Locale) -> None:
    """No two reasons read alike, and what is missed stands below."""
    missed = (foreseen.TRAINING,)
    shown = page(foreseen.preview(overtake=NeverOvertakes(reason=reason, missed=missed)), locale)
    others = {page(foreseen.preview(overtake=NeverOvertakes(reason=other)), locale) for other in REASONS}
    assert len(REASONS) == len(others)
    assert ("Training of the step" if locale == ENGLISH else "Schulung der Stufe") in shown


def test_every_reason_and_assumption_is_named_in_its_documents() -> None:
    """The reasons above are those that the preview's document names."""
    assert set(REASONS) == set(re.findall(r"`([a-z]+_?[a-z]*)`", NeverOvertakes.__doc__ or "")) - {"missed"}


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
@pytest.mark.parametrize("assumption", ASSUMED)
def test_every_assumption_has_words(assumption: str, locale: Locale) -> None:
    """What was assumed beside the usual adds a sentence, and what no sale brings stands below it."""
    usual = page(foreseen.preview(), locale)
    assumed = ("others_sell_as_to_date", "months_like_the_day", assumption)
    shown = page(foreseen.preview(assumptions=assumed, unsold=(foreseen.TRAINING,)), locale)
    assert len(usual) < len(shown)


def test_the_own_step_without_the_leg() -> None:
    """Step, title with its upkeep, and both volumes stand beside those of now."""
    shown = page(foreseen.preview())
    assert "12% instead of 16% Supervisor is not kept yet, and in grace Now Without it Title Supervisor" in shown
    assert "Group volume (GV) 6,240.5 4,821.5" in shown


def test_no_amount_is_a_promise() -> None:
    """Projected amounts stand with their assumptions, and say that they are no promise."""
    shown = page(foreseen.preview())
    for said in (
        "Until the day customers of Mei-Ling Zhao buy 13,581 points more.",
        "Nobody else sells more than up to now.",
        "In the months after it everybody brings what they have on the day.",
        "no promise. Costs of selling are not taken off.",
    ):
        assert said in shown


async def test_a_leg_that_broke_away_has_no_before(amara: httpx.AsyncClient) -> None:
    """Its page says so, and leads to the override."""
    html = (await amara.get("/legs/THAN/breakaway")).text
    assert "This leg has broken away" in words(html)
    assert 'href="/explain/override"' in html


@pytest.mark.parametrize("code", ["AMARA", "NOBODY", "DEEP"])
async def test_whoever_is_no_own_leg_is_not_found(amara: httpx.AsyncClient, code: str) -> None:
    """Oneself, a stranger and someone further down are answered alike, and the engine is not even asked."""
    answers = [await amara.get(f"/legs/{each}/breakaway") for each in (code, "NONE-SUCH")]
    assert [404, 404] == [answer.status_code for answer in answers]
    assert answers[0].text == answers[1].text


async def test_an_engine_that_is_away_is_told_calmly(amara: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """While no worker answers the page stands with the age of the numbers, and a stranger's leg is still not found."""
    monkeypatch.setattr(stage.Answers, "away", True)
    answer = await amara.get("/legs/MEI/breakaway")
    assert (200, "5") == (answer.status_code, answer.headers["retry-after"])
    assert "Your numbers stand as of the time above" in words(answer.text)
    assert 404 == (await amara.get("/legs/NOBODY/breakaway")).status_code


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_engine_foresees_has_words(seed: int) -> None:
    """Whatever the plan and the company, the breakaway of each leg is a page, in English and in German."""
    for member in members(seed, 2):
        legs = [leg for leg in range(member.legs.start, member.legs.stop) if not member.outcome.broken_away[leg]]
        for leg in legs[:1]:
            found = preview(member, leg)
            for locale in (ENGLISH, GERMAN):
                shown = draw(cast.member_page(), MEI, member.terms, locale, preview=found)
                assert 'id="alone-block"' in shown
