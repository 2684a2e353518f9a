"""Every figure of a breakaway's preview, proved by the engine on drawn companies under three plans."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.forecast import breakaway, path, search
from backend.forecast.breakaway import preview
from backend.forecast.path import moment
from backend.forecast.preview import Overtakes, Preview
from backend.forecast.sales import with_sales
from backend.forecast.zone import is_equal
from backend.plan.terms import Terms
from tests.forecast.companies import (
    company,
    computed,
    default_terms,
    manager_team,
    named_terms,
    peoples,
    terms_of_cases,
)


def sold(member: Member, sales: Mapping[str, int]) -> Outcome:
    """Run the engine with more customers' sales."""
    position = {code: at for at, code in enumerate(member.snapshot.members)}
    return run(with_sales(member.snapshot, member.plan, {position[w]: p for w, p in sales.items()}), member.plan)


def total_minor(outcome: Outcome, index: int) -> int:
    """Add up all that a member earns, from the columns."""
    names = ("personal", "differential", "override", "pool", "bonus", "production", "level", "match")
    return sum(int(getattr(outcome, f"{name}_minor")[index]) for name in names)


@st.composite
def teams(draw: st.DrawFn) -> tuple[Snapshot, Terms]:
    """Draw a company under one of three plans, at times with a team that is near to breaking away."""
    people = draw(peoples())
    if draw(st.booleans()):
        people += manager_team(top="P98", sponsor=people[0].id, own=draw(st.sampled_from([60, 100, 300])))
        people[-1] = people[-1]._replace(customers=draw(st.sampled_from([-60, 0, 200, 400])))
    terms = draw(st.sampled_from([default_terms(), terms_of_cases(), named_terms()]))
    return company(*people, terms=terms), terms


@settings(max_examples=40, deadline=None)
@given(team=teams())
def test_the_engine_proves_every_figure(team: tuple[Snapshot, Terms]) -> None:
    """The day's income is the engine's; a hundredth less is before the day, outside the zone, or not overtaking."""
    snapshot, terms = team
    member = computed(snapshot, terms, snapshot.members[0])
    legs = [leg for leg in range(member.legs.start, member.legs.stop) if not member.outcome.broken_away[leg]]
    assume(legs)
    for leg in legs[:4]:
        found = preview(member, leg)
        assert found == json.decode(json.encode(found), type=Preview)
        assert found.now.total_minor == total_minor(member.outcome, 0)
        if found.assumptions == ("others_sell_as_to_date",):
            assert_day(member, leg, found)
            assert_zone(member, leg, found)
            assert_overtake(member, leg, found)


@settings(max_examples=15, deadline=None)
@given(team=teams())
def test_a_preview_costs_forty_runs_at_most(team: tuple[Snapshot, Terms]) -> None:
    """However the leg stands, the engine is asked no more than forty times: each is a pass over the whole company."""
    snapshot, terms = team
    member = computed(snapshot, terms, snapshot.members[0])
    runs = 0

    def counted(asked: Snapshot, under: Terms) -> Outcome:
        nonlocal runs
        runs += 1
        return run(asked, under)

    with pytest.MonkeyPatch.context() as patched:
        for module in (breakaway, path, search):
            patched.setattr(module, "run", counted)
        for leg in range(member.legs.start, member.legs.stop):
            if not member.outcome.broken_away[leg]:
                runs = 0
                preview(member, leg)
                assert runs <= 40


def assert_day(member: Member, leg: int, found: Preview) -> None:
    """Claim: with the day's sales the leg breaks away and the upline earns the preview's total; with less not."""
    day = sold(member, found.day_sales)
    assert found.day is not None
    assert (True, total_minor(day, 0)) == (bool(day.broken_away[leg]), found.day.total_minor)
    for who, points in found.day_sales.items():
        assert not sold(member, {**found.day_sales, who: points - 1}).broken_away[leg]


def assert_zone(member: Member, leg: int, found: Preview) -> None:
    """Claim: the zone ends at the breakaway; the percents are equal where it begins, and not before."""
    code = member.snapshot.members[leg]
    own = found.day_sales.get(code, 0)
    assert found.zone is not None
    if set(found.day_sales) != {code}:
        return

    def equal(leg_points: int) -> bool:
        sales = {code: leg_points - found.now.leg_points}
        return is_equal(moment(replace(member, outcome=sold(member, sales)), leg))

    assert found.zone.to_points == found.now.leg_points + own
    assert bool(found.zone.width_points) == equal(found.zone.to_points - 1)
    if found.zone.begins:
        assert equal(found.zone.from_points)
        assert found.zone.from_points == found.now.leg_points or not equal(found.zone.from_points - 1)


def assert_overtake(member: Member, leg: int, found: Preview) -> None:
    """Claim: at the volume named the leg brings what it brings today, and with a hundredth less it does not."""
    if not isinstance(found.overtake, Overtakes):
        return
    code, now = member.snapshot.members[leg], found.now.through_leg_minor
    assert found.day is not None
    more = found.overtake.leg_points - found.day.leg_points
    brings = []
    for points in (more, more - 1):
        sales = {**found.day_sales, code: found.day_sales.get(code, 0) + points}
        at = moment(replace(member, outcome=sold(member, sales)), leg)
        brings.append(at.leg_broken_away and at.through_leg_minor >= now)
    assert [True, False] == brings or (more == 0 and not found.day_sales.get(code))
