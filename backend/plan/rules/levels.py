"""
What is paid by level on single orders, as it is said: at a rate, or as an amount for each unit of a product.
"""

from collections.abc import Iterator

from backend.plan.rules.paying import EARN_IT, NONE
from backend.plan.rules.said import Count, Word, count, ordinal, percents, say, sentences, written
from backend.plan.rules.sheet import Rule, Table, gate, money
from backend.plan.terms import LevelBonus, Line, ProductAmounts, Terms


def level_rules(terms: Terms) -> Iterator[Rule | Table]:
    """Say what is paid by level on single orders."""
    for level in terms.levels:
        yield Rule(sentences(list(_level(level))), level.clause)
        if level.products:
            yield _products(level, terms)
        yield from gate(EARN_IT, level.gate, terms)


def _level(level: LevelBonus) -> Iterator[Word]:
    orders = say("first orders") if level.first_orders else say("orders")
    if level.within_days:
        days = Count(level.within_days)
        orders = say("%(orders)s in the first %(count)s days of a member", orders=orders, count=days)
    if level.products:
        text = written("%(name)s, for each unit of a product in %(orders)s that bring CV: an amount %(line)s.")
        yield say(text, name=level.name, orders=orders, line=_line(level))
    else:
        text = written("%(name)s, on the CV of %(orders)s: %(rates)s, %(line)s.")
        yield say(text, name=level.name, orders=orders, rates=percents(level.rates_bp), line=_line(level))
    if level.alone:
        yield say("No other bonus is paid on them; they qualify all the same.")
    if level.compressed:
        yield say("Who does not qualify is passed over.")
    else:
        yield say("Who does not qualify uses up a level.")
    if level.or_differential:
        yield say("A member is paid the higher of this and the difference.")


def _products(level: LevelBonus, terms: Terms) -> Table:
    """Return what a unit of each product pays, by level."""
    wide = _levels(level)
    rows = tuple((terms.products[each.product], *_amounts(each, wide, terms)) for each in level.products)
    return Table((say("product"), *map(ordinal, range(wide))), rows)


def _amounts(product: ProductAmounts, wide: int, terms: Terms) -> tuple[Word, ...]:
    found: list[Word] = [money(amount, terms) for amount in product.amounts_minor]
    return (*found, *[NONE] * (wide - len(found)))


def _levels(level: LevelBonus) -> int:
    return max([len(level.rates_bp), *(len(each.amounts_minor) for each in level.products)])


def _line(level: LevelBonus) -> Word:
    levels = _levels(level)
    if level.line is Line.ENROLLER:
        return count("to the enroller", "to %(count)s enrollers upward", levels)
    return count("to the sponsor", "to %(count)s sponsors upward", levels)
