"""
Gates in words: what a requirement asks for and what a volume leaves out, as a person would say it.
"""

from backend.kernel.points import HUNDREDTHS, percent_text, points_text
from backend.plan.terms import (
    LEG_MEASURES,
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

VOLUMES = {
    Measure.PV: "PV",
    Measure.GV: "GV",
    Measure.TGV: "TGV",
    Measure.SIDE_VOLUME: "side volume",
    Measure.CUSTOMER_PV: "PV of own customers",
}
NUMBERED = ("PV", "GV", "TGV", "side volume")
FACTS = {Measure.TRAINING: "the training done", Measure.ACTIVE: "active in the month"}
SHARES = {
    Measure.CUSTOMER_SHARE: "of PV sold to customers",
    Measure.VERIFIED_SHARE: "of PV verified as sold to customers",
}
COUNTS = {
    Measure.ENROLLED_ACTIVE: ("enrolled member active", "enrolled members active"),
    Measure.CUSTOMERS: ("own customer who bought", "own customers who bought"),
}
FOSTERS = {Fosters.COUNTED: "", Fosters.LEFT_OUT: ", foster legs left out", Fosters.ALONE: ", foster legs alone"}


def grouped(hundredths: int) -> str:
    """Return points as people write them: 250000 hundredths are `2,500`."""
    whole, _, rest = points_text(hundredths).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def requirement_words(requirement: Requirement, terms: Terms) -> str:
    """Return a requirement as one phrase; ways are joined by "or", the conditions of a way by "and"."""
    ways = [" and ".join(condition_words(each, terms) for each in way) for way in requirement.any_of]
    return ", or ".join(ways) if ways else "nothing"


def condition_words(condition: Condition, terms: Terms) -> str:
    """Return one condition as a phrase, such as `GV at least 2,500` or `at least 3 legs that sell 250`."""
    measure = condition.measure
    if measure in LEG_MEASURES or measure is Measure.LEGS_BROKEN_AWAY:
        return f"at least {_legs(condition, terms)}"
    if measure in {Measure.MARK, Measure.PERIODS, Measure.PERIODS_IN_A_ROW}:
        return mark_words(terms, condition.of) + _months(condition)
    if measure is Measure.STEP:
        return f"the step {label(terms.steps[condition.at_least])}"
    if measure is Measure.TITLE:
        return f"the title {label(terms.titles[condition.at_least])} from the month before"
    return FACTS[measure] if measure in FACTS else _amount(condition, terms)


def _amount(condition: Condition, terms: Terms) -> str:
    measure, least = condition.measure, condition.at_least
    if measure in SHARES:
        return f"at least {percent_text(least)} {SHARES[measure]}"
    if measure in COUNTS:
        return f"at least {least:,} {COUNTS[measure][least > 1]}"
    name = VOLUMES.get(measure) or volume_words(condition.volume, terms)
    return f"{name} at least {grouped(least)}"


def _months(condition: Condition) -> str:
    least = condition.at_least
    if condition.measure is Measure.PERIODS:
        return f" in at least {least} of the last {condition.periods} months"
    return f" in at least {least} months in a row" if condition.measure is Measure.PERIODS_IN_A_ROW else ""


def _legs(condition: Condition, terms: Terms) -> str:
    one = condition.at_least == 1
    count = "1 leg" if one else f"{condition.at_least:,} legs"
    return f"{count} {_leg(condition, terms, one=one)}{FOSTERS[condition.fosters]}"


def _leg(condition: Condition, terms: Terms, *, one: bool) -> str:
    anywhere = condition.reach is Reach.ANYWHERE
    match condition.measure:
        case Measure.LEGS_WITH_VOLUME:
            return _selling(condition, terms, one=one)
        case Measure.LEGS_WITH_STEP:
            from_step = f"the step {label(terms.steps[condition.of])} or above"
            return f"in which someone stands on {from_step}" if anywhere else f"led from {from_step}"
        case Measure.LEGS_WITH_TITLE:
            title = f"the title {label(terms.titles[condition.of])} or above"
            return f"in which someone holds {title}" if anywhere else f"led by a holder of {title}"
        case Measure.LEGS_WITH_MARK:
            mark = mark_words(terms, condition.of)
            return f"in which someone has {mark}" if anywhere else f"led by someone with {mark}"
        case Measure.LEGS_WITH_PERIODS:
            months = f"{condition.leg_periods} of the last {condition.periods} months"
            had = f"had {mark_words(terms, condition.of)} in {months}"
            return f"in which someone {had}" if anywhere else f"led by someone who {had}"
    assert condition.measure is Measure.LEGS_BROKEN_AWAY, condition.measure
    return "broken away"


def _selling(condition: Condition, terms: Terms, *, one: bool) -> str:
    points, anywhere = grouped(condition.of), condition.reach is Reach.ANYWHERE
    if condition.volume == VolumeNumber.TOTAL and not anywhere:
        return f"that {'sells' if one else 'sell'} {points}"
    has = f"{volume_words(condition.volume, terms)} of {points}"
    return f"in which someone has {has}" if anywhere else f"led by someone with {has}"


def exclusion_words(exclusion: Exclusion, terms: Terms) -> str:
    """Return what leaves a volume, such as `the group of anyone with the title "Leader" or above`."""
    what = "every line with anyone" if exclusion.reach is Reach.ANYWHERE else "the group of anyone"
    return f"{what} {_who(exclusion, terms)}{FOSTERS[exclusion.fosters]}"


def _who(exclusion: Exclusion, terms: Terms) -> str:
    if exclusion.measure is Measure.STEP:
        return f"on the step {label(terms.steps[exclusion.of])} or above"
    if exclusion.measure is Measure.TITLE:
        return f"with the title {label(terms.titles[exclusion.of])} or above"
    return f"with {mark_words(terms, exclusion.of)}" if exclusion.measure is Measure.MARK else "who broke away"


def volume_words(number: int, terms: Terms) -> str:
    """Return the name of a volume by its number: PV, GV, TGV, side volume, or as the plan names it."""
    return NUMBERED[number] if number < VolumeNumber.NAMED else terms.volumes[number - VolumeNumber.NAMED].name


def mark_words(terms: Terms, index: int) -> str:
    """Return a mark by its index, such as `the mark "Producer"`."""
    return f"the mark {label(terms.marks[index])}"


def label(entry: Step | Title | Mark) -> str:
    """Return a name in quotes, with the id where it is not the same word: `"25 %" (manager)`."""
    same = entry.id.casefold() == entry.name.casefold().replace(" ", "_")
    return f'"{entry.name}"' if same else f'"{entry.name}" ({entry.id})'


def minor_words(amount_minor: int, currency: str, decimals: int) -> str:
    """Return money as plain text, such as `250.00 USD`."""
    whole, rest = divmod(amount_minor, 10**decimals)
    return f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "") + f" {currency}"


def points_words(hundredths: int) -> str:
    """Return points with their unit: `300 points`."""
    return f"{grouped(hundredths)} {'point' if hundredths == HUNDREDTHS else 'points'}"
