"""
Requirements in words: what a gate asks for, as a person would say it.
"""

from backend.kernel.points import HUNDREDTHS, points_text
from backend.plan.terms import Condition, Measure, Requirement, Terms

VOLUMES = {
    Measure.PV: "PV",
    Measure.GV: "GV",
    Measure.TGV: "TGV",
    Measure.SIDE_VOLUME: "side volume",
    Measure.CUSTOMER_PV: "PV of own customers",
}
FACTS = {Measure.TRAINING: "the training done", Measure.ACTIVE: "active in the month"}


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
    measure, least = condition.measure, condition.at_least
    if measure in VOLUMES:
        return f"{VOLUMES[measure]} at least {grouped(least)}"
    if measure in FACTS:
        return FACTS[measure]
    if measure is Measure.STEP:
        return f"the step {_step(terms, least)}"
    if measure is Measure.ENROLLED_ACTIVE:
        return f"at least {least:,} enrolled {'member' if least == 1 else 'members'} active"
    return f"at least {_legs(condition, terms)}"


def _legs(condition: Condition, terms: Terms) -> str:
    one = condition.at_least == 1
    count = "1 leg" if one else f"{condition.at_least:,} legs"
    if condition.measure is Measure.LEGS_WITH_VOLUME:
        return f"{count} that {'sells' if one else 'sell'} {grouped(condition.of)}"
    if condition.measure is Measure.LEGS_WITH_STEP:
        return f"{count} led from the step {_step(terms, condition.of)} or above"
    assert condition.measure is Measure.LEGS_BROKEN_AWAY, condition.measure
    return f"{count} broken away"


def _step(terms: Terms, index: int) -> str:
    step = terms.steps[index]
    return f'"{step.name}" ({step.id})' if step.id != step.name else f'"{step.name}"'


def minor_words(amount_minor: int, currency: str, decimals: int) -> str:
    """Return money as plain text, such as `250.00 USD`."""
    whole, rest = divmod(amount_minor, 10**decimals)
    return f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "") + f" {currency}"


def points_words(hundredths: int) -> str:
    """Return points with their unit: `300 points`."""
    return f"{grouped(hundredths)} {'point' if hundredths == HUNDREDTHS else 'points'}"
