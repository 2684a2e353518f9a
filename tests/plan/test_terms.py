"""
Terms: what a plan says on one day, and that a day's terms depend on nothing but that day.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from backend.kernel.finding import Refused
from backend.kernel.points import Rounding
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Condition, Measure, Requirement

SOUND = (Path(__file__).parent / "sound.toml").read_text()
PLAN = read_plan(SOUND, "sound.toml")
DAY = date(2026, 10, 31)


def test_a_rate_changes_on_its_day() -> None:
    """The day before a change has the old rate, the day itself the new one, and nothing else differs."""
    before, after = terms_on(PLAN, date(2026, 6, 30)), terms_on(PLAN, date(2026, 7, 1))
    assert [500, 600] == [terms.steps[1].percent_bp for terms in (before, after)]
    assert before.steps[2:] == after.steps[2:]
    assert before.titles == after.titles


def test_a_limit_that_ends_is_no_limit() -> None:
    """A value that ends with "none" is nothing from that day on."""
    assert [30_000, 0] == [terms_on(PLAN, day).own_pv_limit for day in (date(2026, 12, 31), date(2027, 1, 1))]


def test_a_market_is_there_from_the_day_it_begins() -> None:
    """A market joins the terms on its first day, after the one that all others follow."""
    days = (date(2026, 2, 28), date(2026, 3, 1))
    assert [["US"], ["US", "JP"]] == [[market.id for market in terms_on(PLAN, day).markets] for day in days]


def test_a_step_that_ends_moves_those_above_it_down() -> None:
    """Indices are those of the day: from the day a step ends, what referred to a higher step follows it."""
    text = SOUND.replace('name = "First"', 'name = "First"\nends = 2026-09-01')
    plan = read_plan(text, "plan.toml")
    at_least = [
        terms_on(plan, day).breakaway.requirement.any_of[0][0].at_least for day in (date(2026, 8, 31), date(2026, 9, 1))
    ]
    assert [3, 2] == at_least


def test_whole_numbers_come_out_of_words() -> None:
    """Volumes are hundredths of a point, rates basis points, money minor units of its currency."""
    terms = terms_on(PLAN, DAY)
    assert [0, 600, 1250, 2000] == [step.percent_bp for step in terms.steps]
    assert 80_050 == terms.steps[2].requirement.any_of[0][0].at_least
    assert ((500, 400),) == terms.overrides[0].rates_bp
    assert (20_000, 25_050) == (terms.titles[1].held_bonus_minor, terms.titles[1].fast_start_minor)
    assert [("USD", 100), ("JPY", 150)] == [(market.currency, market.minor_per_point) for market in terms.markets]
    assert (Rounding.HALF_UP, 1) == (terms.rounding, terms.breakaway.title)


def test_a_requirement_keeps_its_ways() -> None:
    """An OR of ANDs stays one: legs with a volume and legs with a step say what a leg must have."""
    legs = Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=3, of=25_000, clause="3")
    led = Condition(measure=Measure.LEGS_WITH_STEP, at_least=2, of=2, clause="3")
    gv = [Condition(measure=Measure.GV, at_least=least, clause="3") for least in (250_000, 400_000)]
    expected = Requirement(any_of=((gv[0], legs), (gv[1], led)), clause="3")
    assert expected == terms_on(PLAN, DAY).steps[3].requirement


def test_the_nearest_clause_is_the_one_that_is_named() -> None:
    """A condition follows its own clause, else that of its requirement, else that of its table."""
    captain = terms_on(PLAN, DAY).titles[2]
    assert ("6", "5", "5") == (captain.keep.any_of[0][0].clause, captain.keep.clause, captain.clause)


def test_a_fact_holds_or_does_not() -> None:
    """Training is asked for as at least one, which is yes."""
    training = terms_on(PLAN, DAY).pools[0].gate.any_of[0][1]
    assert (Measure.TRAINING, 1) == (training.measure, training.at_least)


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 12, 1)])
def test_a_plan_says_nothing_outside_its_days(day: date) -> None:
    """The day before a plan begins and the day it ends are refused, with the days between which it holds."""
    plan = read_plan(SOUND.replace("begins = 2026-01-01", "begins = 2026-01-01\nends = 2027-12-01"), "plan.toml")
    with pytest.raises(Refused) as refused:
        terms_on(plan, day)
    assert ["plan-not-held"] == [finding.code for finding in refused.value.findings]
    assert "2026-01-01" in str(refused.value)
    assert DAY.isoformat() == terms_on(plan, DAY).on


def test_what_a_plan_leaves_out_pays_nothing() -> None:
    """A plan without pool, fast start, title bonus and limit has terms in which each of them is nothing."""
    start, end = SOUND.index("[[pools]]"), SOUND.index("[[markets]]")
    text = SOUND[:start] + SOUND[end:].replace('clause = "8"', 'clause = "7"', 1)
    for line in ("pool_points", "held_bonus", "fast_start"):
        begin = text.index(f"\n{line} = ")
        text = text[:begin] + text[text.index("\n", begin + 1) :]
    terms = terms_on(read_plan(text, "plan.toml"), DAY)
    assert ((), 0, 0) == (terms.pools, terms.fast_start.within_days, terms.title_held.successive_periods)
    assert not any(title.held_bonus_minor or title.fast_start_minor or title.pool_points for title in terms.titles)


def test_a_days_terms_do_not_depend_on_what_comes_later() -> None:
    """An entry added for a later day leaves every earlier day's terms as they were."""
    later = read_plan(SOUND.replace('"12.5 %"', '"12.5 %", 2028-01-01 = "13 %"'), "plan.toml")
    day = date(2026, 1, 1)
    while day < date(2028, 1, 1):
        assert terms_on(PLAN, day) == terms_on(later, day)
        day += timedelta(days=61)
    assert terms_on(PLAN, date(2028, 1, 1)) != terms_on(later, date(2028, 1, 1))
