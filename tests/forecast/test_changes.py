"""What is missing, and the engine's word for it: the named sales reach it, and a hundredth less does not."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.outcome import Outcome, Upkeep
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.change import Change, NeedKind, Way
from backend.forecast.changes import changes_of, to_breakaway, to_keep, to_next_step, to_next_title
from backend.forecast.sales import with_sales
from backend.plan.terms import Condition, Measure, Terms
from tests.forecast.companies import (
    FIVE,
    MANAGER,
    MANAGER_TITLE,
    POINT,
    Person,
    company,
    default_terms,
    manager_team,
    named_terms,
    peoples,
    requiring,
)


def member_of(snapshot: Snapshot, who: str, terms: Terms | None = None) -> Member:
    """Return one member of a company, computed."""
    terms = terms or default_terms()
    return Member(snapshot=snapshot, plan=terms, outcome=run(snapshot, terms), index=snapshot.members.index(who))


def reaches(change: Change, index: int) -> Callable[[Outcome], bool]:
    """Return what a change was asked about, as a question to an outcome."""
    return {
        "step": lambda outcome: bool(outcome.step[index] >= change.index),
        "title": lambda outcome: bool(outcome.title[index] >= change.index),
        "keep": lambda outcome: bool(outcome.upkeep[index] == Upkeep.MET),
        "breakaway": lambda outcome: bool(outcome.broken_away[index]),
    }[change.what]


def sold(member: Member, sales: Mapping[str, int], customers: int = 0) -> Outcome:
    """Run the engine with more customers' sales."""
    position = {code: at for at, code in enumerate(member.snapshot.members)}
    more = with_sales(
        member.snapshot,
        member.plan,
        {position[code]: points for code, points in sales.items()},
        customers={member.index: customers},
    )
    return run(more, member.plan)


def all_of(member: Member) -> list[Change]:
    """Return every change of a member."""
    found = changes_of(member)
    return [each for each in (found.next_step, found.next_title, found.keeping, *found.breakaways) if each]


def assert_proved(member: Member, change: Change) -> None:
    """Claim: every way of sales alone reaches what was asked, and the cheapest with a hundredth less does not."""
    index = member.snapshot.members.index(change.member)
    reached = reaches(change, index)
    asker = member.at(index)
    for way in change.ways:
        assert way.unsold or reached(sold(asker, way.sales, way.customers))
        assert way.points == sum(way.sales.values())
    cheapest = change.cheapest
    for who, points in cheapest.sales.items() if cheapest else ():
        assert cheapest
        assert not reached(sold(asker, {**cheapest.sales, who: points - 1}, cheapest.customers))


def assert_legs_may_bring_it(member: Member, change: Change) -> None:
    """Claim: group volume may be sold in each of the legs that are named, and a hundredth less there is not enough."""
    reached, cheapest = reaches(change, member.index), change.cheapest
    needs = [need for need in cheapest.needs if need.kind == NeedKind.GROUP_VOLUME] if cheapest else []
    for need in needs:
        assert cheapest
        for seller in need.sellers:
            sales = dict(cheapest.sales)
            sales[member.id] -= need.points
            for points in (need.points, need.points - 1):
                in_leg = {**sales, seller.member: sales.get(seller.member, 0) + points}
                assert reached(sold(member, in_leg)) == (points == need.points)


@pytest.mark.parametrize(("own", "missing"), [(0, 200), (100, 100), (199, 1)])
def test_a_beginner_s_next_step_is_so_many_points_away(own: int, missing: int) -> None:
    """Alone, the 5 % step is what is missing to 200 points, of which 60 are to be the member's own."""
    change = to_next_step(member_of(company(Person("A", own=own)), "A"))
    assert change is not None
    assert change.cheapest is not None
    assert (FIVE, False, missing * POINT, {"A": missing * POINT}) == (
        change.index,
        change.met,
        change.cheapest.points,
        change.cheapest.sales,
    )


def test_own_customers_first_and_the_rest_of_the_group_in_the_legs() -> None:
    """With 20 points of PV and 100 in a leg: 40 points of own customers, and 40 more that the leg may sell as well."""
    change = to_next_step(member_of(company(Person("A", own=20), Person("B", "A", customers=100)), "A"))
    assert change is not None
    assert change.cheapest is not None
    own, group = change.cheapest.needs
    assert (FIVE, NeedKind.OWN_CUSTOMERS, 4_000) == (change.index, own.kind, own.points)
    assert (NeedKind.GROUP_VOLUME, 4_000, ["B"]) == (group.kind, group.points, [each.leg for each in group.sellers])
    assert {"A": 8_000} == change.cheapest.sales


