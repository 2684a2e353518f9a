"""
What comes after the day: the engine runs on month by month, and each month is the one that the roll would give.
"""

from datetime import date
from itertools import islice

import numpy as np
from hypothesis import given, settings
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.periods.assemble import Roll, Volumes, snapshot_of
from backend.engine.periods.carryover import carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.later import months_after
from backend.plan.terms import Terms
from tests.forecast.companies import POINT, Person, company, default_terms, named_terms, peoples
from tests.forecast.test_breakaway import previewed

MEMBER, SELLER, LEADER = range(3)


def test_a_title_that_the_own_group_does_not_keep_is_lost_in_time() -> None:
    """
    Without B's 1,000 points A keeps 150, and its title asks for 600: grace on the day, and gone a quarter later.

    On the day the title is held for the third month, which pays 100 dollars once. The pool is 2 % of 1,150
    points: A has two shares of three, one for the title and one for the leg, and without the title one of two.
    """
    found = previewed("A > B", "A 150; B 900", carried="A leader held 2")
    assert found.day is not None
    assert (LEADER, "grace", {"pool": 1_533, "title_held": 10_000}) == (
        found.day.title,
        found.day.upkeep,
        found.day.amounts_minor,
    )
    assert [(3, MEMBER, {"pool": 1_150}), (9, MEMBER, {"pool": 1_150})] == [
        (each.months, each.moment.title, each.moment.amounts_minor) for each in found.later
    ]
    assert "months_like_the_day" in found.assumptions


def test_what_the_own_group_keeps_stays() -> None:
    """A earns on B in nine months what it earns on the day, and keeps the title each month."""
    found = previewed("A > B X", "A 300; X 700; B 400")
    assert found.day is not None
    assert [found.day.amounts_minor] * 2 == [each.moment.amounts_minor for each in found.later]
    assert [("met", True)] * 2 == [(each.moment.upkeep, each.moment.leg_broken_away) for each in found.later]


def test_without_a_day_nothing_is_later() -> None:
    """A member who has no legs and sells nothing new leads nowhere, and no later month is made up."""
    found = previewed("A > B X", "A 300; X 700; B 400", terms=_never())
    assert (None, ()) == (found.day, found.later)


@settings(max_examples=25, deadline=None)
@given(peoples())
def test_each_month_is_the_one_that_the_roll_gives(people: list[Person]) -> None:
    """
    Each month is, byte for byte, the snapshot of a roll and volumes of that month with what the last one carried out.
    """
    for terms in (default_terms(), named_terms()):
        now = company(*people, terms=terms)
        member = Member(snapshot=now, plan=terms, outcome=run(now, terms), index=0)
        before = member
        for number, then in enumerate(islice(months_after(member), 4), start=11):
            carried = carryover_of(before.snapshot, terms, before.outcome).under(terms)
            expected = _assembled(people, carried, terms, month=number)
            assert expected.digest() == then.snapshot.digest()
            before = then


def test_a_first_order_is_a_first_order_once() -> None:
    """The volume of a first order comes again each month, and is nobody's first any more."""
    now = company(Person("A", own=100, customers=200))
    first = replace(now, first_pv=now.own_pv, first_cv=now.own_cv)
    member = Member(snapshot=first, plan=default_terms(), outcome=run(first, default_terms()), index=0)
    then = next(months_after(member)).snapshot
    assert ([100 * POINT], [0], [0]) == tuple(column.tolist() for column in (then.own_pv, then.first_pv, then.first_cv))


def _never() -> Terms:
    terms = default_terms()
    return replace(terms, breakaway=replace(terms.breakaway, never=True))


def _assembled(people: list[Person], carried: dict[str, Carried], terms: Terms, *, month: int) -> Snapshot:
    """Return the snapshot of a later month of the same people, as from rows; months count on past the year's end."""
    first = date(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    end = date(2026 + month // 12, month % 12 + 1, 1)
    own, customers = (
        POINT * np.array([getattr(each, name) for each in people], dtype=np.int64) for name in ("own", "customers")
    )
    passed = (end - date(2026, 11, 1)).days
    roll = Roll(
        ids=[each.id for each in people],
        sponsors=[each.sponsor for each in people],
        enrollers=[each.sponsor for each in people],
        market=np.zeros(len(people), dtype=np.int32),
        days_since_joining=np.array([each.days + passed for each in people], dtype=np.int32),
        training=np.array([each.training for each in people], dtype=np.bool_),
    )
    volumes = Volumes(
        members=roll.ids,
        own_pv=own,
        customer_pv=customers,
        own_cv=own,
        customer_cv=customers,
        provisional_pv=np.zeros(len(people), dtype=np.int64),
    )
    return snapshot_of(period=f"{first:%Y-%m}", roll=roll, volumes=volumes, carried=carried, terms=terms)
