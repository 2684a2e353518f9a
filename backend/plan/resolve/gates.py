"""
Requirements, marks and named volumes of one day: every id a number, every word one of an enum.
"""

from backend.kernel.dated import Since
from backend.plan.document import gates as written
from backend.plan.resolve.lookup import Lookup
from backend.plan.terms import (
    Condition,
    Exclusion,
    Fosters,
    GroupVolume,
    Mark,
    Measure,
    Reach,
    Requirement,
    VolumeNumber,
    Window,
)

FOSTERS = {"counted": Fosters.COUNTED, "left out": Fosters.LEFT_OUT, "alone": Fosters.ALONE}
REACHES = {"frontline": Reach.FRONTLINE, "anywhere": Reach.ANYWHERE, "group": Reach.FRONTLINE, "line": Reach.ANYWHERE}
EXCLUSIONS = {
    "broken_away": Measure.LEGS_BROKEN_AWAY,
    "step": Measure.STEP,
    "title": Measure.TITLE,
    "mark": Measure.MARK,
}
WINDOWS = {
    "period": Window.PERIOD,
    "last periods": Window.LAST,
    "year": Window.YEAR,
    "lifetime": Window.LIFETIME,
}


def requirement_of(
    look: Lookup, values: Since[written.Requirement] | Since[written.Requirement | None] | None, clause: str
) -> Requirement:
    """Return the requirement that holds, with the nearest clause named; one that always holds where there is none."""
    found = values.on(look.day, look.market) if values else None
    if found is None:
        return Requirement(clause=clause)
    clause = found.clause or clause
    ways = tuple(tuple(condition_of(look, each, clause) for each in way) for way in found.ways)
    return Requirement(any_of=ways, clause=clause)


def requirement_given(
    look: Lookup, values: Since[written.Requirement] | Since[written.Requirement | None] | None, clause: str
) -> Requirement | None:
    """Return the requirement that holds; None where there is none."""
    found = requirement_of(look, values, clause)
    return found if found.any_of else None


def condition_of(look: Lookup, found: written.Condition, clause: str) -> Condition:
    """Return one condition; what it does not say keeps the terms' own default."""
    where, fosters = _legs(found)
    named = found.volume if isinstance(found, written.NamedVolumeCondition | written.LegVolumeCondition) else None
    last = found.of_last if isinstance(found, written.PeriodsCondition | written.LegPeriodsCondition) else 0
    return Condition(
        measure=Measure[found.measure.upper()],
        at_least=_at_least(look, found),
        of=_of(look, found),
        volume=look.volume(named, VolumeNumber.TOTAL),
        periods=last,
        leg_periods=found.leg_periods if isinstance(found, written.LegPeriodsCondition) else 0,
        reach=REACHES[where],
        fosters=FOSTERS[fosters],
        clause=found.clause or clause,
    )


def _legs(found: written.Condition) -> tuple[written.Where, written.FosterLegs]:
    match found:
        case (
            written.LegVolumeCondition()
            | written.LegStepCondition()
            | written.LegTitleCondition()
            | written.LegMarkCondition()
            | written.LegPeriodsCondition()
        ):
            return found.where, found.fosters
    return "frontline", "counted"


def _at_least(look: Lookup, found: written.Condition) -> int:
    match found:
        case written.StepCondition():
            return look.step_index[found.at_least]
        case written.TitleCondition():
            return look.title_index[found.at_least]
        case written.FactCondition() | written.MarkCondition():
            return 1
    return found.at_least


def _of(look: Lookup, found: written.Condition) -> int:
    match found:
        case written.LegVolumeCondition():
            return found.leg_volume
        case written.LegStepCondition():
            return look.step_index[found.leg_step]
        case written.LegTitleCondition():
            return look.title_index[found.leg_title]
        case written.LegMarkCondition() | written.LegPeriodsCondition():
            return look.mark(found.leg_mark)
        case written.MarkCondition() | written.PeriodsCondition() | written.RowCondition():
            return look.mark(found.mark)
    return 0


def mark_of(look: Lookup, mark: written.Mark) -> Mark:
    """Return a mark as it is decided on the day."""
    requirement = requirement_of(look, mark.requires, mark.clause)
    stated = mark.stated == "yes"
    return Mark(id=mark.id, name=mark.name, requirement=requirement, stated=stated, clause=mark.clause)


def volume_of(look: Lookup, volume: written.GroupVolume) -> GroupVolume:
    """Return a named volume with what it leaves out on the day."""
    return GroupVolume(
        id=volume.id,
        name=volume.name,
        own=volume.own == "yes" and not volume.from_level,
        legs=volume.legs == "yes",
        less=tuple(_exclusion(look, each, volume.clause) for each in look.maybe(volume.less) or ()),
        leg_limit=look.number(volume.leg_limit),
        from_level=volume.from_level,
        window=WINDOWS[volume.window],
        periods=look.number(volume.periods),
        only_with_mark=look.mark(volume.only_with_mark, -1),
        clause=volume.clause,
    )


def _exclusion(look: Lookup, found: written.Exclusion, clause: str) -> Exclusion:
    return Exclusion(
        measure=EXCLUSIONS[found.measure],
        of=_enough(look, found),
        reach=REACHES[found.leave_out],
        fosters=FOSTERS[found.fosters],
        clause=found.clause or clause,
    )


def _enough(look: Lookup, found: written.Exclusion) -> int:
    match found:
        case written.StepLeg():
            return look.step_index[found.at_least]
        case written.TitleLeg():
            return look.title_index[found.at_least]
        case written.MarkLeg():
            return look.mark(found.mark)
    return 0
