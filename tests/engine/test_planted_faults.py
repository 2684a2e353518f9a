"""
Faults planted in every stage and in every value of the plan: the auditor has to disagree with each.

An opinion that no fault changes would be worth nothing.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine import (
    activity,
    bonuses,
    compression,
    differential,
    overrides,
    personal,
    pipeline,
    pools,
    standing,
    title,
    volume,
)
from backend.engine.columns import Columns
from backend.engine.snapshot import Snapshot
from backend.kernel.points import Rounding
from backend.plan.terms import Requirement, Terms
from tests.engine.auditor import audited
from tests.engine.networks import MOST_POINTS, random_case
from tests.engine.opinions import apart, company_of, disagreements

FAULTY = range(300)
"""The seeds among which a planted fault has to show itself."""

Stage = Callable[[Snapshot, Terms, Columns], None]


def _with_terms(stage: Stage, **changed: Callable[[Terms], Any]) -> Stage:
    """Run a stage on terms that say another thing."""

    def faulty(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
        stage(snapshot, replace(terms, **{name: change(terms) for name, change in changed.items()}), columns)

    return faulty


def _with_snapshot(stage: Stage, **changed: Callable[[Snapshot], Any]) -> Stage:
    """Run a stage on a snapshot that says another thing."""

    def faulty(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
        stage(replace(snapshot, **{name: change(snapshot) for name, change in changed.items()}), terms, columns)

    return faulty


def _with_columns(stage: Stage, **changed: Callable[[Columns], Any]) -> Stage:
    """Run a stage on what the stages before did not write."""

    def faulty(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
        stage(snapshot, terms, replace(columns, **{name: change(columns) for name, change in changed.items()}))

    return faulty


def _then(stage: Stage, **changed: Callable[[Columns], Any]) -> Stage:
    """Write another thing over what a stage wrote."""

    def faulty(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
        stage(snapshot, terms, columns)
        for name, change in changed.items():
            getattr(columns, name)[:] = change(columns)

    return faulty


ENGINE_FAULTS: dict[str, tuple[ModuleType, Stage]] = {
    "own purchases count without limit": (volume, _with_terms(volume.stage, own_pv_limit=lambda _: 0)),
    "the limit cuts CV too": (volume, _then(volume.stage, cv=lambda columns: np.minimum(columns.cv, columns.pv))),
    "enrolments count for the sponsor": (
        activity,
        _with_snapshot(activity.stage, enroller=lambda snapshot: snapshot.sponsor),
    ),
    "who has not joined is active": (
        activity,
        _with_snapshot(activity.stage, days_since_joining=lambda snapshot: abs(snapshot.days_since_joining)),
    ),
    "a miss too many": (
        standing,
        _with_snapshot(standing.stage, missed_before=lambda snapshot: snapshot.missed_before + 1),
    ),
    "training is not asked for": (
        standing,
        _with_snapshot(standing.stage, training=lambda snapshot: np.ones_like(snapshot.training)),
    ),
    "nobody stays broken away by title": (
        standing,
        _with_terms(standing.stage, breakaway_title=lambda terms: len(terms.titles)),
    ),
    "the group keeps what broke away": (standing, _then(standing.stage, gv=lambda columns: columns.tgv)),
    "legs on the top step stay in the side volume": (
        standing,
        _then(standing.stage, side_volume=lambda columns: columns.gv),
    ),
    "the career is forgotten": (title, _then(title.stage, title=lambda columns: columns.achieved_title)),
    "the months held stand still": (title, _with_snapshot(title.stage, held_before=lambda _: 0)),
    "the inactive are paid": (compression, _then(compression.stage, paid_step=lambda columns: columns.step)),
    "personal commission on PV": (personal, _with_columns(personal.stage, cv=lambda columns: columns.pv)),
    "personal commission cut off": (
        personal,
        _with_terms(personal.stage, rounding=lambda terms: (terms.rounding + 1) % len(Rounding)),
    ),
    "breakaway does not close the path": (
        differential,
        _with_columns(differential.stage, broken_away=lambda columns: np.zeros_like(columns.broken_away)),
    ),
    "a passed-over percent is deducted": (
        differential,
        _with_columns(differential.stage, paid_step=lambda columns: columns.step),
    ),
    "another market's point": (
        differential,
        _with_snapshot(differential.stage, market=lambda snapshot: snapshot.market * 0),
    ),
    "the override gate stands open": (
        overrides,
        _with_columns(overrides.stage, override_gate=lambda columns: np.ones_like(columns.override_gate)),
    ),
    "every title sees all generations": (
        overrides,
        _with_terms(overrides.stage, titles=lambda terms: tuple(replace(one, generations=9) for one in terms.titles)),
    ),
    "overrides on the own volume alone": (
        overrides,
        _with_columns(overrides.stage, group_cv=lambda columns: columns.cv),
    ),
    "who is no leader takes a generation": (
        overrides,
        _with_terms(overrides.stage, breakaway_title=lambda _: 0),
    ),
    "the pool's gate stands open": (
        pools,
        _with_columns(pools.stage, pool_gate=lambda columns: np.ones_like(columns.pool_gate)),
    ),
    "legs weigh nothing in the pool": (
        pools,
        _with_terms(pools.stage, pool=lambda terms: replace(terms.pool, leg_points=0)),
    ),
    "all markets weigh the same": (
        pools,
        _with_terms(pools.stage, markets=lambda terms: tuple(replace(one, pool_weight=1) for one in terms.markets)),
    ),
    "the pool's last unit goes to another": (
        pools,
        _then(pools.stage, pool_minor=lambda columns: columns.pool_minor[::-1]),
    ),
    "a bonus is paid every month": (
        bonuses,
        _with_snapshot(bonuses.stage, bonuses_before=lambda snapshot: snapshot.bonuses_before * 0),
    ),
    "a fast start at any time": (
        bonuses,
        _with_terms(bonuses.stage, fast_start=lambda terms: replace(terms.fast_start, within_days=9999)),
    ),
    "a title held for a month": (
        bonuses,
        _with_terms(bonuses.stage, title_held=lambda terms: replace(terms.title_held, successive_periods=1)),
    ),
    "what was paid is forgotten": (bonuses, _then(bonuses.stage, bonuses=lambda columns: columns.bonuses * 0)),
}


@pytest.mark.parametrize("fault", ENGINE_FAULTS)
def test_sees_a_fault_in_a_stage(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage that does another thing than the rules say is found out, also where no law is broken."""
    module, faulty = ENGINE_FAULTS[fault]
    stages = tuple(faulty if stage is module.stage else stage for stage in pipeline.STAGES)
    monkeypatch.setattr(pipeline, "STAGES", stages)
    monkeypatch.setattr(pipeline, "broken_laws", lambda *_: [])
    assert any(apart(*random_case(seed)) for seed in FAULTY)