def test_a_leg_that_is_missing_is_the_nearest_one() -> None:
    """Two legs of 800 where three of 250 are asked for: the one with 200 misses 50, before the one with 90."""
    people = [*manager_team(own=3_000, legs=2), Person("X", "M", customers=90), Person("Y", "M", customers=200)]
    member = member_of(company(*people, Person("C", "M1", customers=800)), "M")
    change = to_next_step(member)
    assert change is not None
    assert change.cheapest is not None
    (need,) = change.cheapest.needs
    assert (MANAGER, NeedKind.LEG_COUNT, 1, 5_000) == (change.index, need.kind, need.count, need.points)
    assert [("Y", "Y", 5_000)] == [(each.member, each.leg, each.points) for each in need.sellers]
    assert need.check is not None
    assert ("legs_with_volume", 2, 3, 25_000) == (
        need.check.measure,
        need.check.have,
        need.check.at_least,
        need.check.of,
    )


def test_people_who_were_enrolled_and_are_not_active() -> None:
    """Who was enrolled and sold nothing is named with what is missing to be active: nobody is to be recruited."""
    terms = default_terms()
    asked = requiring(Condition(measure=Measure.ENROLLED_ACTIVE, at_least=2))
    terms = replace(terms, steps=(terms.steps[0], replace(terms.steps[1], requirement=asked)))
    terms = replace(terms, titles=terms.titles[:2], breakaway=replace(terms.breakaway, never=True))
    terms = replace(terms, titles=(terms.titles[0], replace(terms.titles[1], requirement=asked)), overrides=())
    snapshot = company(Person("A"), Person("B", "A", own=60), Person("C", "A", own=45), terms=terms)
    change = to_next_step(member_of(snapshot, "A", terms))
    assert change is not None
    assert change.cheapest is not None
    (need,) = change.cheapest.needs
    assert (NeedKind.ENROLLED, 1, {"C": 1_500}) == (need.kind, need.count, change.cheapest.sales)
    lonely = to_next_step(member_of(company(Person("A"), Person("B", "A"), terms=terms), "A", terms))
    assert lonely is not None
    assert [("enrolled_active", 0, 2)] == [
        (each.measure, each.have, each.at_least) for way in lonely.ways for each in way.unsold
    ]


def test_one_who_sells_for_a_leg_is_active_by_it_too() -> None:
    """C misses 250 points to be a leg, D 70 to be active: what C sells is enough for both, and D is left out."""
    people = [Person("M", own=300, customers=2_500), *(Person(f"L{n}", "M", own=300) for n in range(2))]
    people = [*people, Person("C", "M"), Person("D", "M", own=-10)]
    terms = default_terms()
    asked = terms.steps[MANAGER].requirement.any_of[0]
    asked = tuple(replace(each, at_least=3) if each.measure == Measure.ENROLLED_ACTIVE else each for each in asked)
    manager = replace(terms.steps[MANAGER], requirement=requiring(*asked))
    terms = replace(terms, steps=(*terms.steps[:MANAGER], manager))
    change = to_next_step(member_of(company(*people, terms=terms), "M", terms))
    assert change is not None
    assert change.cheapest is not None
    assert {"C": 25_000} == change.cheapest.sales
    assert [(NeedKind.LEG_COUNT, 25_000)] == [(need.kind, need.points) for need in change.cheapest.needs]


def test_what_no_sale_brings_is_named() -> None:
    """Without the training the Manager step is out of reach, and the training is what is named."""
    people = manager_team(own=3_000)
    people[0] = people[0]._replace(training=False)
    change = to_next_step(member_of(company(*people), "M"))
    assert change is not None
    assert (None, ["training"]) == (change.cheapest, [each.measure for way in change.ways for each in way.unsold])


