"""
Standing: volumes of groups, legs counted, the step reached, and breakaway, in one pass from the leaves.

Whether a leg has broken away depends on that leg alone, so each member is settled from its legs, which stand behind it
and are settled already: first the volumes, then marks and step in the order in which they ask for each other, then
title and breakaway, then the step that may be paid, and at last what those above may ask of the member. Volumes are
compared as what they are or zero, whichever is more.
"""

import numpy as np

from backend.engine.columns.compiled import borrowing, part
from backend.engine.columns.sheet import Columns
from backend.engine.gates.facts import Sheet, sheet_of
from backend.engine.gates.legs import count_legs, volume_of, write_tests
from backend.engine.gates.meeting import highest, holds
from backend.engine.gates.order import LADDER
from backend.engine.gates.personal import look_at
from backend.engine.gates.requirements import BREAKAWAY, GATES
from backend.engine.periods.history import brought, periods_held, periods_in_a_row
from backend.engine.snapshot import UNSTATED, Ints, Snapshot
from backend.engine.title import LOST, NONE_NEEDED, achieved_of, title_of, upkeep_of
from backend.plan.terms import Measure, Stays, Terms

GV, TGV, SIDE_VOLUME, ENROLLED_ACTIVE = (
    int(each) for each in (Measure.GV, Measure.TGV, Measure.SIDE_VOLUME, Measure.ENROLLED_ACTIVE)
)
ACTIVE, STEP, LEGS_BROKEN_AWAY, TITLE = (
    int(each) for each in (Measure.ACTIVE, Measure.STEP, Measure.LEGS_BROKEN_AWAY, Measure.TITLE)
)
FOR_GOOD, WITH_THE_TITLE = int(Stays.FOR_GOOD), int(Stays.WITH_TITLE)


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Settle every member from the leaves up.

    GV is PV and the GV of all legs that have not broken away; TGV that of all legs. Side volume is GV less the legs on
    the ladder's highest step. A leg has broken away where the breakaway requirement holds this period, or where the
    plan lets it stay so: a leader in grace stays a leader.
    """
    sheet = sheet_of(snapshot, terms, columns)
    _leaves_first(sheet, np.zeros(columns.rules.slots, dtype=np.int64))
    for volume, level in enumerate(sheet.left_out.level):
        if level:
            columns.named_points[:, volume] = sheet.deep_points[:, volume, level - 1]
            columns.named_cv[:, volume] = sheet.deep_cv[:, volume, level - 1]
    _over_windows(snapshot, terms, columns)


@borrowing
def _leaves_first(sheet: Sheet, measures: Ints) -> None:
    for i in range(sheet.facts.pv.size - 1, -1, -1):
        _add_up(sheet, i)
        _add_up_named(sheet, i)
        _stand_at_the_foot(sheet, i)
        if sheet.facts.closed[i]:
            sheet.found.title[i] = sheet.facts.title_before[i]
        elif _may_reach(sheet, i):
            look_at(sheet.personal, i, measures)
            _look_at_group(sheet, i, measures)
            _settle(sheet, i, measures)
            _title(sheet, i, measures)
            _break_away(sheet, i, measures)
            _open_gates(sheet, i, measures)
            _payable(sheet, i, measures)
        else:
            sheet.found.percent_bp[i] = sheet.limits.percents_bp[sheet.facts.market[i], 0]
        write_tests(sheet, i)


@part
def _stand_at_the_foot(sheet: Sheet, i: int) -> None:
    """Write what stands of who reaches nothing; whatever is not named here is zero already."""
    sheet.found.step[i] = 0
    sheet.found.payable_step[i] = 0
    sheet.found.percent_bp[i] = 0
    sheet.found.broken_away[i] = False


@part
def _may_reach(sheet: Sheet, i: int) -> bool:
    """Say whether a member sells enough to meet anything at all, brings anything, or is what the company states."""
    facts = sheet.facts
    sold = max(0, facts.pv[i]) >= sheet.limits.sold[facts.market[i]]
    brings = facts.title_before[i] + facts.step_before[i] > 0 or facts.broke_away_before[i]
    stated = facts.granted[i] or facts.qualified[i] == 1 or facts.percent_held_bp[i] != UNSTATED
    return bool(sold or brings or stated)


@part
def _add_up(sheet: Sheet, i: int) -> None:
    """Add up the volumes that every plan has, and count legs that sell or have broken away."""
    facts, found = sheet.facts, sheet.found
    top_step = sheet.rules.steps - 1
    gv = tgv = side_volume = facts.pv[i]
    group_cv = total_cv = side_cv = facts.cv[i]
    selling = broken_away = below = 0
    for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
        tgv += found.tgv[leg]
        total_cv += found.total_cv[leg]
        selling += found.tgv[leg] > 0
        broken_away += sheet.tests_below[leg] & 1
        below |= sheet.tests_below[leg]
        if not (found.broken_away[leg] and sheet.limits.closes_volume):
            gv += found.gv[leg]
            group_cv += found.group_cv[leg]
        if not found.broken_away[leg] and (found.step[leg] < top_step or top_step == 0):
            side_volume += found.gv[leg]
            side_cv += found.group_cv[leg]
    if facts.leg_count[i] > 0:
        found.legs_selling[i] = selling
        found.legs_broken_away[i] = broken_away
    found.gv[i] = gv
    found.tgv[i] = tgv
    found.side_volume[i] = side_volume
    found.group_cv[i] = group_cv
    found.total_cv[i] = total_cv
    found.side_cv[i] = side_cv
    sheet.tests_below[i] = below


@part
def _add_up_named(sheet: Sheet, i: int) -> None:
    """Add up the volumes that the plan names, this period's part of them: own, and of legs that nothing excludes."""
    facts, found, left_out = sheet.facts, sheet.found, sheet.left_out
    first = facts.first_leg[i]
    for volume in range(left_out.level.size):
        points, cv = facts.pv[i], facts.cv[i]
        limit = left_out.leg_limit[facts.market[i], volume]
        for leg in range(first, first + facts.leg_count[i] if left_out.legs[volume] else first):
            excluded = (sheet.tests[leg] & left_out.groups[volume]) | (sheet.tests_below[leg] & left_out.lines[volume])
            if excluded == 0:
                of_leg = found.named_points[leg, volume]
                points += min(of_leg, limit) if limit > 0 else of_leg
                cv += found.named_cv[leg, volume]
                _add_up_levels(sheet, i, leg, volume)
        found.named_points[i, volume] = points
        found.named_cv[i, volume] = cv