def test_every_stage_has_a_fault_planted() -> None:
    """No stage of the pipeline goes untried."""
    assert set(pipeline.STAGES) == {module.stage for module, _ in ENGINE_FAULTS.values()}


TERMS_FAULTS: dict[str, Callable[[Terms], dict[str, Any]]] = {
    "rounding": lambda terms: {"rounding": Rounding((terms.rounding + 1) % len(Rounding))},
    "own_pv_limit": lambda terms: {"own_pv_limit": terms.own_pv_limit + 4000},
    "active": lambda _: {"active": Requirement()},
    "steps": lambda terms: {"steps": (*terms.steps[:-1], replace(terms.steps[-1], percent_bp=3100))},
    "breakaway": lambda _: {"breakaway": Requirement()},
    "titles": lambda terms: {"titles": tuple(replace(one, keep=Requirement()) for one in terms.titles)},
    "maintenance": lambda terms: {"maintenance": replace(terms.maintenance, window_periods=9, grace_periods=9)},
    "overrides": lambda terms: {"overrides": replace(terms.overrides, rates_bp=terms.overrides.rates_bp[1:])},
    "pool": lambda terms: {"pool": replace(terms.pool, share_bp=201)},
    "fast_start": lambda terms: {
        "fast_start": replace(terms.fast_start, within_days=terms.fast_start.within_days + 30)
    },
    "title_held": lambda terms: {
        "title_held": replace(terms.title_held, successive_periods=terms.title_held.successive_periods + 1)
    },
    "markets": lambda terms: {"markets": tuple(replace(one, minor_per_point=3) for one in terms.markets)},
    "breakaway_title": lambda terms: {"breakaway_title": len(terms.titles)},
}


@pytest.mark.parametrize("name", TERMS_FAULTS)
def test_sees_another_plan(name: str) -> None:
    """An engine that reads one value of the plan wrongly is found out, whichever value it is."""
    for seed in FAULTY:
        snapshot, terms = random_case(seed)
        outcome = pipeline.run(snapshot, replace(terms, **TERMS_FAULTS[name](terms)))
        if disagreements(outcome, audited(terms, company_of(snapshot))):
            return
    pytest.fail(f"nobody noticed other {name}")


def test_sees_who_stands_on_the_line() -> None:
    """An engine that asks for more than a step's volume, by a hundredth of a point, is found out."""
    assert any(_with_steps_higher(*random_case(seed)) for seed in FAULTY)


def _with_steps_higher(snapshot: Snapshot, terms: Terms) -> list[str]:
    ways = [
        [
            [replace(c, at_least=c.at_least + 1) if c.measure in MOST_POINTS else c for c in way]
            for way in step.requirement.any_of
        ]
        for step in terms.steps
    ]
    steps = tuple(
        replace(step, requirement=Requirement(any_of=tuple(map(tuple, one))))
        for step, one in zip(terms.steps, ways, strict=True)
    )
    return disagreements(pipeline.run(snapshot, replace(terms, steps=steps)), audited(terms, company_of(snapshot)))


def test_no_part_of_the_plan_goes_untried() -> None:
    """Every field of the terms that is not a label has been read wrongly once."""
    labels = {name for name in Terms.__struct_fields__ if name in ("plan", "on") or name.endswith("_clause")}
    assert set(Terms.__struct_fields__) - labels == set(TERMS_FAULTS)
