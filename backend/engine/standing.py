"""
Standing: volumes of groups, legs counted, the step reached, and breakaway, in one pass from the leaves.

Whether a leg has broken away depends on that leg alone, so each member is settled from its legs, which stand behind it
and are settled already: first the volumes, then marks and step in the order in which they ask for each other, then
title and breakaway, and at last what those above may ask of the member. Volumes are compared as what they are or zero,
whichever is more.
"""

from typing import Any, NamedTuple

import numpy as np

from backend.engine.activity import Personal, look_at, personal_of
from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.exclusions import Exclusions, exclusions_of
from backend.engine.history import brought, periods_held, periods_in_a_row
from backend.engine.regions import by_market
from backend.engine.requirements import BREAKAWAY, GATES, LADDER, Rules, highest, holds
from backend.engine.snapshot import UNSTATED, Flags, Indexes, Ints, Snapshot
from backend.engine.title import LOST, LimitsOfTitles, achieved_of, limits_of, title_of, upkeep_of
from backend.plan.terms import Fosters, Measure, Stays, Terms, VolumeNumber

GV, TGV, SIDE_VOLUME, ENROLLED_ACTIVE = (
    int(each) for each in (Measure.GV, Measure.TGV, Measure.SIDE_VOLUME, Measure.ENROLLED_ACTIVE)
)
ACTIVE, STEP, LEGS_BROKEN_AWAY, TITLE = (
    int(each) for each in (Measure.ACTIVE, Measure.STEP, Measure.LEGS_BROKEN_AWAY, Measure.TITLE)
)
WITH_VOLUME, WITH_STEP, WITH_TITLE, WITH_MARK, WITH_PERIODS = (
    int(each)
    for each in (
        Measure.LEGS_WITH_VOLUME,
        Measure.LEGS_WITH_STEP,
        Measure.LEGS_WITH_TITLE,
        Measure.LEGS_WITH_MARK,
        Measure.LEGS_WITH_PERIODS,
    )
)
OWN, GROUP, TOTAL, SIDE, NAMED = (int(number) for number in VolumeNumber)
LEFT_OUT, ALONE = int(Fosters.LEFT_OUT), int(Fosters.ALONE)
FOR_GOOD, WITH_THE_TITLE = int(Stays.FOR_GOOD), int(Stays.WITH_TITLE)


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
    tests: Ints
    tests_below: Ints
    step: Indexes
    fast_step: Indexes
    percent_bp: Ints
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


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Settle every member from the leaves up.

    GV is PV and the GV of all legs that have not broken away; TGV that of all legs. Side volume is GV less the legs on
    the ladder's highest step. A leg has broken away where the breakaway requirement holds this period, or where the plan
    lets it stay so: a leader in grace stays a leader.
    """
    known = {**_fields(snapshot), **_fields(columns)}
    facts = Facts(**{name: known[name] for name in Facts._fields})
    found = Found(**{name: known[name] for name in Found._fields})
    left_out = exclusions_of(terms)
    before_points, before_cv = brought(snapshot, terms)
    _leaves_first(
        facts, personal_of(snapshot, columns), columns.rules, _limits(terms), limits_of(terms), left_out, found,
        before_points,
    )
    _over_windows(terms, columns, before_points, before_cv)


def _limits(terms: Terms) -> Limits:
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
    )


@kernel
def _leaves_first(
    facts: Facts,
    personal: Personal,
    rules: Rules,
    limits: Limits,
    titles: LimitsOfTitles,
    left_out: Exclusions,
    found: Found,
    before_points: Ints,
) -> None:
    measures = np.zeros(rules.slots, dtype=np.int64)
    for i in range(facts.pv.size - 1, -1, -1):
        measures[:] = 0
        _add_up(facts, limits, rules, found, i)
        _named(facts, left_out, found, i)
        look_at(personal, i, measures)
        _look_at_group(facts, rules, found, before_points, i, measures)
        if facts.closed[i]:
            found.title[i] = facts.title_before[i]
        else:
            _settle(facts, rules, limits, found, i, measures)
            _title(facts, rules, titles, found, i, measures)
            _break_away(facts, rules, limits, found, i, measures)
            _gates(facts, rules, found, i, measures)
        _tests(facts, rules, found, before_points, i)


@kernel
def _add_up(facts: Facts, limits: Limits, rules: Rules, found: Found, i: int) -> None:
    """Add up the volumes that every plan has, and count legs that sell or have broken away."""
    top_step = rules.steps - 1
    gv = tgv = side_volume = facts.pv[i]
    group_cv = total_cv = side_cv = facts.cv[i]
    selling = 0
    broken_away = 0
    for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
        tgv += found.tgv[leg]
        total_cv += found.total_cv[leg]
        selling += found.tgv[leg] > 0
        broken_away += found.tests_below[leg] & 1
        if not (found.broken_away[leg] and limits.closes_volume):
            gv += found.gv[leg]
            group_cv += found.group_cv[leg]
            if found.step[leg] < top_step or top_step == 0:
                side_volume += found.gv[leg]
                side_cv += found.group_cv[leg]
    found.gv[i] = gv
    found.tgv[i] = tgv
    found.side_volume[i] = side_volume
    found.group_cv[i] = group_cv
    found.total_cv[i] = total_cv
    found.side_cv[i] = side_cv
    found.legs_selling[i] = selling
    found.legs_broken_away[i] = broken_away


@kernel
def _named(facts: Facts, left_out: Exclusions, found: Found, i: int) -> None:
    """Add up the volumes that the plan names, this period's part of them: own, and of legs that nothing excludes."""
    for volume in range(left_out.own.size):
        points = facts.pv[i] if left_out.own[volume] else 0
        cv = facts.cv[i] if left_out.own[volume] else 0
        limit = left_out.leg_limit[facts.market[i], volume]
        first = facts.first_leg[i]
        for leg in range(first, first + facts.leg_count[i] if left_out.legs[volume] else first):
            excluded = (found.tests[leg] & left_out.groups[volume]) | (found.tests_below[leg] & left_out.lines[volume])
            if excluded == 0:
                of_leg = found.named_points[leg, volume]
                points += min(of_leg, limit) if limit > 0 else of_leg
                cv += found.named_cv[leg, volume]
        found.named_points[i, volume] = points
        found.named_cv[i, volume] = cv


