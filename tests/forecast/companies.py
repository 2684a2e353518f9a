"""
Small companies under the plan that ships: people in, snapshots and rests out.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.periods.assemble import Roll, Volumes, snapshot_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.projection import Rest
from backend.kernel.period import Period
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import (
    Condition,
    Exclusion,
    GroupVolume,
    Mark,
    Measure,
    Reach,
    Requirement,
    Terms,
    VolumeNumber,
    Window,
)

CASES = Path(__file__).parents[1] / "engine/cases/plan.toml"
PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
POINT = 100
FOOT, FIVE, EIGHT, TWELVE, SIXTEEN, TWENTY, MANAGER = range(7)
DISTRIBUTOR, SUPERVISOR, MANAGER_TITLE, SENIOR = range(4)


class Person(NamedTuple):
    """A member as a test writes one; volumes are points, CV is as much as PV."""

    id: str
    sponsor: str | None = None
    own: int = 0
    customers: int = 0
    days: int = 400
    training: bool = True
    carried: Carried = Carried()


@cache
def default_terms() -> Terms:
    """Return the terms of the plan that ships, in October 2026."""
    return terms_on(read_plan(PLAN.read_text(), "stairstep.toml"), Period(2026, 10).first_day)


def requiring(*way: Condition) -> Requirement:
    """Write a requirement of one way."""
    return Requirement(any_of=(way,))


@cache
def named_terms() -> Terms:
    """
    Return a plan whose ladder asks for named volumes and a mark.

    `bracket` leaves out broken-away legs and those on the 20 % step, and counts over three periods; `legs` counts legs
    alone; a seller has 100 points of customers. The higher steps ask for two legs with 300 points of bracket volume, in
    anyone's hands, and a mark.
    """
    terms, first = default_terms(), int(VolumeNumber.NAMED)
    broken, twenty = (Exclusion(measure=each, of=TWENTY) for each in (Measure.LEGS_BROKEN_AWAY, Measure.STEP))
    volumes = (
        GroupVolume(
            id="bracket", name="Bracket volume", less=(replace(broken, of=0), twenty), window=Window.LAST, periods=3
        ),
        GroupVolume(id="legs", name="Volume of the legs", own=False, leg_limit=1_000 * POINT),
    )
    seller = Mark(
        id="seller",
        name="Seller",
        requirement=requiring(Condition(measure=Measure.CUSTOMER_PV, at_least=100 * POINT)),
    )
    sells = Condition(measure=Measure.MARK, at_least=1, of=0)
    legs = Condition(measure=Measure.LEGS_WITH_VOLUME, at_least=2, of=300 * POINT, volume=first, reach=Reach.ANYWHERE)
    in_legs = Condition(measure=Measure.VOLUME, at_least=400 * POINT, volume=first + 1)
    steps = [terms.steps[0]]
    for number, step in enumerate(terms.steps[1:], start=1):
        conditions = [Condition(measure=Measure.VOLUME, at_least=number * 300 * POINT, volume=first)]
        conditions += [sells] if number > 1 else []
        conditions += [legs] if number > 3 else []
        conditions += [in_legs] if number > 4 else []
        steps.append(replace(step, requirement=requiring(*conditions)))
    return replace(terms, volumes=volumes, marks=(seller,), steps=tuple(steps))


def company(*people: Person, terms: Terms | None = None) -> Snapshot:
    """
    Return the snapshot of a period in which these people sold what they say; the sponsor is the enroller.

    Without terms the windows are those of the plan that ships.
    """
    own, customers = (
        POINT * np.array([getattr(each, name) for each in people], dtype=np.int64) for name in ("own", "customers")
    )
    roll = Roll(
        ids=[each.id for each in people],
        sponsors=[each.sponsor for each in people],
        enrollers=[each.sponsor for each in people],
        market=np.zeros(len(people), dtype=np.int32),
        days_since_joining=np.array([each.days for each in people], dtype=np.int32),
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
    carried = {each.id: each.carried for each in people}
    return snapshot_of(period="2026-10", roll=roll, volumes=volumes, carried=carried, terms=terms or default_terms())


def rest(snapshot: Snapshot, customers: Mapping[str, int], *, absent: Sequence[str] = ()) -> Rest:
    """Return the rest of a past period in which customers bought so many points; who was absent had not joined."""
    bought = POINT * np.array([customers.get(member, 0) for member in snapshot.members], dtype=np.int64)
    nothing = np.zeros_like(bought)
    there = np.array([member not in absent for member in snapshot.members], dtype=np.bool_)
    return Rest(own_pv=nothing, customer_pv=bought, own_cv=nothing, customer_cv=bought, there=there)


@cache
def terms_of_cases() -> Terms:
    """Return the plan of the engine's cases: 0, 5, 10 and 20 % from 0, 200, 500 and 1,000 points of GV."""
    return terms_on(read_plan(CASES.read_text(), "plan.toml"), Period(2026, 10).first_day)


def computed(snapshot: Snapshot, terms: Terms, who: str) -> Member:
    """Return one member of a company, computed."""
    return Member(snapshot=snapshot, plan=terms, outcome=run(snapshot, terms), index=snapshot.members.index(who))


def manager_team(*, top: str = "M", sponsor: str | None = None, own: int = 300, legs: int = 3) -> list[Person]:
    """Return a leader and as many legs of 800 points: with three of them, all that the Manager step asks for."""
    below = [Person(f"{top}{number}", top, own=300, customers=500) for number in range(legs)]
    return [Person(top, sponsor, own=own), *below]


@st.composite
def peoples(draw: st.DrawFn) -> list[Person]:
    """Draw up to 25 people in a random tree, a few of them holding titles, with sales that reach every step."""
    size = draw(st.integers(1, 25))
    return [draw(_person(number)) for number in range(size)]


@st.composite
def _person(draw: st.DrawFn, number: int) -> Person:
    sponsor = draw(st.none() | st.integers(0, number - 1)) if number else None
    title = draw(st.sampled_from([0, 0, 0, SUPERVISOR, MANAGER_TITLE, SENIOR]))
    missed = draw(st.integers(0, 2)) if title else 0
    return Person(
        f"P{number:02d}",
        None if sponsor is None else f"P{sponsor:02d}",
        own=draw(st.sampled_from([-40, 0, 60, 120, 300])),
        customers=draw(st.sampled_from([-30, 0, 90, 400, 900, 2600])),
        training=draw(st.booleans()),
        carried=Carried(title=title, held=min(title, 1), missed=missed),
    )
