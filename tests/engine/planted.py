"""
Faults in the stages: each is a stage that does another thing than the rules say, by the name of what it does.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from msgspec.structs import replace

from backend.engine import (
    activity,
    bonuses,
    compression,
    differential,
    holds,
    levels,
    limits,
    matches,
    multipliers,
    overrides,
    personal,
    pools,
    productions,
    standing,
    title,
    volume,
)
from backend.engine.columns.sheet import Columns
from backend.engine.snapshot import Snapshot
from backend.kernel.points import Rounding
from backend.plan.terms import Pause, Terms

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


def _each(name: str, **changed: Any) -> Callable[[Terms], Any]:
    """Return every bonus of a kind with other settings."""
    return lambda terms: tuple(replace(one, **changed) for one in getattr(terms, name))


def _rates(name: str) -> Callable[[Terms], Any]:
    """Return every bonus of a kind with its rates the other way round."""
    return lambda terms: tuple(replace(one, rates_bp=one.rates_bp[::-1]) for one in getattr(terms, name))


ENGINE_FAULTS: dict[str, tuple[ModuleType | Stage, Stage]] = {
    "own purchases count without limit": (volume, _with_terms(volume.stage, own_pv_limit=lambda _: 0)),
    "the limit cuts CV too": (volume, _then(volume.stage, cv=lambda columns: np.minimum(columns.cv, columns.pv))),
    "first orders stay the buyer's": (
        volume,
        _with_snapshot(volume.stage, first_cv=lambda snapshot: snapshot.first_cv * 0),
    ),
    "enrolments count for the sponsor": (
        activity,
        _with_snapshot(activity.stage, enroller=lambda snapshot: snapshot.sponsor),
    ),
    "who has not joined is active": (
        activity,
        _with_snapshot(activity.stage, days_since_joining=lambda snapshot: abs(snapshot.days_since_joining)),
    ),
    "what the company states of activity is not heard": (
        activity,
        _with_snapshot(activity.stage, active_stated=lambda snapshot: snapshot.active_stated * 0 - 1),
    ),
    "a miss too many": (
        standing,
        _with_snapshot(standing.stage, missed_before=lambda snapshot: snapshot.missed_before + 1),
    ),
    "training is not asked for": (
        standing,
        _with_snapshot(standing.stage, training=lambda snapshot: np.ones_like(snapshot.training)),
    ),
    "marks of earlier periods are forgotten": (
        standing,
        _with_snapshot(standing.stage, marks_before=lambda snapshot: snapshot.marks_before * 0),
    ),
    "windows are forgotten": (
        standing,
        _with_snapshot(standing.stage, volumes_before=lambda snapshot: snapshot.volumes_before * 0),
    ),
    "foster legs are legs as any": (
        standing,
        _with_snapshot(standing.stage, foster=lambda snapshot: np.zeros_like(snapshot.foster)),
    ),
    "a closed position leads on": (
        standing,
        _with_snapshot(standing.stage, closed=lambda snapshot: np.zeros_like(snapshot.closed)),
    ),
    "the group keeps what broke away": (standing, _then(standing.stage, gv=lambda columns: columns.tgv)),
    "legs on the top step stay in the side volume": (
        standing,
        _then(standing.stage, side_volume=lambda columns: columns.gv),
    ),
    "the career is forgotten": (title, _then(title.stage, title=lambda columns: columns.achieved_title)),
    "the months held stand still": (
        title,
        _with_snapshot(title.stage, held_before=lambda snapshot: snapshot.held_before * 0),
    ),
    "the inactive are paid": (compression, _then(compression.stage, paid_step=lambda columns: columns.step)),
    "personal commission on PV": (personal, _with_columns(personal.stage, cv=lambda columns: columns.pv)),
    "personal commission cut off": (
        personal,
        _with_terms(personal.stage, rounding=lambda terms: (terms.rounding + 1) % len(Rounding)),
    ),
    "too few customers are enough": (
        personal,
        _with_snapshot(personal.stage, customer_share_bp=lambda snapshot: snapshot.customer_share_bp * 0 + 10_000),
    ),
    "breakaway does not close the path": (
        differential,
        _with_columns(differential.stage, broken_away=lambda columns: np.zeros_like(columns.broken_away)),
    ),
    "the differential is rounded line by line": (
        differential,
        _with_terms(differential.stage, rounded_on_sum=lambda _: False),
    ),
    "the first market's levels hold in all": (
        differential,
        _with_terms(differential.stage, elsewhere=lambda _: {}),
    ),
    "another percent is deducted": (
        differential,
        _with_columns(differential.stage, percent_bp=lambda columns: columns.percent_bp + 100),
    ),
    "another market's point": (
        differential,
        _with_snapshot(differential.stage, market=lambda snapshot: snapshot.market * 0),
    ),
    "all gates of overrides stand open": (
        overrides,
        _with_columns(overrides.stage, gates=lambda columns: columns.gates * 0 - 1),
    ),
    "every title sees all generations": (
        overrides,
        _with_terms(overrides.stage, titles=lambda terms: tuple(replace(one, generations=9) for one in terms.titles)),
    ),
    "overrides on the own volume alone": (
        overrides,
        _with_columns(overrides.stage, group_cv=lambda columns: columns.cv),
    ),
    "guarantees are asked of whom the company spares": (
        overrides,
        _with_snapshot(overrides.stage, granted=lambda snapshot: np.zeros_like(snapshot.granted)),
    ),
    "productions on PV": (productions, _with_columns(productions.stage, cv=lambda columns: columns.pv)),
    "the gates of productions stand open": (
        productions,
        _with_columns(productions.stage, gates=lambda columns: columns.gates * 0 - 1),
    ),
    "level rates the other way round": (levels, _with_terms(levels.stage, levels=_rates("levels"))),
    "enrollers are sponsors": (levels, _with_snapshot(levels.stage, enroller=lambda snapshot: snapshot.sponsor)),
    "newcomers for ever": (levels, _with_terms(levels.stage, levels=_each("levels", within_days=0))),
    "the pool's gate stands open": (
        pools,
        _with_columns(pools.stage, gates=lambda columns: columns.gates * 0 - 1),
    ),
    "legs weigh nothing in the pool": (pools, _with_terms(pools.stage, pools=_each("pools", leg_points=0))),
    "all markets weigh the same": (
        pools,
        _with_terms(pools.stage, markets=lambda terms: tuple(replace(one, pool_weight=1) for one in terms.markets)),
    ),
    "the pool's last unit goes to another": (
        pools,
        _then(pools.stage, pool_minor=lambda columns: columns.pool_minor[::-1]),
    ),
    "a year's pool in every month": (pools, _with_snapshot(pools.stage, year_ends=lambda _: True)),
    "a bonus is paid every month": (
        bonuses,
        _with_snapshot(bonuses.stage, bonuses_before=lambda snapshot: snapshot.bonuses_before * 0),
    ),
    "instalments begin anew": (
        bonuses,
        _with_snapshot(bonuses.stage, instalments_before=lambda snapshot: snapshot.instalments_before * 0),
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
    "what was paid comes back at any time": (
        bonuses,
        _with_terms(bonuses.stage, title_held=lambda terms: replace(terms.title_held, clawback_periods=99)),
    ),
    "nothing paid is remembered": (bonuses, _then(bonuses.stage, held_paid=lambda columns: columns.held_paid * 0)),
    "a lost title pays again": (
        bonuses,
        _with_terms(bonuses.stage, title_held=lambda terms: replace(terms.title_held, restarts=True)),
    ),
    "the gates of multipliers stand open": (
        multipliers,
        _with_columns(multipliers.stage, gates=lambda columns: columns.gates * 0 - 1),
    ),
    "multiplier rates the other way round": (
        multipliers,
        _with_terms(multipliers.stage, multipliers=_rates("multipliers")),
    ),
    "everything is multiplied": (
        multipliers,
        _with_terms(multipliers.stage, multipliers=_each("multipliers", bonuses=tuple(range(12)))),
    ),
    "match rates the other way round": (matches, _with_terms(matches.stage, matches=_rates("matches"))),
    "matches of the personal commission alone": (
        matches,
        _with_terms(matches.stage, matches=_each("matches", bonuses=(0,))),
    ),
    "first orders are paid alone by nobody": (
        volume,
        _with_terms(volume.stage, levels=_each("levels", alone=False)),
    ),
    "units are counted once more": (levels, _with_snapshot(levels.stage, units=lambda snapshot: snapshot.units * 2)),
    "units of any order are of the first": (
        levels,
        _with_snapshot(levels.stage, first_units=lambda snapshot: snapshot.units),
    ),
    "no cap cuts before matches": (limits.before_matches, _with_terms(limits.before_matches, caps=lambda _: ())),
    "no cap cuts": (limits, _with_terms(limits.stage, caps=lambda _: ())),
    "caps on all bonuses": (limits, _with_terms(limits.stage, caps=_each("caps", bonuses=()))),
    "nobody is paused": (holds, _with_snapshot(holds.stage, paused=lambda snapshot: snapshot.paused * 0)),
    "nobody is paused by the plan": (holds, _with_terms(holds.stage, pause=lambda _: Pause())),
    "nothing is released": (
        holds,
        _with_snapshot(holds.stage, carried_minor_before=lambda snapshot: snapshot.carried_minor_before * 0),
    ),
}
"""Each fault with the module or stage that it stands in for, and the faulty stage."""
