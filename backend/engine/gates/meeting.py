"""
Meeting requirements: whether one holds for a member, and which is the highest that does.
"""

from backend.engine.columns.compiled import borrowing, part
from backend.engine.gates.requirements import Rules, Trees
from backend.engine.snapshot import Ints


@part
def holds(rules: Rules, requirement: int, market: int, measures: Ints) -> bool:
    """Say whether a requirement holds for one member: any way whose conditions all hold, or no way at all."""
    return measures[rules.asked[requirement]] >= rules.least[market, requirement] and _any_way(
        rules.trees, rules.at_least, requirement, market, measures
    )


@borrowing
def _any_way(trees: Trees, at_least: Ints, requirement: int, market: int, measures: Ints) -> bool:
    first, last = trees.ways[requirement], trees.ways[requirement + 1]
    for way in range(first, last):
        met = True
        for condition in range(trees.conditions[way], trees.conditions[way + 1]):
            if measures[trees.slot[condition]] < at_least[market, condition]:
                met = False
                break
        if met:
            return True
    return bool(first == last)


@part
def highest(rules: Rules, first: int, count: int, market: int, measures: Ints) -> int:
    """Return the highest of `count` requirements from number `first` on that holds; 0 where none does."""
    found = 0
    for index in range(1, count):
        if holds(rules, first + count - index, market, measures):
            found = count - index
            break
    return found
