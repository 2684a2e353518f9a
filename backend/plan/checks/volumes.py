"""
Checks of named volumes and marks: something counts, windows have their periods, and no more marks than are carried.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.plan.checks.walk import asked, held, subject
from backend.plan.document.gates import (
    Exclusion,
    GroupVolume,
    LegMarkCondition,
    LegPeriodsCondition,
    LegStepCondition,
    LegTitleCondition,
    LegVolumeCondition,
    MarkLeg,
    PeriodsCondition,
    RowCondition,
    StepLeg,
    TitleLeg,
)
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.terms import DEEPEST_LEVEL
from backend.plan.today import Checked, Today, Written

LEGS = (
    *(LegVolumeCondition, LegStepCondition, LegTitleCondition, LegMarkCondition, LegPeriodsCondition),
    *(StepLeg, TitleLeg, MarkLeg),
)
"""What asks something of each leg."""

RESERVED = ("own", "gv", "tgv", "side_volume")
"""The volumes that every plan has."""

MOST_MARKS = 62
"""Marks are bits of a whole number of 64."""

MOST_QUESTIONS = 61
"""What is asked of a leg's leader is a bit each, beside whether the leg broke away."""

LONGEST_HISTORY = 63
"""So many periods of a mark are carried, this one included."""


def names_free(checked: Checked) -> Iterator[Finding]:
    """No named volume bears the id of a volume that every plan has."""
    for number, volume in enumerate(checked.plan.volumes):
        if volume.id in RESERVED:
            message = f'Every plan has "{volume.id}" already.'
            fault = Fault("volume-reserved", message, "Give the volume another id.")
            yield checked.finding(("volumes", number, "id"), fault)


def marks_not_too_many(checked: Checked) -> Iterator[Finding]:
    """A plan has at most 62 marks."""
    for number in range(MOST_MARKS, min(len(checked.plan.marks), MOST_MARKS + 1)):
        message = f"The plan has more than {MOST_MARKS} marks; this is one too many."
        yield checked.finding(("marks", number), Fault("marks-many", message, "Take out marks that nothing asks for."))


def _volumes(today: Checked) -> Iterator[Written[GroupVolume]]:
    for number, volume in enumerate(today.plan.volumes):
        if not today.is_broken(("volumes", number)):
            yield Written(volume, ("volumes", number))


def something_counts(checked: Checked) -> Iterator[Finding]:
    """A volume counts the own part or the legs, and leaves out or limits legs only where legs count."""
    for volume in _volumes(checked):
        value, legs = volume.value, checked.line((*volume.path, "legs"))
        if value.legs == "yes":
            continue
        if value.own == "no":
            message = f"Neither own volume nor the legs count, which {legs} leaves out too."
            yield checked.finding((*volume.path, "own"), Fault("volume-empty", message, "Let one of the two count."))
        for field in ("less", "leg_limit"):
            if getattr(value, field) is not None:
                message = f"No leg counts, says {legs}, so there is nothing to leave out of one."
                fault = Fault("volume-legless", message, f'Take "{field}" out, or write legs = "yes".')
                yield checked.source.key((*volume.path, field), fault)


def levels_in_range(checked: Checked) -> Iterator[Finding]:
    """A volume begins at most at level 3, and below the member only where legs count."""
    for volume in _volumes(checked):
        level, path = volume.value.from_level, (*volume.path, "from_level")
        if level > DEEPEST_LEVEL:
            message = f"A volume counts from level {DEEPEST_LEVEL} down at the latest; this begins at level {level}."
            yield checked.finding(path, Fault("level-range", message, f"Write 0 to {DEEPEST_LEVEL}."))
        if level and volume.value.legs == "no":
            message = (
                f"No leg counts, says {checked.line((*volume.path, 'legs'))}, so nothing lies from this level down."
            )
            yield checked.finding(path, Fault("volume-legless", message, 'Take it out, or write legs = "yes".'))


def windows_have_periods(today: Today) -> Iterator[Finding]:
    """A window of the last periods has 2 to 63 of them; no other window has a number of its own."""
    for volume in _volumes(today):
        window, periods = volume.value.window, volume.value.periods
        found = today.on(periods, *volume.path, "periods")
        if window == "last periods" and found is None:
            message = f'"{volume.value.id}" counts over the last periods and does not say how many.'
            fault = Fault("window-periods", message, "Add periods = { … = 3 }.")
            yield today.finding((*volume.path, "window"), fault)
        elif window == "last periods" and found and not 2 <= found.value <= LONGEST_HISTORY:
            message = f"A window of {found.value} periods is none of several."
            yield today.finding(found.path, Fault("window-range", message, f"Write 2 to {LONGEST_HISTORY} periods."))
        elif window != "last periods" and found:
            stands = f'"{window}" in {today.line((*volume.path, "window"))}'
            message = f"The window is {stands}, which has no number of periods."
            fault = Fault("window-periods", message, 'Take it out, or write window = "last periods".')
            yield today.source.key((*volume.path, "periods"), fault)


