"""Before and after of a leg's breakaway: figures worked by hand under the cases' plan, and proved by the engine."""

import pytest
from msgspec.structs import replace

from backend.forecast.breakaway import preview
from backend.forecast.preview import NeverOvertakes, Overtakes, Preview
from backend.plan.terms import Stays, Terms
from tests import notation
from tests.forecast.companies import Person, company, computed, default_terms, manager_team, terms_of_cases

FOOT, FIVE, TEN, TWENTY = range(4)
MEMBER, SELLER, LEADER = range(3)


def previewed(sponsors: str, customers: str, *, terms: Terms | None = None, **words: str) -> Preview:
    """Preview the breakaway of B for A in a company of the notation's words, where customers buy from everybody."""
    terms = terms or terms_of_cases()
    snapshot = notation.company(terms, sponsors, customers=customers, **words)
    return preview(computed(snapshot, terms, "A"), snapshot.members.index("B"))


def test_income_now_and_on_the_day() -> None:
    """
    A at 20 % has 300 points of customers, X at 10 % 700 and B at 5 % 400: 60 + 70 + 60, and a pool of 2 % of 1,400.

    On the day B has 1,000 points and A a 5 % override on them; of the pool of 40 A has two shares, B one.
    """
    found = previewed("A > B X", "A 300; X 700; B 400")
    now = {"personal": 6_000, "differential": 13_000, "pool": 2_800}
    day = {"personal": 6_000, "differential": 7_000, "override": 5_000, "pool": 2_667}
    assert found.day is not None
    assert ("A", "B", "USD", now, day) == (
        found.member,
        found.leg,
        found.currency,
        found.now.amounts_minor,
        found.day.amounts_minor,
    )
    assert (21_800, 20_667) == (found.now.total_minor, found.day.total_minor)
    assert ((6_000, 0), (0, 5_000)) == tuple(
        (each.leg_differential_minor, each.leg_override_minor) for each in (found.now, found.day)
    )
    assert ({"B": 60_000}, 100_000, True) == (found.day_sales, found.day.leg_points, found.day.leg_broken_away)


def test_a_zone_of_nothing_is_shown_as_nothing() -> None:
    """B passes from 10 % to the breakaway at once while A has 20 %: there is no zone, and that is said."""
    zone = previewed("A > B X", "A 300; X 700; B 400").zone
    assert zone is not None
    assert (0, 100_000, None) == (zone.width_points, zone.to_points, zone.begins)


def test_the_override_overtakes_to_the_hundredth() -> None:
    """5 % reach the 60 dollars of today at 1,199.90 points, where 59.995 is rounded half up to 60.00."""
    overtake = previewed("A > B X", "A 300; X 700; B 400").overtake
    assert isinstance(overtake, Overtakes)
    assert (119_990, 6_000) == (overtake.leg_points, overtake.moment.leg_override_minor)


def test_the_zone_of_equal_percents() -> None:
    """
    B reaches 20 % with 1,000 points of GV and 100 of PV, and breaks away with 150: 50 points in which A earns nothing.

    Today B's leg brings A 10 % of 960; in the zone A keeps 60 + 70 and the pool of 40; an override of 5 % brings 96
    dollars back at 1,919.90 points.
    """
    found = previewed("A > B X; B > C", "A 300; X 700; B 60; C 900")
    assert found.zone is not None
    assert found.zone.begins is not None
    assert (100_000, 105_000, 5_000) == (found.zone.from_points, found.zone.to_points, found.zone.width_points)
    assert (9_600, 0, 17_000) == (
        found.now.leg_differential_minor,
        found.zone.begins.through_leg_minor,
        found.zone.begins.total_minor,
    )
    assert found.day is not None
    assert (105_000, 5_250, {"B": 9_000}) == (found.day.leg_points, found.day.leg_override_minor, found.day_sales)
    assert isinstance(found.overtake, Overtakes)
    assert 191_990 == found.overtake.leg_points


def test_a_leg_in_the_zone_already() -> None:
    """With 120 points of PV B stands on A's percent today: 30 points of the zone are left, and nothing is lost."""
    found = previewed("A > B X; B > C", "A 300; X 700; B 120; C 900")
    assert found.zone is not None
    assert (102_000, 105_000) == (found.zone.from_points, found.zone.to_points)
    assert NeverOvertakes(reason="nothing_lost") == found.overtake


