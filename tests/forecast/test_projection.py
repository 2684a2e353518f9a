"""Possible period ends, and the ranges that the engine makes of them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.outcome import Bonus, Upkeep
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried
from backend.forecast.projection import Projection, Spread, minor_by_bonus, project
from backend.forecast.standing import Range
from tests.forecast.companies import (
    EIGHT,
    FIVE,
    FOOT,
    MANAGER_TITLE,
    SUPERVISOR,
    Person,
    company,
    default_terms,
    manager_team,
    peoples,
    rest,
)

ALONE = company(Person("A", own=100))


def spreads(projection: Projection) -> list[Spread]:
    """Return every spread of a projection."""
    return [projection.gv, projection.step, *projection.earnings_minor]


def projected(*points: int) -> Projection:
    """Project one member with 100 points to date from past rests of so many points."""
    projection = project(ALONE, default_terms(), [rest(ALONE, {"A": each}) for each in points])
    assert projection is not None
    return projection


def test_two_past_periods_give_no_projection() -> None:
    """On fewer than three past periods there is no range, only plain pacing."""
    assert project(ALONE, default_terms(), [rest(ALONE, {"A": 10})] * 2) is None


def test_three_past_periods_give_a_range() -> None:
    """Volume and step are the lowest, the middle and the highest that the rests bring to."""
    projection = projected(350, 50, 100)
    expected = Range(low=15_000, middle=20_000, high=45_000, past_periods=3)
    assert expected == projection.range_of(projection.gv, 0)
    assert Range(low=FOOT, middle=FIVE, high=EIGHT, past_periods=3) == projection.range_of(projection.step, 0)


def test_earnings_are_those_of_the_ends() -> None:
    """At 450 points the eighth percent on all of it: 36 dollars; at 150 points nothing."""
    projection = projected(350, 50, 100)
    expected = Range(low=0, middle=1_000, high=3_600, past_periods=3)
    assert expected == projection.range_of(projection.earnings_minor[Bonus.PERSONAL], 0)


def test_the_middle_of_an_even_count_is_the_lower() -> None:
    """Of four ends the second lowest is the middle, so that nobody is promised the better one."""
    projection = projected(10, 20, 30, 40)
    assert Range(low=11_000, middle=12_000, high=14_000, past_periods=4) == projection.range_of(projection.gv, 0)


def test_only_the_last_six_periods_count() -> None:
    """The oldest of seven rests is left out."""
    projection = projected(9_000, 1, 2, 3, 4, 5, 6)
    assert Range(low=10_100, middle=10_300, high=10_600, past_periods=6) == projection.range_of(projection.gv, 0)


def test_a_newcomer_has_no_range_and_the_sponsor_has() -> None:
    """Who was there in two of the past periods has no range; the upline's rests on all of them."""
    snapshot = company(Person("A", own=100), Person("B", "A", own=50, days=70))
    rests = [rest(snapshot, {"A": 10}, absent=absent) for absent in (["B"], ["B"], [], [])]
    projection = project(snapshot, default_terms(), rests)
    assert projection is not None
    assert [4, 0] == projection.past_periods.tolist()
    assert projection.range_of(projection.gv, 1) is None
    assert Range(low=16_000, middle=16_000, high=16_000, past_periods=4) == projection.range_of(projection.gv, 0)


def test_a_member_s_range_looks_only_at_periods_of_its_own() -> None:
    """The end made from a period before a member joined, in which it brought nothing, does not pull its range down."""
    snapshot = company(Person("A", own=100))
    rests = [rest(snapshot, {}, absent=["A"]), *(rest(snapshot, {"A": each}) for each in (30, 40, 50))]
    projection = project(snapshot, default_terms(), rests)
    assert projection is not None
    assert Range(low=13_000, middle=14_000, high=15_000, past_periods=3) == projection.range_of(projection.gv, 0)


def test_upkeep_is_that_of_the_middle_end() -> None:
    """A Supervisor with 100 points to date who in the middle ends with 600 keeps the title, and with 200 does not."""
    snapshot = company(Person("A", own=100, carried=Carried(title=SUPERVISOR, held=2)))
    found = []
    for middle in (500, 100):
        projection = project(snapshot, default_terms(), [rest(snapshot, {"A": each}) for each in (0, middle, 900)])
        assert projection is not None
        found.append(Upkeep(int(projection.upkeep[0])))
    assert [Upkeep.MET, Upkeep.GRACE] == found


def test_an_end_is_computed_whole() -> None:
    """Where a leg's rest makes it break away, the upline's volume falls by it and the override begins."""
    leader = Person("A", own=300, customers=900, carried=Carried(title=MANAGER_TITLE, held=1))
    snapshot = company(leader, *manager_team(sponsor="A", own=0))
    projection = project(snapshot, default_terms(), [rest(snapshot, each) for each in ({}, {}, {"M": 900})])
    assert projection is not None
    outcome = run(snapshot, default_terms())
    expected = Range(low=120_000, middle=360_000, high=360_000, past_periods=3)
    assert expected == projection.range_of(projection.gv, 0)
    override = projection.earnings_minor[Bonus.OVERRIDE]
    assert (0, 0, 16_500) == (outcome.override_minor[0], override.middle[0], override.high[0])


def test_amounts_by_bonus_are_the_columns() -> None:
    """The rows of each bonus add up to what the outcome says of each member."""
    snapshot = company(Person("A", own=300, customers=900), *manager_team(sponsor="A"))
    outcome = run(snapshot, default_terms())
    amounts = minor_by_bonus(outcome)
    expected = [outcome.personal_minor, outcome.differential_minor, outcome.override_minor, outcome.pool_minor]
    assert [column.tolist() for column in expected] == amounts[: Bonus.POOL + 1].tolist()
    once = [Bonus.FAST_START, Bonus.TITLE_HELD, Bonus.ONE_TIME]
    assert outcome.bonus_minor.tolist() == amounts[once].sum(axis=0).tolist()


@settings(max_examples=25, deadline=None)
@given(people=peoples(), data=st.data())
def test_low_middle_high_ascend_in_any_order_of_the_rests(people: list[Person], data: st.DataObject) -> None:
    """Every range ascends, and the order of up to six past periods does not matter."""
    snapshot = company(*people)
    bought = st.dictionaries(st.sampled_from(snapshot.members), st.integers(-100, 3_000))
    rests = [rest(snapshot, each) for each in data.draw(st.lists(bought, min_size=3, max_size=6))]
    projection, turned = project(snapshot, default_terms(), rests), project(snapshot, default_terms(), rests[::-1])
    assert projection is not None
    assert turned is not None
    for spread, other in zip(spreads(projection), spreads(turned), strict=True):
        assert (spread.low <= spread.middle).all()
        assert (spread.middle <= spread.high).all()
        for name in Spread.__struct_fields__:
            assert np.array_equal(getattr(spread, name), getattr(other, name))


@settings(max_examples=25, deadline=None)
@given(people=peoples())
def test_rests_of_nothing_end_as_the_outcome(people: list[Person]) -> None:
    """If nothing more comes, lowest, middle and highest are what stands there now."""
    snapshot, terms = company(*people), default_terms()
    outcome, projection = run(snapshot, terms), project(snapshot, terms, [rest(snapshot, {})] * 4)
    assert projection is not None
    now = [outcome.gv, outcome.step, *minor_by_bonus(outcome)]
    for spread, column in zip(spreads(projection), now, strict=True):
        for name in Spread.__struct_fields__:
            assert column.tolist() == getattr(spread, name).tolist()
    assert outcome.upkeep.tolist() == projection.upkeep.tolist()
