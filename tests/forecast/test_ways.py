"""Requirements opened up: marks, periods, customers, fast track, and what of them no sale brings."""

import numpy as np
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.change import Change, NeedKind
from backend.forecast.changes import to_next_step
from backend.forecast.sales import with_sales
from backend.forecast.ways import any_of, without_covered
from backend.plan.terms import Condition, Mark, Measure, Requirement, Terms
from tests.forecast.companies import POINT, Person, company, default_terms, requiring

SELLS = requiring(Condition(measure=Measure.CUSTOMER_PV, at_least=100 * POINT))


def plan(*way: Condition, fast_track: Requirement | None = None, stated: bool = False) -> Terms:
    """Return a plan of two steps whose upper one asks for these conditions, with a mark of 100 points of customers."""
    terms = default_terms()
    upper = replace(terms.steps[1], requirement=requiring(*way), fast_track=fast_track)
    mark = Mark(id="seller", name="Seller", requirement=SELLS, stated=stated)
    none = requiring(Condition(measure=Measure.TGV, at_least=10**9))
    titles = (terms.titles[0], replace(terms.titles[1], requirement=none))
    breakaway = replace(terms.breakaway, requirement=none, title=1)
    return replace(
        terms,
        steps=(terms.steps[0], upper),
        marks=(mark,),
        titles=titles,
        breakaway=breakaway,
        overrides=tuple(replace(each, lowest_title=1) for each in terms.overrides),
    )


def asked(terms: Terms, *, snapshot: Snapshot | None = None, customers: int = 40, marks: int = 0) -> Change:
    """Ask what A, who has 40 points of customers and a history of marks, misses for the upper step."""
    if snapshot is None:
        snapshot = company(Person("A", customers=customers, carried=Carried(marks=(marks,))), terms=terms)
    change = to_next_step(Member(snapshot=snapshot, plan=terms, outcome=run(snapshot, terms), index=0))
    assert change is not None
    return change


def unsold(change: Change) -> list[tuple[str, int, int]]:
    """Return what no sale brings, of all ways."""
    return [(each.measure, each.have, each.at_least) for way in change.ways for each in way.unsold]


def test_a_mark_stands_for_what_it_asks() -> None:
    """A step that asks for a mark is as far away as the mark: 60 points of own customers."""
    change = asked(plan(Condition(measure=Measure.MARK, at_least=1, of=0)))
    assert change.cheapest is not None
    assert [(NeedKind.OWN_CUSTOMERS, 6_000)] == [(need.kind, need.points) for need in change.cheapest.needs]


def test_a_mark_that_the_company_states_is_not_sold() -> None:
    """Where the company states that A does not have the mark, no sale brings it."""
    terms = plan(Condition(measure=Measure.MARK, at_least=1, of=0), stated=True)
    snapshot = replace(company(Person("A", customers=40), terms=terms), qualified=np.zeros(1, dtype=np.int32))
    assert [("mark", 0, 1)] == unsold(asked(terms, snapshot=snapshot))


def test_periods_are_sold_only_where_this_one_is_enough() -> None:
    """Two of three periods: with one of the last two 60 points are enough; with none no sale brings them."""
    terms = plan(Condition(measure=Measure.PERIODS, at_least=2, of=0, periods=3))
    near, far = asked(terms, marks=0b10), asked(terms)
    assert near.cheapest is not None
    assert ({"A": 6_000}, [], [("periods", 0, 2)]) == (near.cheapest.sales, unsold(near), unsold(far))


def test_periods_in_a_row_begin_anew_after_a_gap() -> None:
    """Three in a row: the last two and this one are three; with a gap before this one they are one."""
    terms = plan(Condition(measure=Measure.PERIODS_IN_A_ROW, at_least=3, of=0))
    near, far = asked(terms, marks=0b11), asked(terms, marks=0b110)
    assert near.cheapest is not None
    assert ({"A": 6_000}, [("periods_in_a_row", 0, 3)]) == (near.cheapest.sales, unsold(far))


def test_more_customers_are_counted_as_people() -> None:
    """Two own customers who buy are asked for: two more people, and the volume beside them."""
    terms = plan(
        Condition(measure=Measure.CUSTOMERS, at_least=2), Condition(measure=Measure.CUSTOMER_PV, at_least=50 * POINT)
    )
    change = asked(terms)
    assert change.cheapest is not None
    needs = {need.kind: (need.count, need.points) for need in change.cheapest.needs}
    assert {NeedKind.CUSTOMERS: (2, 0), NeedKind.OWN_CUSTOMERS: (0, 1_000)} == needs
    assert 2 == change.cheapest.customers


def test_the_fast_track_is_a_way_where_it_counts_at_once() -> None:
    """A fast track of 100 points of customers is nearer than 500 of GV, unless it counts from the next period on."""
    terms = plan(Condition(measure=Measure.GV, at_least=500 * POINT), fast_track=SELLS)
    later = replace(terms, ladder=replace(terms.ladder, fast_track_at_once=False))
    found = [asked(each).cheapest for each in (terms, later)]
    assert [6_000, 46_000] == [way.points for way in found if way]


def test_the_company_s_word_on_a_percent_is_not_sold() -> None:
    """A member whose percent the company states moves by no sale."""
    terms = plan(Condition(measure=Measure.GV, at_least=100 * POINT))
    terms = replace(terms, ladder=replace(terms.ladder, stated=True))
    snapshot = replace(company(Person("A", customers=40), terms=terms), percent_held_bp=np.zeros(1, dtype=np.int32))
    assert asked(terms, snapshot=snapshot).cheapest is None


def test_a_requirement_that_asks_for_more_of_the_same_is_no_other_way() -> None:
    """Beside 100 points of GV, 200 of them are no way of their own; one that always holds makes all others idle."""
    less, more = (requiring(Condition(measure=Measure.GV, at_least=points)) for points in (100, 200))
    assert [less] == without_covered([less, more])
    assert Requirement() == any_of([less, Requirement()])


def test_a_sale_is_the_cv_of_its_market() -> None:
    """Where a point is 0.60 of CV, 10.01 points of customers are 6.00 of CV: a fraction of a hundredth is dropped."""
    terms = default_terms()
    terms = replace(terms, markets=tuple(replace(market, cv_per_point=60) for market in terms.markets))
    snapshot = company(Person("A", customers=40), terms=terms)
    sold = with_sales(snapshot, terms, {0: 1_001}, customers={0: 1})
    assert (5_001, 4_600, 1) == (
        int(sold.customer_pv[0]),
        int(sold.customer_cv[0]),
        int(sold.customers[0]),
    )
