"""
The rules of a plan as they are said, section by section: the one place where a rule of the terms becomes words.

What stands here has no language yet: `said` tells how a sentence waits for its reader's words and figures. The plan's
page speaks it in the reader's language, `backend.plan.text` in English for the command line.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from backend.plan.rules.levels import level_rules
from backend.plan.rules.markets import market_parts, rounding_rules
from backend.plan.rules.multipliers import multiplier_rules
from backend.plan.rules.paying import override_parts, percent_rules, production_rules
from backend.plan.rules.regions import differing_parts
from backend.plan.rules.rewards import cap_rules, match_rules, once_rules, pool_rules
from backend.plan.rules.said import Word, say
from backend.plan.rules.sheet import Rule, Section, Table
from backend.plan.rules.standing import (
    breakaway_rules,
    ladder_parts,
    mark_rules,
    named_volume_rules,
    rung_rules,
    title_rules,
    upkeep_rules,
    volume_rules,
)
from backend.plan.terms import Terms

__all__ = ["Rule", "Section", "Table", "beside_stairs", "rung_rules", "sections"]

RULES: tuple[tuple[str, Word, Callable[[Terms], Iterable[Rule | Table]]], ...] = (
    ("ladder", say("The ladder"), ladder_parts),
    ("volume", say("Volume and activity"), volume_rules),
    ("volumes", say("Volumes of this plan"), named_volume_rules),
    ("marks", say("Marks"), mark_rules),
    ("percent", say("What the percent pays"), percent_rules),
    ("breakaway", say("Breakaway"), breakaway_rules),
    ("overrides", say("Overrides"), override_parts),
    ("titles", say("Titles"), title_rules),
    ("upkeep", say("How a title is kept"), upkeep_rules),
    ("productions", say("Production bonuses"), production_rules),
    ("levels", say("Level bonuses"), level_rules),
    ("pools", say("Pools"), pool_rules),
    ("multipliers", say("Multipliers"), multiplier_rules),
    ("matches", say("Matches"), match_rules),
    ("once", say("Paid once"), once_rules),
    ("caps", say("Caps"), cap_rules),
)


def sections(terms: Terms, rounding_clause: str) -> tuple[Section, ...]:
    """Return the parts that a plan has, in reading order; a ladder, markets and rounding are always among them."""
    found = _everywhere(terms)
    others = {terms.markets[market].id: _everywhere(own) for market, own in sorted(terms.elsewhere.items())}
    differing = [part for market, own in others.items() for part in differing_parts(market, own, found)]
    return (
        *found,
        *([Section("differing", say("Where markets differ"), tuple(differing))] if differing else []),
        Section("markets", say("Markets"), tuple(market_parts(terms))),
        Section("rounding", say("Rounding"), tuple(rounding_rules(terms, rounding_clause))),
    )


def beside_stairs(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections for a page that draws the ladder's steps as stairs: the ladder without its table."""
    return tuple(replace(each, parts=each.parts[1:]) if each.id == "ladder" else each for each in sections)


def _everywhere(terms: Terms) -> list[Section]:
    found = [Section(name, title, tuple(parts(terms))) for name, title, parts in RULES]
    return [section for section in found if section.parts]