@kernel
def _look_at_group(facts: Facts, rules: Rules, found: Found, before_points: Ints, i: int, measures: Ints) -> None:
    """Write what the member has of the group's measures, and how many legs pass each question."""
    measures[GV] = max(0, found.gv[i])
    measures[TGV] = max(0, found.tgv[i])
    measures[SIDE_VOLUME] = max(0, found.side_volume[i])
    measures[ENROLLED_ACTIVE] = facts.enrolled_active[i]
    measures[ACTIVE] = facts.active[i]
    measures[LEGS_BROKEN_AWAY] = found.legs_broken_away[i]
    measures[TITLE] = facts.title_before[i]
    for row in range(rules.volumes.shape[0]):
        measures[rules.volumes[row, 0]] = _volume(found, before_points, facts, i, rules.volumes[row, 1])
    for row in range(rules.questions.shape[0]):
        slot, test, anywhere = rules.questions[row]
        for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
            passed = found.tests_below[leg] if anywhere else found.tests[leg]
            measures[slot] += (passed >> test) & 1


@kernel
def _volume(found: Found, before_points: Ints, facts: Facts, i: int, number: int) -> int:
    """Return one of a member's volumes by its number, over its window, or zero where returns made it negative."""
    if number == OWN:
        points = facts.pv[i]
    elif number == GROUP:
        points = found.gv[i]
    elif number == TOTAL:
        points = found.tgv[i]
    elif number == SIDE:
        points = found.side_volume[i]
    else:
        points = found.named_points[i, number - NAMED] + before_points[i, number - NAMED]
    return max(0, points)


@kernel
def _settle(facts: Facts, rules: Rules, limits: Limits, found: Found, i: int, measures: Ints) -> None:
    """Settle marks and step, each after what it asks for."""
    first_mark = GATES + rules.gates + 2 * rules.steps + 3 * rules.titles
    for fact in rules.order:
        if fact == LADDER:
            measures[STEP] = _step(facts, rules, limits, found, i, measures)
            continue
        mark = holds(rules, first_mark + fact, facts.market[i], measures)
        if limits.mark_stated[fact] and facts.qualified[i] != UNSTATED:
            mark = facts.qualified[i] == 1
        found.marks[i] |= np.int64(mark) << fact
        measures[rules.mark_slot[fact]] = mark
        for row in range(rules.periods.shape[0]):
            slot, of, periods = rules.periods[row]
            if of == fact:
                history = facts.marks_before[i, fact]
                measures[slot] = (
                    periods_held(history, mark, periods) if periods > 0 else periods_in_a_row(history, mark)
                )


