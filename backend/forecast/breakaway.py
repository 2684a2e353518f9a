"""
Breakaway: what a leg's breakaway does to the income and the title of the member above it, found by running the engine.

The leg is led along a path: customers buy from its leader until it breaks away, and from there on. Nothing is reckoned
beside the engine; each point of the path is a whole period computed with the sales that lead there.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np
from msgspec.structs import replace

from backend.engine.gates.measures import Member, holds, nearest_way
from backend.engine.pipeline import run
from backend.forecast.gap import check_of
from backend.forecast.later import months_after
from backend.forecast.path import Path, moment, path_of
from backend.forecast.preview import Alone, Later, Moment, NeverOvertakes, Overtakes, Preview
from backend.forecast.zone import zone_of
from backend.plan.terms import Groups, Override

VOLUMES = ("own_pv", "customer_pv", "own_cv", "customer_cv", "first_pv", "first_cv")
UNITS = ("units", "first_units")

QUARTERS_ON = (3, 9)
"""Months after that of the breakaway: one quarter and three."""

OF_THE_DAY = ("others_sell_as_to_date", "months_like_the_day")
"""What is assumed of whatever lies ahead."""

DOUBLINGS = 10
"""How often the volume of the day of breakaway is doubled in search of where the override overtakes."""


def preview(member: Member, leg: int) -> Preview:
    """
    Return the before and after of the breakaway of one frontline leg, by its index, that has not broken away.

    Everybody else sells as to date. Some thirty to fifty runs of the engine, each O(n).
    """
    assert member.legs.start <= leg < member.legs.stop, "not a frontline leg"
    assert not member.outcome.broken_away[leg], "has broken away already"
    path, now = path_of(member, leg), moment(member, leg)
    day = path.late(path.own) if path.leads_there else None
    return Preview(
        member=member.id,
        leg=member.snapshot.members[leg],
        currency=member.terms.markets[member.of("market")].currency,
        now=now,
        zone=zone_of(path) if day else None,
        day=day,
        day_sales=path.sales_by_id() if day else {},
        later=tuple(_later(path)) if day else (),
        overtake=_overtake(path, now, day),
        alone=_alone(day or moment(_without(member, leg), leg)),
        unsold=path.unsold,
        assumptions=(*OF_THE_DAY, *path.assumptions) if day else ("leg_without_volume",),
    )


def _without(member: Member, leg: int) -> Member:
    """Return the member in a period in which the leg's open group has sold nothing."""
    group = np.zeros(len(member.snapshot.members), dtype=np.bool_)
    group[leg] = True
    sponsors, apart = member.snapshot.sponsor.tolist(), member.outcome.broken_away.tolist()
    for index in range(leg + 1, group.size):
        group[index] = sponsors[index] >= 0 and group[sponsors[index]] and not apart[index]
    columns = {name: np.where(group, 0, getattr(member.snapshot, name)) for name in VOLUMES}
    columns |= {name: np.where(group[:, None], 0, getattr(member.snapshot, name)) for name in UNITS}
    snapshot = replace(member.snapshot, **columns)
    return replace(member, snapshot=snapshot, outcome=run(snapshot, member.plan))


def _overtake(path: Path, now: Moment, day: Moment | None) -> Overtakes | NeverOvertakes:
    """Return from which GV of the leg on it brings, broken away, at least what it brings today."""
    lost = now.through_leg_minor
    if day is None:
        return NeverOvertakes(reason="no_breakaway", missed=path.unsold)
    if lost <= 0:
        return NeverOvertakes(reason="nothing_lost")
    if day.through_leg_minor >= lost:
        return Overtakes(leg_points=day.leg_points, moment=day)
    low, step = path.own, max(day.leg_points, 1)
    for _ in range(DOUBLINGS):
        if path.late(low + step).through_leg_minor >= lost:
            found = path.late(_least(path, lost, low, low + step))
            return Overtakes(leg_points=found.leg_points, moment=found)
        if not path.late(low + step).leg_override_minor:
            return _why_none(path)
        low, step = low + step, 2 * step
    return NeverOvertakes(reason="beyond")


def _least(path: Path, lost: int, low: int, high: int) -> int:
    """
    Return sales of the leader at which the leg brings what is lost, and with a hundredth less does not.

    At `low` it brings less and at `high` enough. What it brings runs nearly straight, so a line between the two is
    followed first, then steps that double, then halves.
    """

    def brings(points: int) -> int:
        return path.late(points).through_leg_minor

    slope = brings(high) - brings(low)
    guess = low + -(-(lost - brings(low)) * (high - low) // slope)
    guess, step = min(max(guess, low + 1), high), 1
    if brings(guess) >= lost:
        high = guess
        while high - step > low and brings(high - step) >= lost:
            high, step = high - step, 2 * step
        low = max(low, high - step)
    else:
        low = guess
        while low + step < high and brings(low + step) < lost:
            low, step = low + step, 2 * step
        high = min(high, low + step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if brings(middle) >= lost else (middle, high)
    return high


def _why_none(path: Path) -> NeverOvertakes:
    """Return why the upline earns no override on the leg, broken away as it is."""
    upline = path.on_the_day()
    overrides = [each for each in upline.terms.overrides if each.groups == Groups.BROKEN_AWAY]
    if not overrides:
        return NeverOvertakes(reason="no_rate")
    if not upline.of("active"):
        return NeverOvertakes(reason="inactive")
    return _held_back(upline, overrides[0])


def _held_back(upline: Member, override: Override) -> NeverOvertakes:
    if upline.of("title") < override.lowest_title:
        return NeverOvertakes(reason="title")
    measures = upline.measures
    if holds(override.gate, measures):
        return NeverOvertakes(reason="no_rate")
    missed = [each for each in nearest_way(override.gate, measures) if not measures.met(each)]
    return NeverOvertakes(reason="gate", missed=tuple(check_of(each, measures.have(each)) for each in missed))


def _later(path: Path) -> Iterator[Later]:
    """Yield the upline one quarter and three quarters after the day."""
    months = islice(months_after(path.on_the_day()), max(QUARTERS_ON))
    for number, upline in enumerate(months, start=1):
        if number in QUARTERS_ON:
            yield Later(months=number, moment=moment(upline, path.leg))


def _alone(at: Moment) -> Alone:
    return Alone(
        step=at.step,
        title=at.title,
        upkeep=at.upkeep,
        gv_points=at.gv_points,
        side_volume_points=at.side_volume_points,
    )
