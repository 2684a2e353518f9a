"""One member's period as the phone shows it, drawn from the engine's columns."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.projection import Rest, project
from backend.forecast.readings import EARNED, PeriodFacts, readings
from backend.forecast.standing import Health, Range, Standing
from backend.forecast.standings import drawn, leg_people
from backend.plan.terms import Requirement, Terms
from tests.forecast.companies import (
    DISTRIBUTOR,
    FIVE,
    MANAGER,
    MANAGER_TITLE,
    SENIOR,
    SUPERVISOR,
    Person,
    company,
    default_terms,
    manager_team,
    peoples,
    rest,
)

TODAY = date(2026, 10, 10)


def standing_of(
    snapshot: Snapshot,
    *,
    terms: Terms | None = None,
    rests: Sequence[Rest] = (),
    usual_gv: Mapping[str, int] | None = None,
    last_sales: Mapping[str, date] | None = None,
) -> dict[str, Standing]:
    """Return each member's standing by id on the tenth of October; without `last_sales` all sold that day."""
    terms, sales = terms or default_terms(), last_sales or {}
    ordinals = [
        sales.get(member, TODAY).toordinal() if member in sales or not sales else 0 for member in snapshot.members
    ]
    found = readings(
        PeriodFacts(day=10, days=31, today=TODAY.toordinal(), last_sale=np.array(ordinals, dtype=np.int32)),
        snapshot,
        terms,
        outcome=run(snapshot, terms),
        projection=project(snapshot, terms, rests),
        usual_gv=usual_gv or {},
    )
    return {each.member: each for each in drawn(found, found.differing(None))}


def breaking_away_by(requirement: Requirement) -> Terms:
    """Return the plan that ships with another requirement of breakaway."""
    terms = default_terms()
    return replace(terms, breakaway=replace(terms.breakaway, requirement=requirement))


def test_a_beginner_sees_the_next_step_and_its_pace() -> None:
    """With 100 points on day ten the 5 % step is 100 points and 21 days away."""
    found = standing_of(company(Person("A", own=100)))["A"]
    assert found.next_step is not None
    assert FIVE == found.next_step.index
    assert [("gv", 10_000, 20_000), ("pv", 10_000, 6_000)] == [
        (check.measure, check.have, check.at_least) for check in found.next_step.checks
    ]
    assert (31_000, 477) == (found.pace.lands_at_points, found.pace.needed_per_day_points)
    assert ("A", "2026-10", "USD", 0) == (found.member, found.period, found.currency, found.step)


def test_the_top_has_no_next() -> None:
    """On the highest step and title there is nothing above to reach, and the pace needs nothing."""
    terms = default_terms()
    terms = replace(terms, titles=terms.titles[: MANAGER_TITLE + 1])
    found = standing_of(company(*manager_team()), terms=terms)["M"]
    assert (MANAGER, MANAGER_TITLE) == (found.step, found.title)
    assert (None, None, 0) == (found.next_step, found.next_title, found.pace.needed_per_day_points)


def test_next_title_shows_what_is_missing() -> None:
    """A Manager without broken-away legs sees two of them between here and the Senior Manager."""
    found = standing_of(company(*manager_team()))["M"]
    assert found.next_title is not None
    assert SENIOR == found.next_title.index
    assert ["legs_broken_away"] == [check.measure for check in found.next_title.checks if not check.met]


@pytest.mark.parametrize(("own", "expected"), [(0, 0), (100, 400), (300, 1_200)])
def test_share_of_the_way_to_breakaway(own: int, expected: int) -> None:
    """The way to breakaway is the GV of the Manager step, 2,500 points, in basis points rounded down."""
    assert expected == standing_of(company(Person("A", own=own)))["A"].to_breakaway_bp


@pytest.mark.parametrize(("customers", "expected"), [(-50, 0), (2_499, 9_996), (2_500, 10_000), (9_000, 10_000)])
def test_share_of_the_way_stays_within_its_ends(customers: int, expected: int) -> None:
    """Returns make it nothing, and more than the volume makes it no more than the whole."""
    assert expected == standing_of(company(Person("A", customers=customers)))["A"].to_breakaway_bp


def test_a_plan_without_breakaway_volume() -> None:
    """Where breakaway asks for no volume, the share is all for who broke away and nothing for who did not."""
    terms = breaking_away_by(default_terms().active)
    found = standing_of(company(Person("A", own=60), Person("B", own=59)), terms=terms)
    assert [10_000, 0] == [found[member].to_breakaway_bp for member in "AB"]


def test_earnings_come_in_the_bonuses_order_and_add_up() -> None:
    """Every bonus has its line, also where it is nothing, and together they are what the engine's lines pay."""
    snapshot = company(Person("A", own=300, customers=900), *manager_team(sponsor="A"))
    outcome = run(snapshot, default_terms())
    for index, found in enumerate(standing_of(snapshot).values()):
        assert [bonus.name.lower() for bonus in EARNED] == [earning.bonus for earning in found.earnings]
        lines = outcome.lines.amount_minor[outcome.lines.earner == index]
        assert lines.sum() == sum(earning.to_date_minor for earning in found.earnings)


