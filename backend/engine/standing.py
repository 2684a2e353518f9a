"""
Standing: volumes of groups, legs counted, the step reached, and breakaway, in one pass from the leaves.

Whether a leg has broken away depends on that leg alone, so each member is settled from its legs, which stand behind it
and are settled already. All requirement trees are read here, where the counts of legs stand: steps, titles, what keeps
a title, breakaway and the two gates. Volumes are compared as what they are or zero, whichever is more.
"""

from typing import Any, NamedTuple

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import kernel
from backend.engine.requirements import BREAKAWAY, MEASURES, OVERRIDE_GATE, POOL_GATE, STEPS, Rules, highest, holds
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.engine.title import LOST, upkeep_of
from backend.plan.terms import Measure, Terms

PV, GV, TGV, SIDE_VOLUME = int(Measure.PV), int(Measure.GV), int(Measure.TGV), int(Measure.SIDE_VOLUME)
CUSTOMER_PV, ENROLLED_ACTIVE = int(Measure.CUSTOMER_PV), int(Measure.ENROLLED_ACTIVE)
TRAINING, ACTIVE = int(Measure.TRAINING), int(Measure.ACTIVE)
STEP, LEGS_BROKEN_AWAY = int(Measure.STEP), int(Measure.LEGS_BROKEN_AWAY)


class Facts(NamedTuple):
    """What is known of each member before any group is: the tree, own volumes, activity, and the title carried in."""

    first_leg: Indexes
    leg_count: Indexes
    pv: Ints
    cv: Ints
    customer_pv: Ints
    enrolled_active: Indexes
    training: Flags
    active: Flags
    title_before: Indexes
    missed_before: Indexes


class Found(NamedTuple):
    """What the pass writes of each member; `leads` says whether the member or anyone below has broken away."""

    gv: Ints
    group_cv: Ints
    tgv: Ints
    side_volume: Ints
    legs_selling: Indexes
    legs_broken_away: Indexes
    step: Indexes
    broken_away: Flags
    leads: Flags
    achieved_title: Indexes
    upkeep: Indexes
    override_gate: Flags
    pool_gate: Flags


class Limits(NamedTuple):
    """The plan's numbers that are no requirement."""

    breakaway_title: int
    window_periods: int
    grace_periods: int


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Settle every member from the leaves up.

    GV is PV and the GV of all legs that have not broken away; TGV that of all legs. Side volume is GV less the legs on
    the ladder's highest step. A leg has broken away where the breakaway requirement holds this period, or the title
    carried in is a breakaway title and is not lost: a leader in grace stays a leader.
    """
    known = {**_fields(snapshot), **_fields(columns), "leads": np.zeros(len(snapshot.members), dtype=np.bool_)}
    facts = Facts(**{name: known[name] for name in Facts._fields})
    found = Found(**{name: known[name] for name in Found._fields})
    upkeep = terms.maintenance
    limits = Limits(terms.breakaway_title, upkeep.window_periods, upkeep.grace_periods)
    _leaves_first(facts, columns.rules, limits, found)


@kernel
def _leaves_first(facts: Facts, rules: Rules, limits: Limits, found: Found) -> None:  # noqa: PLR0915 - one rule, read once
    top_step = rules.steps - 1
    first_title = STEPS + rules.steps
    measures = np.zeros(MEASURES + rules.question_of.size, dtype=np.int64)
    for i in range(facts.pv.size - 1, -1, -1):
        gv = facts.pv[i]
        tgv = gv
        side_volume = gv
        group_cv = facts.cv[i]
        selling = 0
        broken_away = 0
        measures[MEASURES:] = 0
        for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
            tgv += found.tgv[leg]
            selling += found.tgv[leg] > 0
            broken_away += found.leads[leg]
            if not found.broken_away[leg]:
                gv += found.gv[leg]
                group_cv += found.group_cv[leg]
                if found.step[leg] < top_step or top_step == 0:
                    side_volume += found.gv[leg]
            for question in range(rules.question_of.size):
                has = found.step[leg] if rules.question_is_step[question] else max(0, found.tgv[leg])
                measures[MEASURES + question] += has >= rules.question_of[question]
        found.gv[i] = gv
        found.tgv[i] = tgv
        found.side_volume[i] = side_volume
        found.group_cv[i] = group_cv
        found.legs_selling[i] = selling
        found.legs_broken_away[i] = broken_away

        measures[PV] = max(0, facts.pv[i])
        measures[GV] = max(0, gv)
        measures[TGV] = max(0, tgv)
        measures[SIDE_VOLUME] = max(0, side_volume)
        measures[CUSTOMER_PV] = max(0, facts.customer_pv[i])
        measures[ENROLLED_ACTIVE] = facts.enrolled_active[i]
        measures[TRAINING] = facts.training[i]
        measures[ACTIVE] = facts.active[i]
        measures[LEGS_BROKEN_AWAY] = broken_away
        step = highest(rules, STEPS, rules.steps, measures)
        measures[STEP] = step
        found.step[i] = step

        achieved = highest(rules, first_title, rules.titles, measures)
        before = facts.title_before[i]
        keeps = first_title + rules.titles + before
        kept = achieved >= before or holds(rules, keeps, measures)
        needed = before > 0 and rules.ways[keeps] < rules.ways[keeps + 1]
        upkeep = upkeep_of(needed, kept, facts.missed_before[i], limits.window_periods, limits.grace_periods)
        found.achieved_title[i] = achieved
        found.upkeep[i] = upkeep

        stays = before >= limits.breakaway_title and upkeep != LOST
        found.broken_away[i] = stays or holds(rules, BREAKAWAY, measures)
        found.leads[i] = found.broken_away[i] or broken_away > 0
        found.override_gate[i] = holds(rules, OVERRIDE_GATE, measures)
        found.pool_gate[i] = holds(rules, POOL_GATE, measures)


def _fields(sheet: Snapshot | Columns) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in sheet.__struct_fields__}