@part
def _add_up_levels(sheet: Sheet, i: int, leg: int, volume: int) -> None:
    """Add what a leg has of a named volume from each level down to what the member has from the next level down."""
    limit = sheet.left_out.leg_limit[sheet.facts.market[i], volume]
    for level in range(sheet.left_out.level[volume]):
        points = sheet.deep_points[leg, volume, level - 1] if level else sheet.found.named_points[leg, volume]
        cv = sheet.deep_cv[leg, volume, level - 1] if level else sheet.found.named_cv[leg, volume]
        sheet.deep_points[i, volume, level] += min(points, limit) if limit > 0 else points
        sheet.deep_cv[i, volume, level] += cv


@part
def _look_at_group(sheet: Sheet, i: int, measures: Ints) -> None:
    """Write what the member has of the group's measures."""
    found = sheet.found
    measures[GV] = max(0, found.gv[i])
    measures[TGV] = max(0, found.tgv[i])
    measures[SIDE_VOLUME] = max(0, found.side_volume[i])
    measures[ENROLLED_ACTIVE] = sheet.facts.enrolled_active[i]
    measures[ACTIVE] = sheet.facts.active[i]
    measures[LEGS_BROKEN_AWAY] = found.legs_broken_away[i]
    measures[TITLE] = sheet.facts.title_before[i]
    volumes = sheet.rules.volumes
    for row in range(volumes.shape[0]):
        measures[volumes[row, 0]] = volume_of(sheet, i, volumes[row, 1])
    count_legs(sheet, i, measures)


@part
def _settle(sheet: Sheet, i: int, measures: Ints) -> None:
    """Settle marks and step, each after what it asks for."""
    facts, rules, found = sheet.facts, sheet.rules, sheet.found
    first_mark = GATES + rules.gates + 2 * rules.steps + 3 * rules.titles
    for fact in rules.order:
        if fact == LADDER:
            measures[STEP] = _step(sheet, i, measures)
            continue
        mark = holds(rules, first_mark + fact, facts.market[i], measures)
        if sheet.limits.mark_stated[fact] and facts.qualified[i] != UNSTATED:
            mark = facts.qualified[i] == 1
        found.marks[i] |= np.int64(mark) << fact
        measures[rules.mark_slot[fact]] = mark
        for row in range(rules.periods.shape[0]):
            slot, of, periods = rules.periods[row]
            if of == fact:
                history = facts.marks_before[i, fact]
                in_a_row = periods == 0
                measures[slot] = periods_in_a_row(history, mark) if in_a_row else periods_held(history, mark, periods)