def test_a_title_at_stake_is_kept_until_the_period_ends() -> None:
    """On the tenth, the third month without volume would take the title: it is still shown, with what keeps it."""
    found = standing_of(company(Person("A", own=100, carried=Carried(title=SUPERVISOR, held=5, missed=2))))["A"]
    assert (SUPERVISOR, "lost", 2) == (found.title, found.keeping.state, found.keeping.missed_periods)
    assert [("gv", False), ("pv", True)] == [(check.measure, check.met) for check in found.keeping.checks]
    assert (3, 1) == (found.keeping.window_periods, found.keeping.grace_periods)
    assert (Health.AT_RISK, "upkeep_at_risk") == (found.health, found.health_reason)


def test_maintenance_made_good_clears_the_misses() -> None:
    """With the volume there, what was missed before no longer counts."""
    found = standing_of(company(Person("A", own=300, customers=200, carried=Carried(title=SUPERVISOR, missed=2))))["A"]
    assert ("met", 0) == (found.keeping.state, found.keeping.missed_periods)


def test_a_title_is_reached_at_once() -> None:
    """Who reaches the Supervisor's step in mid period is shown as one."""
    found = standing_of(company(Person("A", own=300, customers=500)))["A"]
    assert (SUPERVISOR, "none_needed") == (found.title, found.keeping.state)


def test_the_last_sale_is_the_group_s_up_to_legs_that_broke_away() -> None:
    """A sale deep in an own leg counts for the upline; one below a broken-away leader does not."""
    snapshot = company(Person("A"), Person("B", "A"), Person("C", "B"), *manager_team(sponsor="A"))
    sales = {"A": date(2026, 9, 1), "C": date(2026, 9, 20), "M1": TODAY}
    found = standing_of(snapshot, last_sales=sales)
    assert ["2026-09-20", "2026-09-20", "2026-10-10", ""] == [
        found[each].last_sale_day for each in ("A", "B", "M", "M2")
    ]


def test_a_group_that_never_sold_is_quiet_since_joining() -> None:
    """Thirteen days after joining nothing is wrong yet; after fourteen the leg stalls."""
    snapshot = company(Person("S"), Person("A", days=13 + 21), Person("B", days=14 + 21))
    found = standing_of(snapshot, last_sales={"S": TODAY})
    assert [Health.STEADY, Health.STALLING] == [found[member].health for member in "AB"]


def test_health_measures_the_middle_end_against_last_period() -> None:
    """A group that heads for 200 points after 150 climbs, and one that had 250 stalls."""
    snapshot = company(Person("A", own=100), Person("B", own=100))
    rests = [rest(snapshot, dict.fromkeys("AB", points)) for points in (50, 100, 150)]
    found = standing_of(snapshot, rests=rests, usual_gv={"A": 15_000, "B": 25_000})
    assert [Health.CLIMBING, Health.STALLING] == [found[member].health for member in "AB"]
    assert [15_000, 25_000] == [found[member].usual_gv_points for member in "AB"]
    assert Range(low=15_000, middle=20_000, high=25_000, past_periods=3) == found["A"].projected_gv


def test_without_history_there_is_no_range() -> None:
    """With two past periods nothing is projected, and plain pacing stays."""
    snapshot = company(Person("A", own=100))
    found = standing_of(snapshot, rests=[rest(snapshot, {"A": 50})] * 2, usual_gv={"A": 15_000})["A"]
    assert (None, None) == (found.projected_gv, found.projected_step)
    assert {None} == {earning.projected for earning in found.earnings}
    assert "short_history" == found.health_reason


def test_people_in_a_leg() -> None:
    """A leg has its leader and everyone below, also where a line is deep."""
    snapshot = company(Person("A"), Person("B", "A"), Person("C", "A"), Person("D", "B"), Person("E", "D"))
    expected = {"A": 5, "B": 3, "C": 1, "D": 2, "E": 1}
    assert expected == dict(zip(snapshot.members, leg_people(snapshot).tolist(), strict=True))


def test_people_in_a_line_that_is_deep() -> None:
    """A line of 5,000 is counted without a call upon a call."""
    deep = company(*(Person(f"{number:05d}", f"{number - 1:05d}" if number else None) for number in range(5_000)))
    assert list(range(5_000, 0, -1)) == leg_people(deep).tolist()


@settings(max_examples=40, deadline=None)
@given(people=peoples(), data=st.data())
def test_the_order_of_the_input_does_not_matter(people: list[Person], data: st.DataObject) -> None:
    """The same people in any order give the same standings, and each survives being written down and read."""
    turned = data.draw(st.permutations(people))
    first, second = standing_of(company(*people)), standing_of(company(*turned))
    assert first == second
    assert list(first.values()) == json.decode(json.encode(list(first.values())), type=list[Standing])


@settings(max_examples=40, deadline=None)
@given(people=peoples())
def test_what_holds_of_every_standing(people: list[Person]) -> None:
    """The next step is the one above and unmet; the title is at least the engine's; the share lies within its ends."""
    snapshot = company(*people)
    outcome = run(snapshot, default_terms())
    for index, found in enumerate(standing_of(snapshot).values()):
        assert int(outcome.step[index]) == found.step
        assert found.title >= max(DISTRIBUTOR, int(outcome.title[index]))
        assert 0 <= found.to_breakaway_bp <= 10_000
        if found.next_step:
            assert found.step + 1 == found.next_step.index
            assert not all(check.met for check in found.next_step.checks)


def test_reading_a_standing_needs_no_compiler() -> None:
    """What the web reads (standing, pace, health) never imports numba."""
    rooms = "import backend.forecast.standing, backend.forecast.pace, backend.forecast.health"
    seen = subprocess.run(
        [sys.executable, "-c", f"{rooms}; import sys; print('numba' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "False" == seen.stdout.strip()
