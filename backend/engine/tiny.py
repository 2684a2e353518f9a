"""
A company of three under a plan of one step: the smallest that runs through every kernel, to compile them all.
"""

import numpy as np

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import Roll, Volumes, snapshot_of
from backend.engine.pipeline import run
from backend.kernel.points import Rounding
from backend.plan.terms import (
    Breakaway,
    Condition,
    FastStart,
    Maintenance,
    Market,
    Measure,
    Override,
    Pool,
    Requirement,
    Step,
    Terms,
    Title,
    TitleHeld,
)

ANYONE = Requirement()
SELLER = Requirement(any_of=((Condition(measure=Measure.PV, at_least=100_00),),))


def tiny_terms() -> Terms:
    """Return a plan in which who sells 100 points earns 10 %, breaks away and leads."""
    return Terms(
        plan="tiny",
        on="any day",
        rounding=Rounding.HALF_UP,
        active=ANYONE,
        steps=(
            Step(id="foot", name="Foot", percent_bp=0, requirement=ANYONE),
            Step(id="ten", name="Ten", percent_bp=1000, requirement=SELLER),
        ),
        breakaway=Breakaway(requirement=SELLER, title=1),
        titles=(
            Title(id="member", name="Member", requirement=ANYONE, keep=ANYONE),
            Title(id="leader", name="Leader", requirement=SELLER, keep=SELLER, generations=1, pool_points=1),
        ),
        maintenance=Maintenance(window_periods=3, grace_periods=1),
        overrides=(Override(id="generations", name="Generations", rates_bp=((500,),), lowest_title=1),),
        pools=(Pool(id="pool", name="Pool", share_bp=100),),
        fast_start=FastStart(within_days=90),
        title_held=TitleHeld(successive_periods=3),
        markets=(Market(id="any", currency="USD", minor_per_point=100, return_days=30),),
    )


def run_tiny() -> Outcome:
    """Compute the tiny company once; what numba compiles for it is what it uses for any company."""
    pv = np.array([200_00, 150_00, 50_00], dtype=np.int64)
    none = np.zeros(3, dtype=np.int64)
    ids = ("ADA", "BEN", "CAT")
    roll = Roll(
        ids=ids,
        sponsors=(None, "ADA", "ADA"),
        enrollers=(None, "ADA", "ADA"),
        market=none.astype(np.int32),
        days_since_joining=none.astype(np.int32),
        training=np.zeros(3, dtype=np.bool_),
    )
    volumes = Volumes(members=ids, own_pv=pv, customer_pv=none, own_cv=pv, customer_cv=none, provisional_pv=none)
    return run(snapshot_of(period="2026-10", roll=roll, volumes=volumes, carried={}, terms=tiny_terms()), tiny_terms())