@part
def _step(sheet: Sheet, i: int, measures: Ints) -> int:
    """Settle step and percent: by requirement, what is carried in, the frontline, and what the company states."""
    facts, rules, found = sheet.facts, sheet.rules, sheet.found
    market = facts.market[i]
    first = GATES + rules.gates
    step = max(highest(rules, first, rules.steps, market, measures), facts.step_before[i])
    fast = highest(rules, first + rules.steps, rules.steps, market, measures)
    if sheet.limits.fast_at_once:
        step = max(step, fast)
    if sheet.limits.floor:
        for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
            step = max(step, found.step[leg])
    percents_bp = sheet.limits.percents_bp[market]
    percent_bp = percents_bp[step]
    if sheet.limits.percent_stated and facts.percent_held_bp[i] != UNSTATED:
        percent_bp = facts.percent_held_bp[i]
        step = 0
        for above in range(1, rules.steps):
            step = above if percents_bp[above] <= percent_bp else step
    found.step[i] = step
    if fast > 0:
        found.fast_step[i] = fast
    found.percent_bp[i] = percent_bp
    return int(step)


@part
def _title(sheet: Sheet, i: int, measures: Ints) -> None:
    """Settle the title that this period achieves, how the one carried in stands, and the title after the period."""
    facts, rules, found = sheet.facts, sheet.rules, sheet.found
    before, market = facts.title_before[i], facts.market[i]
    achieved = achieved_of(rules, before, facts.best_title_before[i], market, measures)
    keeps = GATES + rules.gates + 2 * rules.steps + rules.titles + before
    kept = achieved >= before or holds(rules, keeps, market, measures)
    needed = before > 0 and rules.trees.ways[keeps] < rules.trees.ways[keeps + 1]
    upkeep = NONE_NEEDED
    if needed:
        upkeep = upkeep_of(sheet.titles, market, kept, facts.missed_before[i], facts.held_before[i])
    if before > 0 or achieved > 0:
        found.achieved_title[i] = achieved
        found.upkeep[i] = upkeep
        found.title[i] = title_of(sheet.titles, before, achieved, upkeep)


@part
def _break_away(sheet: Sheet, i: int, measures: Ints) -> None:
    """Settle whether the member's group stands alone: by this period's requirement, or because it still does."""
    facts, limits = sheet.facts, sheet.limits
    stays = limits.stays == FOR_GOOD and facts.broke_away_before[i] and not sheet.rules.never[BREAKAWAY]
    if limits.stays == WITH_THE_TITLE and not sheet.rules.never[BREAKAWAY]:
        stays = facts.title_before[i] >= limits.breakaway_title and sheet.found.upkeep[i] != LOST
    sheet.found.broken_away[i] = stays or holds(sheet.rules, BREAKAWAY, facts.market[i], measures)


@part
def _open_gates(sheet: Sheet, i: int, measures: Ints) -> None:
    """Write which gates are open; the company may let a member through those of all bonuses."""
    facts, rules, gates = sheet.facts, sheet.rules, np.int64(0)
    for gate in rules.asking:
        through = (facts.granted[i] and gate < rules.granted) or holds(rules, GATES + gate, facts.market[i], measures)
        gates |= np.int64(through) << gate
    if gates != 0:
        sheet.found.gates[i] = gates


@part
def _payable(sheet: Sheet, i: int, measures: Ints) -> None:
    """Find the highest step, from the one reached down, that its gate lets the member be paid at."""
    facts, rules = sheet.facts, sheet.rules
    first = GATES + rules.gates + 2 * rules.steps + 3 * rules.titles + rules.marks
    step = int(sheet.found.step[i])
    while step > 0 and not holds(rules, first + step, facts.market[i], measures):
        step -= 1
    sheet.found.payable_step[i] = step


def _over_windows(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """Bring earlier periods into the named volumes; a period without the mark that a volume asks for counts nothing."""
    for at, volume in enumerate(terms.volumes):
        if volume.only_with_mark >= 0:
            without = ~columns.mark(volume.only_with_mark)
            columns.named_points[without, at] = 0
            columns.named_cv[without, at] = 0
    before_points, before_cv = brought(snapshot, terms)
    columns.named_points += before_points
    columns.named_cv += before_cv
