"""
The volumes by their numbers: those that every plan has, and those that a plan names itself.
"""

from backend.engine.columns.sheet import Columns
from backend.engine.outcome import Outcome
from backend.engine.snapshot import Ints
from backend.plan.terms import VolumeNumber


def cv_of(columns: Columns | Outcome, number: int) -> Ints:
    """Return the CV of a volume by its number."""
    plain = {
        VolumeNumber.OWN: columns.cv,
        VolumeNumber.GROUP: columns.group_cv,
        VolumeNumber.TOTAL: columns.total_cv,
        VolumeNumber.SIDE: columns.side_cv,
    }
    found: Ints = (
        plain[VolumeNumber(number)] if number < VolumeNumber.NAMED else columns.named_cv[:, number - VolumeNumber.NAMED]
    )
    return found


def points_of(columns: Columns | Outcome, number: int) -> Ints:
    """Return the points of a volume by its number."""
    plain = {
        VolumeNumber.OWN: columns.pv,
        VolumeNumber.GROUP: columns.gv,
        VolumeNumber.TOTAL: columns.tgv,
        VolumeNumber.SIDE: columns.side_volume,
    }
    found: Ints = (
        plain[VolumeNumber(number)]
        if number < VolumeNumber.NAMED
        else columns.named_points[:, number - VolumeNumber.NAMED]
    )
    return found
