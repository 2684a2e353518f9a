"""
What must hold of any two companies that differ in one thing: a recruit without sales, another tree beside, other names.
"""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.assemble import VOLUMES, Roll, Volumes, snapshot_of
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from tests.engine.networks import SHAPES, random_company
from tests.people import plan

TITLES = ("title", "held", "missed", "bonuses")
FROM_SALES = ("personal_minor", "differential_minor", "override_minor")
EARNED = (*FROM_SALES, "pool_minor", "bonus_minor")


@st.composite
def companies(draw: st.DrawFn) -> Snapshot:
    """Draw a company under the plan of the cases."""
    random = Random(draw(st.integers(0, 2**32)))
    return random_company(random, plan(), size=draw(st.integers(1, 30)), shape=draw(st.sampled_from(SHAPES)))


def _rows(snapshot: Snapshot, prefix: str = "") -> tuple[Roll, Volumes, dict[str, Carried]]:
    """Return the rows that a snapshot may have come from, every name with a prefix."""
    ids = [prefix + member for member in snapshot.members]
    names = [*ids, None]
    roll = Roll(
        ids=ids,
        sponsors=[names[at] for at in snapshot.sponsor],
        enrollers=[names[at] for at in snapshot.enroller],
        market=snapshot.market,
        days_since_joining=snapshot.days_since_joining,
        training=snapshot.training,
    )
    volumes = Volumes(members=ids, **{name: getattr(snapshot, name) for name in VOLUMES})
    before = zip(ids, *(getattr(snapshot, f"{name}_before").tolist() for name in TITLES), strict=True)
    return roll, volumes, {who: Carried(**dict(zip(TITLES, rest, strict=True))) for who, *rest in before}


def _together(one: Snapshot, other: Snapshot) -> Snapshot:
    """Set two companies side by side as one."""
    (roll, volumes, carried), (roll_2, volumes_2, carried_2) = _rows(one, "1"), _rows(other, "2")
    listed = {name: [*getattr(roll, name), *getattr(roll_2, name)] for name in ("ids", "sponsors", "enrollers")}
    names = ("market", "days_since_joining", "training")
    columns = {name: np.concatenate([getattr(roll, name), getattr(roll_2, name)]) for name in names}
    volumes = Volumes(
        members=listed["ids"],
        **{name: np.concatenate([getattr(volumes, name), getattr(volumes_2, name)]) for name in VOLUMES},
    )
    return snapshot_of(period=one.period, roll=Roll(**listed, **columns), volumes=volumes, carried=carried | carried_2)


def _earned(snapshot: Snapshot, outcome: Outcome, names: tuple[str, ...], prefix: str = "") -> dict[str, list[int]]:
    columns = [getattr(outcome, name).tolist() for name in names]
    return {prefix + who: list(each) for who, *each in zip(snapshot.members, *columns, strict=True)}


@settings(max_examples=150, deadline=None)
@given(companies(), st.data())
def test_a_recruit_without_sales_earns_nobody_anything(snapshot: Snapshot, data: st.DataObject) -> None:
    """
    A new member who sells nothing changes what nobody earns, wherever it is placed and whoever enrolled it.
    """
    roll, volumes, carried = _rows(snapshot)
    sponsor, enroller = (data.draw(st.sampled_from(snapshot.members)) for _ in range(2))
    grown = Roll(
        ids=[*roll.ids, "recruit"],
        sponsors=[*roll.sponsors, sponsor],
        enrollers=[*roll.enrollers, enroller],
        market=np.append(roll.market, 0),
        days_since_joining=np.append(roll.days_since_joining, 3),
        training=np.append(roll.training, True),
    )
    after = snapshot_of(period=snapshot.period, roll=grown, volumes=volumes, carried=carried)

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
@given(companies())
def test_names_decide_nothing_but_the_order(snapshot: Snapshot) -> None:
    """
    With other names in the same order everybody earns the same.
    """
    roll, volumes, carried = _rows(snapshot, "x")
    renamed = snapshot_of(period=snapshot.period, roll=roll, volumes=volumes, carried=carried)

    expected = _earned(snapshot, run(snapshot, plan()), EARNED, "x")

    assert expected == _earned(renamed, run(renamed, plan()), EARNED)


@settings(max_examples=100, deadline=None)
@given(companies())
def test_what_came_back_was_never_sold(snapshot: Snapshot) -> None:
    """
    An order and its full return in one period leave everything as it was.
    """
    roll, volumes, carried = _rows(snapshot)
    twice = [*volumes.members, *volumes.members[:1], *volumes.members[:1]]
    columns = {name: np.append(getattr(volumes, name), [77_77, -77_77]) for name in VOLUMES}
    after = snapshot_of(period=snapshot.period, roll=roll, volumes=Volumes(members=twice, **columns), carried=carried)

    assert run(snapshot, plan()).digest() == run(after, plan()).digest()