def test_the_own_step_falls_with_the_leg() -> None:
    """
    Without B the 800 points of A are 400: from 10 % to 5 %, and no title that earns an override.

    Of 60 dollars 20 are left; 14 come from a pool of 28, in which A has a share for the leg and B one for the title.

    On the way the percents are equal from 500 to 600 points, and then A rises to 20 %: no zone before the breakaway.
    """
    found = previewed("A > B X", "A 300; X 100; B 400")
    assert found.day is not None
    assert found.zone is not None
    assert (TEN, 6_000) == (found.now.step, found.now.total_minor)
    assert (FIVE, MEMBER, 40_000, 3_400) == (
        found.alone.step,
        found.alone.title,
        found.alone.gv_points,
        found.day.total_minor,
    )
    assert (0, NeverOvertakes(reason="title")) == (found.zone.width_points, found.overtake)


def test_a_gate_that_the_own_group_does_not_meet() -> None:
    """A leader with 150 points beside the leg is in grace, and misses 50 of side volume for the override."""
    found = previewed("A > B", "A 150; B 900", carried="A leader held 2")
    assert isinstance(found.overtake, NeverOvertakes)
    assert ("gate", [("side_volume", 15_000, 20_000)]) == (
        found.overtake.reason,
        [(each.measure, each.have, each.at_least) for each in found.overtake.missed],
    )
    assert (LEADER, "grace", 15_000) == (found.alone.title, found.alone.upkeep, found.alone.side_volume_points)


def test_who_is_not_active_earns_no_override() -> None:
    """A with 40 points of PV is not active: the leg brings nothing today, and would bring nothing."""
    found = previewed("A > B X", "A 40; X 900; B 400", carried="A leader held 2")
    assert NeverOvertakes(reason="nothing_lost") == found.overtake
    assert found.day is not None
    assert 0 == found.day.total_minor


def test_a_training_is_assumed_and_said_so() -> None:
    """A leader with all the volume and legs, and without the training, breaks away the day it is done."""
    team = manager_team(sponsor="A")
    people = [Person("A", own=300, customers=900), team[0]._replace(training=False), *team[1:]]
    member = computed(company(*people), default_terms(), "A")
    found = preview(member, member.snapshot.members.index("M"))
    assert found.day is not None
    assert (True, {}, ["training"]) == (found.day.leg_broken_away, found.day_sales, [c.measure for c in found.unsold])
    assert ("others_sell_as_to_date", "months_like_the_day", "training_done") == found.assumptions


def test_people_who_are_not_there_are_not_asked_for() -> None:
    """A leader with no legs cannot break away by sales: the title is assumed to be carried, what is missing named."""
    snapshot = company(Person("A", own=300, customers=900), Person("B", "A", customers=2_000))
    found = preview(computed(snapshot, default_terms(), "A"), 1)
    assert found.day is not None
    assert {"legs_with_volume", "enrolled_active"} == {check.measure for check in found.unsold}
    assert ({"B": 50_000}, "title_carried") == (found.day_sales, found.assumptions[-1])
    assert (True, 250_000) == (found.day.leg_broken_away, found.day.leg_points)


def test_where_no_assumption_helps_there_is_no_day() -> None:
    """If each period decides anew and people are missing, there is no day; the own step without the volume is told."""
    terms = default_terms()
    terms = replace(terms, breakaway=replace(terms.breakaway, stays=Stays.PERIOD))
    snapshot = company(Person("A", own=300, customers=900), Person("B", "A", customers=2_000))
    found = preview(computed(snapshot, terms, "A"), 1)
    assert (None, None, {}, 120_000) == (found.day, found.zone, found.day_sales, found.alone.gv_points)
    assert ("leg_without_volume",) == found.assumptions
    assert isinstance(found.overtake, NeverOvertakes)
    assert "no_breakaway" == found.overtake.reason


def test_a_plan_without_breakaway() -> None:
    """Where no leg ever breaks away there is no day, whatever is sold."""
    terms = terms_of_cases()
    terms = replace(terms, breakaway=replace(terms.breakaway, never=True))
    found = previewed("A > B X", "A 300; X 700; B 400", terms=terms)
    assert (None, NeverOvertakes(reason="no_breakaway")) == (found.day, found.overtake)


def test_what_has_broken_away_is_no_longer_previewed() -> None:
    """A leg that stands alone already has nothing before it."""
    with pytest.raises(AssertionError, match="broken away"):
        previewed("A > B X", "A 300; X 700; B 1400")