def test_keeping_by_the_cheaper_way() -> None:
    """A Manager with 700 points beside a broken-away leg keeps the title as it is; with 500 points 100 are missing."""

    def keeping(customers: int) -> Change | None:
        title = Carried(title=MANAGER_TITLE, held=4)
        people = [Person("A", own=300, customers=customers, carried=title), *manager_team(sponsor="A")]
        return to_keep(member_of(company(*people), "A"))

    kept, short = keeping(400), keeping(200)
    assert kept is not None
    assert short is not None
    assert short.cheapest is not None
    assert (True, (), {"A": 10_000}) == (kept.met, kept.ways, short.cheapest.sales)


def test_nothing_is_asked_of_who_has_nothing_to_keep_or_reach() -> None:
    """A beginner keeps no title; on the highest step and title there is none above."""
    terms = default_terms()
    terms = replace(terms, titles=terms.titles[: MANAGER_TITLE + 1])
    top = member_of(company(*manager_team(), terms=terms), "M", terms)
    assert (None, None) == (to_next_step(top), to_next_title(top))
    assert to_keep(member_of(company(Person("A")), "A")) is None


def test_a_leg_s_breakaway() -> None:
    """A leader with three legs of 700 points misses 100 of 2,500: own customers, or in the group."""
    team = [Person("M", "A", own=300), *(Person(f"M{n}", "M", own=300, customers=400) for n in range(3))]
    member = member_of(company(Person("A"), *team), "A")
    (change,) = changes_of(member).breakaways
    assert ("M", "breakaway") == (change.member, change.what)
    assert change.cheapest is not None
    assert {"M": 10_000} == change.cheapest.sales
    assert change == to_breakaway(member.at(member.snapshot.members.index("M")))


def test_a_leg_about_to_rejoin_stands_alone_by_keeping_the_title() -> None:
    """A Manager before the miss that takes the title has 1,500 points of 1,600: 100 keep the group apart."""
    title = Carried(title=MANAGER_TITLE, held=9, missed=2)
    snapshot = company(Person("A"), Person("M", "A", own=300, customers=1_200, carried=title))
    (change,) = changes_of(member_of(snapshot, "A")).breakaways
    assert change.cheapest is not None
    assert (False, {"M": 10_000}) == (change.met, change.cheapest.sales)


def test_volume_that_counts_in_the_legs_alone() -> None:
    """Where only legs' volume counts, own customers do not help: a leg is named that can bring all of it."""
    terms = named_terms()
    snapshot = company(
        Person("A", customers=2_000), Person("B", "A", customers=350), Person("C", "A", customers=30), terms=terms
    )
    member = member_of(snapshot, "A", terms)
    change = to_next_step(member)
    assert change is not None
    assert_proved(member, change)
    assert change.cheapest is not None
    kinds = [need.kind for need in change.cheapest.needs]
    assert NeedKind.LEG_COUNT in kinds


@settings(max_examples=25, deadline=None)
@given(people=peoples())
def test_the_engine_proves_every_answer_under_the_plan_that_ships(people: list[Person]) -> None:
    """Whatever is named is enough, and a hundredth less of any of it is not."""
    snapshot = company(*people)
    member = member_of(snapshot, snapshot.members[0])
    for index in range(len(people)):
        for change in all_of(member.at(index)):
            assert_proved(member, change)
            if change.member == snapshot.members[index]:
                assert_legs_may_bring_it(member.at(index), change)


@settings(max_examples=25, deadline=None)
@given(people=peoples())
def test_the_engine_proves_every_answer_under_a_plan_of_named_volumes(people: list[Person]) -> None:
    """The same under named volumes, exclusions, windows, marks and legs counted at any depth."""
    terms = named_terms()
    snapshot = company(*people, terms=terms)
    member = member_of(snapshot, snapshot.members[0], terms)
    for index in range(len(people)):
        for change in all_of(member.at(index)):
            assert_proved(member, change)
            if change.member == snapshot.members[index]:
                assert_legs_may_bring_it(member.at(index), change)


@settings(max_examples=15, deadline=None)
@given(people=peoples())
def test_ways_stand_cheapest_first(people: list[Person]) -> None:
    """Ways of sales alone come first, by points; nobody is asked for less than nothing."""
    snapshot = company(*people)
    for change in all_of(member_of(snapshot, snapshot.members[0])):
        assert list(change.ways) == sorted(change.ways, key=_order)
        assert all(points > 0 for way in change.ways for points in way.sales.values())


def _order(way: Way) -> tuple[int, int]:
    return len(way.unsold), way.points
