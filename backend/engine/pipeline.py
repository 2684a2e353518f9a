"""
The pipeline: the stages of the plan in their order, from a snapshot to an outcome.

Each stage reads the snapshot, the terms and what the stages before it wrote. Nothing leaves before the laws have been
asked.
"""

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
from backend.engine.amounts.lines import in_order, joined
from backend.engine.amounts.merging import merged
from backend.engine.columns.sheet import Columns, held_width
from backend.engine.laws import LawBroken, broken_laws
from backend.engine.outcome import Lines, Outcome
from backend.engine.periods.history import width
from backend.engine.snapshot import Snapshot, columns_of
from backend.engine.upline.nearest import breadth_first
from backend.plan.terms import Terms

STAGES = (
    volume.stage,
    activity.stage,
    standing.stage,
    title.stage,
    compression.stage,
    personal.stage,
    differential.stage,
    overrides.stage,
    productions.stage,
    levels.stage,
    pools.stage,
    bonuses.stage,
    multipliers.stage,
    limits.before_matches,
    matches.stage,
    limits.stage,
    holds.stage,
)


def run(snapshot: Snapshot, terms: Terms) -> Outcome:
    """
    Compute one period: what the plan makes of the snapshot.

    Raises TooLarge before anything is computed, and LawBroken with every law that the outcome breaks.
    """
    _assert_fits(snapshot, terms)
    columns = Columns.blank(len(snapshot.members), terms)
    for stage in STAGES:
        stage(snapshot, terms, columns)
    outcome = _outcome(snapshot, columns)
    if broken := broken_laws(snapshot, terms, outcome):
        raise LawBroken(broken)
    return outcome


def _assert_fits(snapshot: Snapshot, terms: Terms) -> None:
    """Kernels trust every index that they follow, so each is looked at before."""
    size = len(snapshot.members)
    wide = {
        "marks_before": len(terms.marks),
        "volumes_before": width(terms),
        "held_paid_before": held_width(terms),
        "units": len(terms.products),
        "first_units": len(terms.products),
    }
    bounds = {
        "sponsor": (-1, size),
        "enroller": (-1, size),
        "market": (0, len(terms.markets)),
        "title_before": (0, len(terms.titles)),
        "best_title_before": (0, len(terms.titles)),
        "step_before": (0, len(terms.steps)),
        "first_leg": (0, size + 1),
        "leg_count": (0, size + 1),
    }
    for name in columns_of(Snapshot):
        column = getattr(snapshot, name)
        low, high = bounds.get(name, (None, None))
        shape = (size, wide[name]) if name in wide else (size,)
        assert column.shape == shape, f"{name} has not one value a member"
        assert low is None or size == 0 or (column.min() >= low and column.max() < high), f"{name} points at nothing"
    assert breadth_first(snapshot.sponsor, snapshot.first_leg, snapshot.leg_count), "members stand breadth first"


def _outcome(snapshot: Snapshot, columns: Columns) -> Outcome:
    """Freeze the sheet."""
    found = {name: getattr(columns, name) for name in columns_of(Outcome)}
    lines = merged(columns.lines, len(snapshot.members))
    breakage = in_order(joined(columns.breakage))
    of_lines = [getattr(sheet, name) for sheet in (lines, breakage) for name in columns_of(Lines)]
    for column in [*found.values(), *of_lines]:
        column.setflags(write=False)
    return Outcome(period=snapshot.period, came_from=snapshot, **found, lines=lines, breakage=breakage)
