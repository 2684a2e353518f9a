"""
Legs: what those above may ask of a leg, and how many legs pass each question.

A member's volumes are read here by their numbers, over their windows. What a leg's leader passes is written as bits,
and so is what anyone in the leg passes: whoever stands above only counts.
"""

import numpy as np

from backend.engine.columns.compiled import part
from backend.engine.gates.facts import Sheet
from backend.engine.periods.history import periods_held
from backend.engine.snapshot import Ints
from backend.plan.terms import Fosters, Measure, VolumeNumber

OWN, GROUP, TOTAL, SIDE, NAMED = (int(number) for number in VolumeNumber)
LEFT_OUT, ALONE = int(Fosters.LEFT_OUT), int(Fosters.ALONE)
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


@part
def count_legs(sheet: Sheet, i: int, measures: Ints) -> None:
    """Write how many of a member's legs pass each question."""
    facts, questions = sheet.facts, sheet.rules.questions
    for row in range(questions.shape[0]):
        slot, test, anywhere = questions[row]
        count = 0
        for leg in range(facts.first_leg[i], facts.first_leg[i] + facts.leg_count[i]):
            passed = sheet.tests_below[leg] if anywhere else sheet.tests[leg]
            count += (passed >> test) & 1
        measures[slot] = count


@part
def volume_of(sheet: Sheet, i: int, number: int) -> int:
    """Return one of a member's volumes by its number, over its window, or zero where returns made it negative."""
    found = sheet.found
    if number == OWN:
        points = sheet.facts.pv[i]
    elif number == GROUP:
        points = found.gv[i]
    elif number == TOTAL:
        points = found.tgv[i]
    elif number == SIDE:
        points = found.side_volume[i]
    else:
        level = sheet.left_out.level[number - NAMED]
        points = sheet.deep_points[i, number - NAMED, level - 1] if level else found.named_points[i, number - NAMED]
        points += sheet.before_points[i, number - NAMED]
    return int(max(0, points))


@part
def write_tests(sheet: Sheet, i: int) -> None:
    """Write what a member passes of what those above may ask of a leg, beside what anyone below the member does."""
    facts, tests = sheet.facts, np.int64(sheet.found.broken_away[i])
    for test in range(1, sheet.rules.tests.shape[0]):
        fosters = sheet.rules.tests[test, 5]
        if (fosters != LEFT_OUT or not facts.foster[i]) and (fosters != ALONE or facts.foster[i]):
            tests |= np.int64(_passes(sheet, i, test)) << test
    sheet.tests[i] = tests
    sheet.tests_below[i] |= tests


@part
def _passes(sheet: Sheet, i: int, test: int) -> bool:
    """Say whether a member has what a test asks for; a closed position has its volume only."""
    facts, found = sheet.facts, sheet.found
    measure, of, volume, periods, at_least, _ = sheet.rules.tests[test]
    passed = found.broken_away[i]
    if measure == WITH_VOLUME:
        passed = volume_of(sheet, i, volume) >= of
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
    return bool(passed)
