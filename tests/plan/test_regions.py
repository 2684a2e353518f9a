"""
Values of a market's own: one more key on a value, the same shape, and terms that differ in numbers alone.
"""

from datetime import date
from pathlib import Path

import pytest

from backend.plan.document import digest
from backend.plan.reading import findings_of, read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.plan.carets import spot_of, without

SOUND = (Path(__file__).parent / "sound.toml").read_text()
PERCENT = 'percent = { 2026-01-01 = "5 %", 2026-07-01 = "6 %" }'
KEEP = (
    'keep = { 2026-01-01 = { all_of = [{ measure = "gv", at_least = 1600 }, { measure = "tgv", at_least = 2000 }] } }'
)
OVERRIDE = 'rates = { 2026-01-01 = ["5 %", "4 %"] }'


def regional(find: str, put: str) -> str:
    """Return the sound plan with one value written otherwise."""
    assert SOUND.count(find) == 1, find
    return SOUND.replace(find, put)


def on(text: str, day: date) -> Terms:
    """Return the terms of a plan file on a day."""
    return terms_on(read_plan(text, "plan.toml"), day)


def test_a_market_has_its_own_percent_from_its_day_on() -> None:
    """A market follows the general value until its own begins, and keeps its own when the general one changes."""
    put = 'percent = { 2026-01-01 = "5 %", "2026-04-01 JP" = "5.5 %", 2026-07-01 = "6 %", "2026-09-01 JP" = "7 %" }'
    text = regional(PERCENT, put)
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 8, 31), date(2026, 9, 1))
    assert [500, 500, 600, 600] == [on(text, day).of(0).steps[1].percent_bp for day in days]
    assert [500, 550, 550, 700] == [on(text, day).of(1).steps[1].percent_bp for day in days]


def test_only_markets_that_differ_stand_elsewhere() -> None:
    """A plan without a market's own values has the same terms everywhere; with one, only that market's differ."""
    day = date(2026, 4, 1)
    assert {} == on(SOUND, day).elsewhere
    terms = on(regional(PERCENT, 'percent = { 2026-01-01 = "5 %", "2026-01-01 JP" = "6 %" }'), day)
    assert [1] == list(terms.elsewhere)
    assert {} == terms.of(1).elsewhere
    assert terms.titles == terms.of(1).titles


def test_a_threshold_a_rate_a_bonus_and_a_limit_may_differ() -> None:
    """Points in a gate, rates by generation, an amount of money and "none" stand as a market's own."""
    regional_keep = (
        KEEP.removesuffix(" }") + ', "2026-03-01 JP" = ' + KEEP.partition("01-01 = ")[2].replace("1600", "999")
    )
    text = (
        regional(KEEP, regional_keep)
        .replace(OVERRIDE, 'rates = { 2026-01-01 = ["5 %", "4 %"], "2026-03-01 JP" = ["4 %", "3 %"] }')
        .replace(
            'held_bonus = { 2026-01-01 = "200 USD"', 'held_bonus = { 2026-01-01 = "200 USD", "2026-03-01 JP" = "90 USD"'
        )
        .replace("{ 2026-01-01 = 300,", '{ 2026-01-01 = 300, "2026-03-01 JP" = "none",')
    )
    terms = on(text, date(2026, 3, 1))
    there = terms.of(1)
    assert (160_000, 99_900) == tuple(each.titles[1].keep.any_of[0][0].at_least for each in (terms, there))
    assert (((500, 400),), ((400, 300),)) == (terms.overrides[0].rates_bp, there.overrides[0].rates_bp)
    assert (20_000, 9_000) == (terms.titles[1].held_bonus_minor, there.titles[1].held_bonus_minor)
    assert (30_000, 0) == (terms.own_pv_limit, there.own_pv_limit)


def test_a_regional_value_is_part_of_the_plan() -> None:
    """A market's own value changes the plan's digest."""
    text = regional(PERCENT, PERCENT.replace(" }", ', "2026-07-01 JP" = "7 %" }'))
    assert digest(read_plan(SOUND, "plan.toml")) != digest(read_plan(text, "plan.toml"))


@pytest.mark.parametrize(
    ("find", "put", "code"),
    [
        (PERCENT, PERCENT.replace(" }", ', ‸"2026-07-01 XX" = "7 %" }'), "market-unknown"),
        (PERCENT, PERCENT.replace(" }", ', ‸"2026-07-01 J P" = "7 %" }'), "id-malformed"),
        (PERCENT, PERCENT.replace(" }", ', ‸"2026-07-32 JP" = "7 %" }'), "day-malformed"),
        (PERCENT, PERCENT.replace(" }", ', "2026-07-01 JP" = "7 %", ‸"2026-05-01 JP" = "6 %" }'), "days-order"),
        (OVERRIDE, OVERRIDE.replace(" }", ', "2026-07-01 JP" = ‸["4 %", "3 %", "1 %"] }'), "region-shape"),
        (
            KEEP,
            KEEP.removesuffix("}") + ', "2026-07-01 JP" = ‸{ all_of = [{ measure = "gv", at_least = 1 }] } }',
            "region-shape",
        ),
        (
            'kept_with_title = { 2026-01-01 = "leader" }',
            'kept_with_title = { 2026-01-01 = "leader", "2026-07-01 JP" = ‸"captain" }',
            "region-shape",
        ),
        (
            'mode = { 2026-01-01 = "half up" }',
            'mode = { 2026-01-01 = "half up", "2026-07-01 JP" = ‸"truncate" }',
            "region-shape",
        ),
        (
            'requires = { 2026-01-01 = { all_of = [{ measure = "pv", at_least = 50 }] } }',
            'requires = { 2026-01-01 = "none", "2026-07-01 JP" = ‸{ all_of = [{ measure = "pv", at_least = 50 }] } }',
            "region-shape",
        ),
        (
            'share = { 2026-01-01 = "2 %" }',
            'share = { 2026-01-01 = "2 %", ‸"2026-07-01 JP" = "3 %" }',
            "region-misplaced",
        ),
        (
            "return_days = { 2026-01-01 = 30 }",
            'return_days = { 2026-01-01 = 30, ‸"2026-07-01 JP" = 9 }',
            "region-misplaced",
        ),
        ("pool_points = { 2026-01-01 = 1 }", 'pool_points = { ‸"2026-01-01 JP" = 2, 2026-02-01 = 1 }', "region-alone"),
    ],
)
def test_what_a_market_cannot_have_is_found_at_its_place(find: str, put: str, code: str) -> None:
    """An unknown market, another shape, a value that is one for all: each is one finding at the market's entry."""
    text = regional(find, put)
    found = [(each.code, (each.place.line, each.place.column)) for each in findings_of(without(text), "plan.toml")]
    assert [(code, spot_of(text))] == found


def test_sense_is_checked_in_every_market() -> None:
    """A ladder that ascends in general and not in one market is found, at the step above the market's own percent."""
    text = regional(PERCENT, PERCENT.replace(" }", ', "2026-07-01 JP" = "13 %" }'))
    assert ["ladder-percent"] == [each.code for each in findings_of(text, "plan.toml")]
