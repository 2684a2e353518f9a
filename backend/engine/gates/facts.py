"""
Facts: what the standing pass knows of each member, what it writes, and the plan's numbers, as kernels take them.
"""

from typing import Any, NamedTuple

import numpy as np

from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.exclusions import Exclusions, exclusions_of
from backend.engine.gates.personal import Personal, personal_of
from backend.engine.gates.requirements import Rules
from backend.engine.periods.history import brought
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.plan.terms import FallsTo, Terms


class Facts(NamedTuple):
    """What is known of each member before any group is: the tree, own volumes, activity, and what is carried in."""

    first_leg: Indexes
    leg_count: Indexes
    market: Indexes
    foster: Flags
    closed: Flags
    granted: Flags
    qualified: Indexes
    percent_held_bp: Indexes
    pv: Ints
    cv: Ints
    enrolled_active: Indexes
    active: Flags
    step_before: Indexes
    title_before: Indexes
    best_title_before: Indexes
    held_before: Indexes
    missed_before: Indexes
    broke_away_before: Flags
    marks_before: Ints


class Found(NamedTuple):
    """What the pass writes of each member, as the sheet names it."""

    gv: Ints
    group_cv: Ints
    tgv: Ints
    total_cv: Ints
    side_volume: Ints
    side_cv: Ints
    named_points: Ints
    named_cv: Ints
    legs_selling: Indexes
    legs_broken_away: Indexes
    marks: Ints
    gates: Ints
    step: Indexes
    fast_step: Indexes
    percent_bp: Ints
    payable_step: Indexes
    broken_away: Flags
    achieved_title: Indexes
    upkeep: Indexes
    title: Indexes


class Limits(NamedTuple):
    """The plan's numbers and words that are no requirement."""

    percents_bp: Ints
    """Markets × steps."""
    floor: bool
    percent_stated: bool
    fast_at_once: bool
    mark_stated: Flags
    stays: int
    breakaway_title: int
    closes_volume: bool
    sold: Ints
    """Per market: who has less PV, and neither brings anything nor is spared, reaches nothing."""


class LimitsOfTitles(NamedTuple):
    """The plan's numbers of maintenance, those of each market."""

    window_periods: Ints
    grace_periods: Ints
    locked_periods: Ints
    one_down: bool


class Sheet(NamedTuple):
    """All that the pass from the leaves reads and writes."""

    facts: Facts
    personal: Personal
    rules: Rules
    limits: Limits
    titles: LimitsOfTitles
    left_out: Exclusions
    before_points: Ints
    """Members × named volumes: what earlier periods bring into each window."""
    deep_points: Ints
    """Members × named volumes × levels: this period's part from level 1, 2, … down, up to the level that counts."""
    deep_cv: Ints
    tests: Ints
    """Bit t: the member passes test t of `requirements.tests_of`."""
    tests_below: Ints
    """The same for the member or anyone below."""
    found: Found


def sheet_of(snapshot: Snapshot, terms: Terms, columns: Columns) -> Sheet:
    """Lay out the sheet of a period; what the pass finds is written on the columns."""
    known = {**_fields(snapshot), **_fields(columns)}
    deep = (len(snapshot.members), len(terms.volumes), max((volume.level for volume in terms.volumes), default=0))
    return Sheet(
        facts=Facts(**{name: known[name] for name in Facts._fields}),
        personal=personal_of(snapshot, columns),
        rules=columns.rules,
        limits=_limits(terms, columns.rules),
        titles=limits_of(terms),
        left_out=exclusions_of(terms),
        before_points=brought(snapshot, terms)[0],
        deep_points=np.zeros(deep, dtype=np.int64),
        deep_cv=np.zeros(deep, dtype=np.int64),
        tests=np.empty(len(snapshot.members), dtype=np.int64),
        tests_below=np.empty(len(snapshot.members), dtype=np.int64),
        found=Found(**{name: known[name] for name in Found._fields}),
    )


def _limits(terms: Terms, rules: Rules) -> Limits:
    ladder, breakaway = terms.ladder, terms.breakaway
    return Limits(
        percents_bp=by_market(terms, lambda there: [step.percent_bp for step in there.steps]),
        floor=ladder.frontline_floor,
        percent_stated=ladder.stated,
        fast_at_once=ladder.fast_track_at_once,
        mark_stated=np.array([mark.stated for mark in terms.marks], dtype=np.bool_),
        stays=int(breakaway.stays),
        breakaway_title=breakaway.title,
        closes_volume=breakaway.closes_volume,
        sold=np.zeros_like(rules.sold) if ladder.frontline_floor else rules.sold,
    )


def _fields(sheet: Snapshot | Columns) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in sheet.__struct_fields__}


def limits_of(terms: Terms) -> LimitsOfTitles:
    """Return the numbers of maintenance as kernels take them."""
    return LimitsOfTitles(
        window_periods=by_market(terms, lambda there: there.maintenance.window_periods),
        grace_periods=by_market(terms, lambda there: there.maintenance.grace_periods),
        locked_periods=by_market(terms, lambda there: there.maintenance.locked_periods),
        one_down=terms.maintenance.falls_to == FallsTo.ONE_DOWN,
    )
