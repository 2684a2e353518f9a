"""
Named volumes, explained: own and each leg's part, which legs are left out and why, and what earlier periods bring.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct

from backend.engine.explain.parts import points, reason, summed
from backend.engine.gates.measures import Member
from backend.engine.gates.requirements import BROKEN_AWAY, Test, excluded_by
from backend.engine.periods.history import brought
from backend.engine.snapshot import Flags, Indexes, Ints
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Exclusion, Fosters, GroupVolume, Measure, Reach, Window


def explained(member: Member) -> Iterator[Trace]:
    """Yield each volume that the plan names, in points and in CV."""
    if not member.plan.volumes:
        return
    outcome, before = member.outcome, brought(member.snapshot, member.plan)
    for at, volume in enumerate(member.terms.volumes):
        passed = tuple((each, passing(member, excluded_by(each))) for each in volume.less)
        for name, own, found, brought_in in (
            ("volume", "pv", outcome.named_points, before[0]),
            ("volume_cv", "cv", outcome.named_cv, before[1]),
        ):
            sheet = _Sheet(volume=volume, own=own, now=found[:, at] - brought_in[:, at], passed=passed)
            about = {"id": volume.id, "called": volume.name, "window": volume.window.name.lower()}
            if volume.window == Window.LAST:
                about["periods"] = str(volume.periods)
            parts = _parts(member, sheet, int(brought_in[member.index, at]))
            yield summed(name, parts, unit="points", rule=volume.clause, **about)


class _Sheet(Struct, frozen=True, kw_only=True):
    """One named volume: its rule, which own volume it counts, each one's part of this period, and who is left out."""

    volume: GroupVolume
    own: str
    now: Ints
    passed: tuple[tuple[Exclusion, Flags], ...]


def _parts(member: Member, sheet: _Sheet, before: int) -> list[Trace]:
    """Return own, the legs' parts, what a missing mark takes, earlier periods, and why it is not more."""
    volume = sheet.volume
    found = _in_pass(member, sheet, _from_below(member, sheet) if volume.level else _handed_up(member, sheet))
    told = {part.about["why"] for part in found if "why" in part.about}
    if volume.only_with_mark >= 0 and not member.of("marks") >> volume.only_with_mark & 1:
        mark = member.terms.marks[volume.only_with_mark]
        found.append(points("without_mark", -sum(part.value for part in found), mark=mark.name))
        told.add("without_mark")
    if volume.window != Window.PERIOD:
        found.append(points("earlier_periods", before))
    return [*found, *(reason(why, volume.clause, id=volume.id) for why in sorted(told))]


def _in_pass(member: Member, sheet: _Sheet, handed_up: Mapping[int, int]) -> list[Trace]:
    """Return what the pass from the leaves counts for a member: own, and of each leg what is not left out."""
    found = [points("own", member.of(sheet.own))] if sheet.volume.level == 0 else []
    if sheet.volume.legs:
        left_out = [
            (each, with_anyone(member, passed) if each.reach == Reach.ANYWHERE else passed)
            for each, passed in sheet.passed
        ]
        for index in range(member.legs.start, member.legs.stop):
            why = next((each for each, passed in left_out if _is_in(index, passed)), None)
            found.append(_leg(member.at(index), sheet, handed_up[index], why))
    return found


def _is_in(index: int, passed: set[int] | Flags) -> bool:
    return index in passed if isinstance(passed, set) else bool(passed[index])


def _leg(leg: Member, sheet: _Sheet, value: int, why: Exclusion | None) -> Trace:
    """Return a leg's part: what it hands up, less what is left out or beyond the limit of points."""
    limit = sheet.volume.leg_limit if sheet.own == "pv" else 0
    if why is not None:
        because = {"amount": points_text(value), "because": why.measure.name.lower()}
        return points("leg_left_out", 0, why="leg_left_out", member=leg.id, **because)
    if 0 < limit < value:
        return points("leg_limited", limit, why="leg_limit", member=leg.id, amount=points_text(value))
    return points("leg", value, member=leg.id)