@kernel
def _step(facts: Facts, rules: Rules, limits: Limits, found: Found, i: int, measures: Ints) -> int:
    """Settle the step and the percent: by requirement, what is carried in, the frontline, and what the company states."""
    market = facts.market[i]
    first = GATES + rules.gates
    step = max(highest(rules, first, rules.steps, market, measures), facts.step_before[i])
    fast = highest(rules, first + rules.steps, rules.steps, market, measures)
    if limits.fast_at_once:
        step = max(step, fast)
    if limits.floor:
        for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
            step = max(step, found.step[leg])
    percent_bp = limits.percents_bp[market, step]
    if limits.percent_stated and facts.percent_held_bp[i] != UNSTATED:
        percent_bp = facts.percent_held_bp[i]
        step = 0
        for above in range(1, rules.steps):
            step = above if limits.percents_bp[market, above] <= percent_bp else step
    found.step[i] = step
    found.fast_step[i] = fast
    found.percent_bp[i] = percent_bp
    return step


@kernel
def _title(facts: Facts, rules: Rules, titles: LimitsOfTitles, found: Found, i: int, measures: Ints) -> None:
    """Settle the title that this period achieves, how the one carried in stands, and the title after the period."""
    first = GATES + rules.gates + 2 * rules.steps
    before, market = facts.title_before[i], facts.market[i]
    achieved = achieved_of(rules, first, before, facts.best_title_before[i], market, measures)
    keeps = first + rules.titles + before
    kept = achieved >= before or holds(rules, keeps, market, measures)
    needed = before > 0 and rules.ways[keeps] < rules.ways[keeps + 1]
    upkeep = upkeep_of(titles, needed, kept, facts.missed_before[i], facts.held_before[i])
    found.achieved_title[i] = achieved
    found.upkeep[i] = upkeep
    found.title[i] = title_of(titles, before, achieved, upkeep)


@kernel
def _break_away(facts: Facts, rules: Rules, limits: Limits, found: Found, i: int, measures: Ints) -> None:
    """Settle whether the member's group stands alone: by this period's requirement, or because it still does."""
    stays = limits.stays == FOR_GOOD and facts.broke_away_before[i]
    if limits.stays == WITH_THE_TITLE and not rules.never[BREAKAWAY]:
        stays = facts.title_before[i] >= limits.breakaway_title and found.upkeep[i] != LOST
    found.broken_away[i] = stays or holds(rules, BREAKAWAY, facts.market[i], measures)


@kernel
def _gates(facts: Facts, rules: Rules, found: Found, i: int, measures: Ints) -> None:
    """Write which gates are open; the company may let a member through all of them."""
    for gate in range(rules.gates):
        through = (facts.granted[i] and gate < rules.granted) or holds(rules, GATES + gate, facts.market[i], measures)
        found.gates[i] |= np.int64(through) << gate


@kernel
def _tests(facts: Facts, rules: Rules, found: Found, before_points: Ints, i: int) -> None:
    """Write what the member passes of what those above may ask of a leg, and what anyone in the leg does."""
    for test in range(rules.tests.shape[0]):
        measure, of, volume, periods, at_least, fosters = rules.tests[test]
        if measure == WITH_VOLUME:
            passed = _volume(found, before_points, facts, i, volume) >= of
        elif facts.closed[i]:
            passed = False
        elif measure == WITH_STEP:
            passed = found.step[i] >= of
        elif measure == WITH_TITLE:
            passed = found.title[i] >= of
        elif measure == WITH_MARK:
            passed = (found.marks[i] >> of) & 1 == 1
        elif measure == WITH_PERIODS:
            passed = periods_held(facts.marks_before[i, of], (found.marks[i] >> of) & 1 == 1, periods) >= at_least
        else:
            passed = found.broken_away[i]
        if (fosters == LEFT_OUT and facts.foster[i]) or (fosters == ALONE and not facts.foster[i]):
            passed = False
        found.tests[i] |= np.int64(passed) << test
    below = found.tests[i]
    for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
        below |= found.tests_below[leg]
    found.tests_below[i] = below


def _over_windows(terms: Terms, columns: Columns, before_points: Ints, before_cv: Ints) -> None:
    """Bring earlier periods into the named volumes; a period without the mark that a volume asks for counts nothing."""
    for at, volume in enumerate(terms.volumes):
        if volume.only_with_mark >= 0:
            without = ~columns.mark(volume.only_with_mark)
            columns.named_points[without, at] = 0
            columns.named_cv[without, at] = 0
    columns.named_points += before_points
    columns.named_cv += before_cv


def _fields(sheet: Snapshot | Columns) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in sheet.__struct_fields__}
