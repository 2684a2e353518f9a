"""
The zone of equal percents: the stretch before a leg's breakaway on which the upline earns nothing on it.

Between two steps of the leg's leader only the upline's percent can rise with the leg's volume; so a stretch whose end
lies in the zone lies in it as a whole, and the engine is asked once a step.
"""

from functools import partial

from backend.engine.gates.measures import Member
from backend.forecast.path import Path, moment
from backend.forecast.preview import Moment, Zone
from backend.forecast.reach import Missing, steps_from
from backend.forecast.ways import any_of
from backend.plan.terms import Requirement, Terms


def zone_of(path: Path) -> Zone:
    """Return the zone at the end of a leg's path, which leads to its breakaway; empty where there is none."""
    if not path.own:
        return _of_others(path, path.late(0).leg_points, None)
    ends = path.early(path.own - 1).leg_points + 1
    begin: int | None = None
    end = path.own
    for start in reversed(_starts(path)):
        if not is_equal(path.early(end - 1)):
            break
        begin = end = start
    if begin is None:
        return Zone(from_points=ends, to_points=ends, begins=None)
    first = path.early(begin)
    if begin == 0 and path.others:
        return _of_others(path, ends, first)
    return Zone(from_points=first.leg_points, to_points=ends, begins=first)


def is_equal(at: Moment) -> bool:
    """Say whether a leg is paid as much as the upline, or more, and has not broken away."""
    return at.leg_percent_bp >= at.percent_bp > 0 and not at.leg_broken_away


def _starts(path: Path) -> list[int]:
    """Return from which own sales of the leader on its percent may be another, up to the day."""
    base = path.sold_before(path.others, 0)
    missing = Missing(base.snapshot, base.plan, base.outcome)
    points = [int(missing.to(partial(_step, step=step))[path.leg]) for step in range(1, len(base.plan.steps))]
    points.append(int(missing.to_be_active()[path.leg]))
    return sorted({0, *(each for each in points if each < path.own)})


def _step(terms: Terms, step: int) -> Requirement:
    return any_of(steps_from(terms, step))


def _of_others(path: Path, ends: int, first: Moment | None) -> Zone:
    """Return the zone where it begins while others in the leg sell: by halving between today and all that they sell."""
    nothing = Zone(from_points=ends, to_points=ends, begins=None)
    total = sum(path.others.values())
    if first is None and (not total or not is_equal(_partly(path, total - 1))):
        return nothing
    low, high = -1, total if first else total - 1
    if is_equal(_partly(path, 0)):
        high = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_equal(_partly(path, middle)) else (middle, high)
    begins = _partly(path, high)
    return Zone(from_points=begins.leg_points, to_points=ends, begins=begins)


def _partly(path: Path, points: int) -> Moment:
    """Return the moment at which others in the leg have sold so much together, one after another."""
    sold: dict[int, int] = {}
    for index, whole in path.others.items():
        sold[index] = min(whole, points)
        points -= sold[index]
    upline: Member = path.sold_before(sold, 0)
    return moment(upline, path.leg)
