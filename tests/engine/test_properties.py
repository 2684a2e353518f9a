"""
What must hold of any two companies that differ in one thing.

A recruit without sales, another tree beside, other names, rows in another order, an order and its return, no sales.
"""

from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.engine.outcome import Entry, Outcome
from backend.engine.periods.assemble import STATED, VOLUMES, Roll, Volumes, snapshot_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms
from tests.engine.networks import SHAPES, random_case, random_company
from tests.engine.rows import COLUMNS, rows_of, shuffled
from tests.people import plan

FROM_SALES = ("personal_minor", "differential_minor", "override_minor")
EARNED = (
    *FROM_SALES,
    "pool_minor",
    "bonus_minor",
    "production_minor",
    "level_minor",
    "match_minor",
    "multiplier_minor",
)

seeds = st.integers(0, 2**32)


@st.composite
def companies(draw: st.DrawFn) -> Snapshot:
    """Draw a company under the plan of the cases."""
    random = Random(draw(seeds))
    company = random_company(random, plan(), size=draw(st.integers(1, 30)), shape=draw(st.sampled_from(SHAPES)))
    return replace(company, period="2026-10", year_begins=False, year_ends=False)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Snapshot, Terms]:
    """Draw a plan of any kind and a company under it."""
    return random_case(draw(seeds))


def _together(one: Snapshot, other: Snapshot) -> Snapshot:
    """Set two companies side by side as one."""
    (roll, volumes, carried), (roll_2, volumes_2, carried_2) = rows_of(one, "1"), rows_of(other, "2")
    listed: Any = {name: [*getattr(roll, name), *getattr(roll_2, name)] for name in ("ids", "sponsors", "enrollers")}
    columns = {name: np.concatenate([getattr(roll, name), getattr(roll_2, name)]) for name in COLUMNS}
    stated = {name: np.concatenate([roll.stated[name], roll_2.stated[name]]) for name in STATED}
    both = Volumes(
        members=listed["ids"],
        **{name: np.concatenate([getattr(volumes, name), getattr(volumes_2, name)]) for name in VOLUMES},
    )
    together = Roll(**listed, **columns, stated=stated)
    return snapshot_of(period=one.period, roll=together, volumes=both, carried=carried | carried_2, terms=plan())


def _earned(snapshot: Snapshot, outcome: Outcome, names: tuple[str, ...], prefix: str = "") -> dict[str, list[int]]:
    columns = [getattr(outcome, name).tolist() for name in names]
    return {prefix + who: list(each) for who, *each in zip(snapshot.members, *columns, strict=True)}


@settings(max_examples=150, deadline=None)
@given(companies(), st.data())
def test_a_recruit_without_sales_earns_nobody_anything(snapshot: Snapshot, data: st.DataObject) -> None:
    """
    A new member who sells nothing changes what nobody earns, wherever it is placed and whoever enrolled it.
    """
    roll, volumes, carried = rows_of(snapshot)
    sponsor, enroller = (data.draw(st.sampled_from(snapshot.members)) for _ in range(2))
    grown = Roll(
        ids=[*roll.ids, "recruit"],
        sponsors=[*roll.sponsors, sponsor],
        enrollers=[*roll.enrollers, enroller],
        market=np.append(roll.market, 0),
        days_since_joining=np.append(roll.days_since_joining, 3),
        training=np.append(roll.training, True),
        stated={name: np.append(roll.stated[name], otherwise) for name, otherwise in STATED.items()},
    )
    after = snapshot_of(period=snapshot.period, roll=grown, volumes=volumes, carried=carried, terms=plan())

    earned = _earned(after, run(after, plan()), EARNED)

    assert [0] * len(EARNED) == earned.pop("recruit")
    assert _earned(snapshot, run(snapshot, plan()), EARNED) == earned


@settings(max_examples=100, deadline=None)
@given(companies(), companies())
def test_what_sales_earn_ends_at_the_root(one: Snapshot, other: Snapshot) -> None:
    """
    Two trees side by side earn from their own sales what each earns alone: nothing crosses from line to line.
    """
    both = _together(one, other)

    alone = _earned(one, run(one, plan()), FROM_SALES, "1") | _earned(other, run(other, plan()), FROM_SALES, "2")

    assert alone == _earned(both, run(both, plan()), FROM_SALES)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_names_decide_nothing_but_the_order(case: tuple[Snapshot, Terms]) -> None:
    """
    With other names in the same order everybody earns the same, whatever the plan.
    """
    snapshot, terms = case
    roll, volumes, carried = rows_of(snapshot, "x", products=terms.products)
    renamed = snapshot_of(period=snapshot.period, roll=roll, volumes=volumes, carried=carried, terms=terms)

    expected = _earned(snapshot, run(snapshot, terms), EARNED, "x")

    assert expected == _earned(renamed, run(renamed, terms), EARNED)


@settings(max_examples=100, deadline=None)
@given(cases(), seeds)
def test_the_order_of_rows_decides_nothing(case: tuple[Snapshot, Terms], seed: int) -> None:
    """
    Rows of members, orders and what is carried give the same bytes in any order, whatever the plan.
    """
    snapshot, terms = case
    after = shuffled(snapshot, terms, Random(seed))

    assert run(snapshot, terms).digest() == run(after, terms).digest()


@settings(max_examples=100, deadline=None)
@given(companies())
def test_what_came_back_was_never_sold(snapshot: Snapshot) -> None:
    """
    An order and its full return in one period leave everything as it was.
    """
    roll, volumes, carried = rows_of(snapshot)
    twice = [*volumes.members, *volumes.members[:1], *volumes.members[:1]]
    columns = {name: np.append(getattr(volumes, name), [77_77, -77_77]) for name in VOLUMES}
    entries = Volumes(members=twice, **columns)
    after = snapshot_of(period=snapshot.period, roll=roll, volumes=entries, carried=carried, terms=plan())

    assert run(snapshot, plan()).digest() == run(after, plan()).digest()


@settings(max_examples=100, deadline=None)
@given(cases())
def test_without_sales_nothing_is_paid(case: tuple[Snapshot, Terms]) -> None:
    """
    Where nothing is sold, now or in any window, no plan pays anybody anything but what earlier sales have earned.

    Below nothing are only titles that take back what they have paid, and what multiplies or matches that.
    """
    snapshot, terms = case
    nothing = {name: getattr(snapshot, name) * 0 for name in (*VOLUMES, "volumes_before", "units", "first_units")}
    outcome = run(replace(snapshot, **nothing), terms)

    paid = outcome.lines.amount_minor[outcome.lines.entry != Entry.RELEASED]
    assert not (paid > 0).any()
    assert not paid.any() or (outcome.lines.entry == Entry.CLAWED_BACK).any()
    assert not outcome.breakage.amount_minor.any()


@settings(max_examples=60, deadline=None)
@given(cases())
def test_what_was_sold_twice_as_much_counts_twice(case: tuple[Snapshot, Terms]) -> None:
    """
    With every order doubled, PV without a limit, TGV and the CV of everything below are doubled, whatever the plan.
    """
    snapshot, terms = case
    keeps = replace(terms.title_held, clawback_periods=0)
    terms = replace(terms, own_pv_limit=0, elsewhere={}, title_held=keeps)
    snapshot = replace(snapshot, held_paid_before=snapshot.held_paid_before[:, :0])
    twice = replace(snapshot, **{name: 2 * getattr(snapshot, name) for name in VOLUMES})
    once, more = run(snapshot, terms), run(twice, terms)

    for name in ("pv", "cv", "tgv", "total_cv"):
        assert (2 * getattr(once, name)).tolist() == getattr(more, name).tolist()
