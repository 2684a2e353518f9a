"""
Gates as they are said: what a requirement asks for, and what a volume leaves out.
"""

from backend.plan.rules.said import Count, Percent, Points, Said, Word, all_of, any_of, count, say, written
from backend.plan.terms import (
    Condition,
    Exclusion,
    Fosters,
    Mark,
    Measure,
    Reach,
    Requirement,
    Step,
    Terms,
    Title,
    VolumeNumber,
)

VOLUMES: dict[Measure, Said] = {
    Measure.PV: say("PV"),
    Measure.GV: say("GV"),
    Measure.TGV: say("TGV"),
    Measure.SIDE_VOLUME: say("side volume"),
    Measure.CUSTOMER_PV: say("PV of own customers"),
}
NUMBERED = (say("PV"), say("GV"), say("TGV"), say("side volume"))
NOTHING = say("nothing")
FACTS = {
    Measure.TRAINING: say("the training done"),
    Measure.ACTIVE: say("active in the month"),
    Measure.FEES_PAID: say("the fees paid"),
    Measure.CLEARED: say("cleared by compliance"),
}
SHARES = {
    Measure.CUSTOMER_SHARE: written("at least %(share)s of PV sold to customers"),
    Measure.VERIFIED_SHARE: written("at least %(share)s of PV verified as sold to customers"),
}
MARKED = {Measure.MARK, Measure.PERIODS, Measure.PERIODS_IN_A_ROW}

SOMEONE_ON_STEP = written("%(legs)s in which someone stands on the step %(step)s or above")
LED_FROM_STEP = written("%(legs)s led from the step %(step)s or above")
SOMEONE_WITH_TITLE = written("%(legs)s in which someone holds the title %(title)s or above")
LED_BY_TITLE = written("%(legs)s led by a holder of the title %(title)s or above")
SOMEONE_WITH_MARK = written("%(legs)s in which someone has %(mark)s")
LED_WITH_MARK = written("%(legs)s led by someone with %(mark)s")
SOMEONE_IN_MONTHS = written("%(legs)s in which someone had %(mark)s in %(count)s of the last %(last)s months")
LED_IN_MONTHS = written("%(legs)s led by someone who had %(mark)s in %(count)s of the last %(last)s months")


def requirement_said(requirement: Requirement, terms: Terms) -> Word:
    """Say a requirement as one phrase; ways are joined by "or", the conditions of a way by "and"."""
    ways = [all_of([condition_said(each, terms) for each in way]) for way in requirement.any_of if way]
    return any_of(ways) if ways else NOTHING


def condition_said(condition: Condition, terms: Terms) -> Word:
    """Say one condition, such as `GV at least 2,500` or `at least 3 legs that sell 250`."""
    measure = condition.measure
    if measure in VOLUMES or measure is Measure.VOLUME:
        volume = VOLUMES.get(measure) or volume_said(condition.volume, terms)
        return say("%(volume)s at least %(points)s", volume=volume, points=Points(condition.at_least))
    if measure in FACTS:
        return FACTS[measure]
    if measure in SHARES:
        return say(SHARES[measure], share=Percent(condition.at_least))
    if measure in MARKED:
        return _marked(condition, terms)
    return _held(condition, terms)


def _held(condition: Condition, terms: Terms) -> Word:
    least = condition.at_least
    match condition.measure:
        case Measure.STEP:
            return say("the step %(step)s", step=label(terms.steps[least]))
        case Measure.TITLE:
            return say("the title %(title)s from the month before", title=label(terms.titles[least]))
        case Measure.ENROLLED_ACTIVE:
            return count(
                "at least %(count)s enrolled member active", "at least %(count)s enrolled members active", least
            )
        case Measure.CUSTOMERS:
            return count(
                "at least %(count)s own customer who bought", "at least %(count)s own customers who bought", least
            )
    return _legs(condition, terms)


def _marked(condition: Condition, terms: Terms) -> Word:
    mark, least = mark_said(terms, condition.of), Count(condition.at_least)
    if condition.measure is Measure.PERIODS:
        last = Count(condition.periods)
        return say("%(mark)s in at least %(count)s of the last %(last)s months", mark=mark, count=least, last=last)
    if condition.measure is Measure.PERIODS_IN_A_ROW:
        return say("%(mark)s in at least %(count)s months in a row", mark=mark, count=least)
    return mark


