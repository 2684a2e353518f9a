"""
The pipeline: the stages of the plan in their order, from a snapshot to an outcome.

Each stage reads the snapshot, the terms and what the stages before it wrote. Nothing leaves before the laws have been
asked.
"""

import numpy as np

from backend.engine import (
    activity,
    bonuses,
    compression,
    differential,
    overrides,
    personal,
    pools,
    standing,
    title,
    volume,
)
from backend.engine.columns import Columns
from backend.engine.laws import LawBroken, broken_laws
from backend.engine.lines import merged
from backend.engine.outcome import Outcome
from backend.engine.snapshot import Snapshot
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
    pools.stage,
    bonuses.stage,
)


def run(snapshot: Snapshot, terms: Terms) -> Outcome:
    """
    Compute one period: what the plan makes of the snapshot.

    Raises volume.TooLarge before anything is computed, and LawBroken with every law that the outcome breaks.
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
    bounds = {
        "sponsor": (-1, size),
        "enroller": (-1, size),
        "market": (0, len(terms.markets)),
        "title_before": (0, len(terms.titles)),
        "first_leg": (0, size + 1),
        "leg_count": (0, size + 1),
    }
    for name in snapshot.__struct_fields__[2:]:
        column = getattr(snapshot, name)
        low, high = bounds.get(name, (None, None))
        assert column.shape == (size,), f"{name} has not one value a member"
        assert low is None or size == 0 or (column.min() >= low and column.max() < high), f"{name} points at nothing"
    legs_end = snapshot.first_leg + snapshot.leg_count
    behind = (snapshot.first_leg > np.arange(size)) | (snapshot.leg_count == 0)
    assert ((legs_end <= size) & behind & (snapshot.sponsor < np.arange(size))).all(), "members stand breadth first"


def _outcome(snapshot: Snapshot, columns: Columns) -> Outcome:
    """Freeze the sheet."""
    found = {name: getattr(columns, name) for name in Outcome.__struct_fields__ if name in Columns.__struct_fields__}
    found["lines"] = merged(columns.lines)
    for column in [*found.values(), *(getattr(found["lines"], name) for name in found["lines"].__struct_fields__)]:
        if hasattr(column, "setflags"):
            column.setflags(write=False)
    return Outcome(period=snapshot.period, snapshot_digest=snapshot.digest(), **found)
