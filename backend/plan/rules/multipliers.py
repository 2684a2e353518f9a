"""
Multipliers, as they are said: what a member earns on top of its own bonuses, and by what.
"""

from collections.abc import Iterator

from backend.plan.rules.gates import label
from backend.plan.rules.paying import EARN_IT
from backend.plan.rules.rewards import bonuses_said
from backend.plan.rules.said import Percent, Word, count, listed, say, written
from backend.plan.rules.sheet import Rule, gate
from backend.plan.terms import Multiplier, RatesBy, Terms


def multiplier_rules(terms: Terms) -> Iterator[Rule]:
    """Say what each multiplier adds to the own bonuses, and what it asks for."""
    for multiplier in terms.multipliers:
        yield Rule(_multiplier(multiplier, terms), multiplier.clause)
        yield from gate(EARN_IT, multiplier.gate, terms)


def _multiplier(multiplier: Multiplier, terms: Terms) -> Word:
    text = written("%(name)s, on top of what a member itself earns as %(bonuses)s: %(rates)s.")
    rates = list(_rates(multiplier, terms)) or [Percent(0)]
    return say(text, name=multiplier.name, rates=listed(rates), bonuses=bonuses_said(multiplier.bonuses))


def _rates(multiplier: Multiplier, terms: Terms) -> Iterator[Word]:
    """Yield each rate with what it begins from, where it is another than below."""
    before = 0
    for index, rate_bp in enumerate(multiplier.rates_bp):
        if rate_bp != before:
            yield _from(multiplier, terms, index)
        before = rate_bp


def _from(multiplier: Multiplier, terms: Terms, index: int) -> Word:
    rate = Percent(multiplier.rates_bp[index])
    if multiplier.by is RatesBy.LEGS_BROKEN_AWAY:
        return count(
            "%(rate)s from %(count)s leg broken away on",
            "%(rate)s from %(count)s legs broken away on",
            index,
            rate=rate,
        )
    if multiplier.by is RatesBy.NOTHING:
        return rate
    place = label(terms.titles[index]) if multiplier.by is RatesBy.TITLE else label(terms.steps[index])
    return say("%(rate)s from %(place)s on", rate=rate, place=place)