def _legs(condition: Condition, terms: Terms) -> Word:
    one = count("1 leg", "%(count)s legs", condition.at_least)
    legs = say("at least %(legs)s", legs=_leg(condition, terms, one))
    return foster_said(legs, condition.fosters)


def _leg(condition: Condition, terms: Terms, legs: Said) -> Word:
    anywhere = condition.reach is Reach.ANYWHERE
    match condition.measure:
        case Measure.LEGS_WITH_VOLUME:
            return _selling(condition, terms, legs)
        case Measure.LEGS_WITH_STEP:
            text = SOMEONE_ON_STEP if anywhere else LED_FROM_STEP
            return say(text, legs=legs, step=label(terms.steps[condition.of]))
        case Measure.LEGS_WITH_TITLE:
            text = SOMEONE_WITH_TITLE if anywhere else LED_BY_TITLE
            return say(text, legs=legs, title=label(terms.titles[condition.of]))
        case Measure.LEGS_WITH_MARK:
            text = SOMEONE_WITH_MARK if anywhere else LED_WITH_MARK
            return say(text, legs=legs, mark=mark_said(terms, condition.of))
        case Measure.LEGS_WITH_PERIODS:
            text = SOMEONE_IN_MONTHS if anywhere else LED_IN_MONTHS
            counts = {"count": Count(condition.leg_periods), "last": Count(condition.periods)}
            return say(text, legs=legs, mark=mark_said(terms, condition.of), **counts)
    assert condition.measure is Measure.LEGS_BROKEN_AWAY, condition.measure
    return say("%(legs)s broken away", legs=legs)


def _selling(condition: Condition, terms: Terms, legs: Said) -> Word:
    points, volume = Points(condition.of), volume_said(condition.volume, terms)
    if condition.reach is Reach.ANYWHERE:
        return say("%(legs)s in which someone has %(volume)s of %(points)s", legs=legs, volume=volume, points=points)
    if condition.volume == VolumeNumber.TOTAL:
        return count("1 leg that sells %(points)s", "%(count)s legs that sell %(points)s", legs.number, points=points)
    return say("%(legs)s led by someone with %(volume)s of %(points)s", legs=legs, volume=volume, points=points)


def exclusion_said(exclusion: Exclusion, terms: Terms) -> Word:
    """Say what leaves a volume, such as `the group of anyone with the title "Leader" or above`."""
    who = _who(exclusion, terms)
    line = exclusion.reach is Reach.ANYWHERE
    left = say("every line with anyone %(who)s", who=who) if line else say("the group of anyone %(who)s", who=who)
    if exclusion.fosters is Fosters.LEFT_OUT:
        return say("%(left)s, though foster legs stay in", left=left)
    return say("%(left)s, of foster legs alone", left=left) if exclusion.fosters is Fosters.ALONE else left


def _who(exclusion: Exclusion, terms: Terms) -> Word:
    match exclusion.measure:
        case Measure.STEP:
            return say("on the step %(step)s or above", step=label(terms.steps[exclusion.of]))
        case Measure.TITLE:
            return say("with the title %(title)s or above", title=label(terms.titles[exclusion.of]))
        case Measure.MARK:
            return say("with %(mark)s", mark=mark_said(terms, exclusion.of))
    return say("who broke away")


def foster_said(legs: Word, fosters: Fosters) -> Word:
    """Say whether legs sponsored in another's place are counted, where they are not as others."""
    if fosters is Fosters.LEFT_OUT:
        return say("%(legs)s, foster legs left out", legs=legs)
    return say("%(legs)s, foster legs alone", legs=legs) if fosters is Fosters.ALONE else legs


def volume_said(number: int, terms: Terms) -> Word:
    """Say a volume by its number: PV, GV, TGV, side volume, or as the plan names it."""
    return NUMBERED[number] if number < VolumeNumber.NAMED else terms.volumes[number - VolumeNumber.NAMED].name


def mark_said(terms: Terms, index: int) -> Word:
    """Say a mark by its index, such as `the mark "Producer"`."""
    return say("the mark %(mark)s", mark=label(terms.marks[index]))


def label(entry: Step | Title | Mark) -> Word:
    """Return a name in quotes, with the id where it is not the same word: `"25 %" (manager)`."""
    same = entry.id.casefold() == entry.name.casefold().replace(" ", "_")
    if same:
        return say("“%(name)s”", name=entry.name)
    return say("“%(name)s” (%(id)s)", name=entry.name, id=entry.id)
