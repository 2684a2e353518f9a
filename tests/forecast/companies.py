"""
Small companies under the plan that ships: people in, snapshots and rests out.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from backend.engine.assemble import Roll, Volumes, snapshot_of
from backend.engine.snapshot import Carried, Snapshot
from backend.forecast.projection import Rest
from backend.kernel.period import Period
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms

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