def limits_leave_something(today: Today) -> Iterator[Finding]:
    """A limit of what counts of one leg lets some of it count, and an exclusion leaves some legs in."""
    for volume in _volumes(today):
        limit = today.on(volume.value.leg_limit, *volume.path, "leg_limit")
        if limit and limit.value == 0:
            message = "A limit of 0 reads as if no leg counted, or as if there were no limit."
            yield today.finding(limit.path, Fault("limit-zero", message, 'Write legs = "no", or "none" for no limit.'))
        less = today.on(volume.value.less, *volume.path, "less")
        for at, leg in enumerate(less.value) if less else ():
            path = (*less.path, at) if less else volume.path
            if _everybody(today, leg):
                message = f'Everybody stands at "{leg.at_least}", so every leg would be left out.'
                fault = Fault("exclusion-everybody", message, 'Name a higher one, or write legs = "no".')
                yield today.finding((*path, "at_least"), fault)


def _everybody(today: Today, leg: Exclusion) -> bool:
    if isinstance(leg, StepLeg):
        return today.step_rank(leg.at_least) == 0
    return isinstance(leg, TitleLeg) and today.title_rank(leg.at_least) == 0


def exclusions_once(today: Today) -> Iterator[Finding]:
    """A volume leaves out the same legs once, and what it leaves out is not empty."""
    for volume in _volumes(today):
        less = today.on(volume.value.less, *volume.path, "less")
        if less and not less.value:
            fault = Fault("exclusion-empty", "Nothing is left out.", 'Take "less" out, or say which legs.')
            yield today.finding(less.path, fault)
        first: dict[object, Path] = {}
        for at, leg in enumerate(less.value) if less else ():
            path: Path = (*less.path, at) if less else ()
            key = (leg.measure, getattr(leg, "at_least", None), getattr(leg, "mark", None), leg.fosters)
            if first.setdefault(key, path) != path:
                message = f"The same legs are already left out in {today.line(first[key])}."
                yield today.finding(path, Fault("exclusion-twice", message, "Keep the one that is meant."))


def legs_asked_not_too_much(today: Today) -> Iterator[Finding]:
    """All gates and exclusions of a day together ask a leg's leader at most 61 different things."""
    first: dict[tuple[object, ...], Path] = {}
    for path, value in held(today):
        if isinstance(value, LEGS):
            first.setdefault(subject(value, beside=("where", "leave_out")), path)
    for path in list(first.values())[MOST_QUESTIONS : MOST_QUESTIONS + 1]:
        message = f"The plan asks more than {MOST_QUESTIONS} different things of legs; this is one too many."
        yield today.finding(path, Fault("legs-many", message, "Ask for the same in more places."))


def history_fits(today: Today) -> Iterator[Finding]:
    """A condition on past periods looks back 1 to 63 periods, and asks for no more of them than it looks at."""
    for condition in asked(today):
        value = condition.value
        if isinstance(value, PeriodsCondition | LegPeriodsCondition):
            wanted = "leg_periods" if isinstance(value, LegPeriodsCondition) else "at_least"
            yield from _looks_back(today, condition.path, value.of_last, "of_last")
            if getattr(value, wanted) > value.of_last:
                most = f"{value.of_last} in {today.line((*condition.path, 'of_last'))}"
                message = f"{getattr(value, wanted)} periods are more than are looked at: {most}."
                fault = Fault("periods-order", message, "Ask for fewer periods, or look at more.")
                yield today.finding((*condition.path, wanted), fault)
        elif isinstance(value, RowCondition) and value.at_least > 0:
            yield from _looks_back(today, condition.path, value.at_least, "at_least")


def _looks_back(today: Today, path: Path, periods: int, field: str) -> Iterator[Finding]:
    if not 1 <= periods <= LONGEST_HISTORY:
        message = f"A mark is remembered for {LONGEST_HISTORY} periods, this one included, and this asks for {periods}."
        fault = Fault("periods-range", message, f"Write 1 to {LONGEST_HISTORY} periods.")
        yield today.finding((*path, field), fault)