def _handed_up(member: Member, sheet: _Sheet) -> dict[int, int]:
    """
    Return what each leg hands up in this period.

    It is what the leg has; where a missing mark has taken that from it, what it counted before, legs below included.
    """
    snapshot, mark, found = member.snapshot, sheet.volume.only_with_mark, dict[int, int]()
    asked = list(range(member.legs.start, member.legs.stop))
    for index in asked:
        if mark >= 0 and not int(member.outcome.marks[index]) >> mark & 1:
            first = int(snapshot.first_leg[index])
            asked.extend(range(first, first + int(snapshot.leg_count[index])))
    for index in reversed(asked):
        found[index] = int(sheet.now[index])
        if mark >= 0 and not int(member.outcome.marks[index]) >> mark & 1:
            found[index] = sum(part.value for part in _in_pass(member.at(index), sheet, found))
    return found


def _from_below(member: Member, sheet: _Sheet) -> dict[int, int]:
    """
    Return what each leg has from the level before the one from which the volume counts: level 0 is the leg's leader.

    The outcome has what counts alone, so all below are added up again: from level 0 down, from level 1 down, and so on.
    """
    snapshot, volume = member.snapshot, sheet.volume
    limits, own = _limits(member, sheet), getattr(member.outcome, sheet.own)
    left_out = [
        within(snapshot.sponsor, passed) if each.reach == Reach.ANYWHERE else passed for each, passed in sheet.passed
    ]
    asked, sums = list(range(member.legs.start, member.legs.stop)), dict[int, list[int]]()
    for index in asked:
        asked.extend(range(member.at(index).legs.start, member.at(index).legs.stop))
        sums[index] = [int(own[index])] + [0] * (volume.level - 1)
    for index in reversed(asked):
        above = int(snapshot.sponsor[index])
        if above in sums and not any(passed[index] for passed in left_out):
            limit = limits[int(snapshot.market[above])]
            counted = [min(value, limit) if limit else value for value in sums[index]]
            handed_up = [counted[0], *counted[:-1]]
            sums[above] = [before + more for before, more in zip(sums[above], handed_up, strict=True)]
    return {index: sums[index][-1] for index in range(member.legs.start, member.legs.stop)}


def _limits(member: Member, sheet: _Sheet) -> list[int]:
    """Return what counts of one leg at most, by the market of who counts it; CV knows no limit."""
    at = member.terms.volumes.index(sheet.volume)
    of_markets = [member.plan.of(market).volumes[at] for market in range(len(member.plan.markets))]
    return [volume.leg_limit if sheet.own == "pv" else 0 for volume in of_markets]


def within(sponsor: Indexes, passed: Flags) -> Flags:
    """Return who has passed, or has anyone below who has."""
    found = passed.copy()
    for index in np.flatnonzero(passed).tolist():
        at = int(sponsor[index])
        while at >= 0 and not found[at]:
            found[at] = True
            at = int(sponsor[at])
    return found


def with_anyone(member: Member, passed: Flags) -> set[int]:
    """Return those frontline legs of a member in which the leader or anyone below has passed."""
    sponsor, met, found = member.snapshot.sponsor, set[int](), set[int]()
    for index in np.flatnonzero(passed).tolist():
        at = index
        while at > member.index and at not in met:
            met.add(at)
            if int(sponsor[at]) == member.index:
                found.add(at)
            at = int(sponsor[at])
    return found


def passing(member: Member, test: Test) -> Flags:
    """Return who passes a test of a leg's leader."""
    snapshot, outcome = member.snapshot, member.outcome
    found: Flags = (outcome.marks >> np.int64(test.of)) & 1 == 1
    if test.measure == BROKEN_AWAY.measure:
        found = outcome.broken_away
    elif test.measure == Measure.LEGS_WITH_STEP:
        found = outcome.step >= test.of
    elif test.measure == Measure.LEGS_WITH_TITLE:
        found = outcome.title >= test.of
    found = found & ~snapshot.closed
    return found if test.fosters == Fosters.COUNTED else found & (snapshot.foster == (test.fosters == Fosters.ALONE))
