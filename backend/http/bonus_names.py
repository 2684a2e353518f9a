"""
Names of bonuses: what the engine calls `override leadership` in the words of the plan.
"""

from backend.plan.terms import Terms

SCHEMES = {
    "override": "overrides",
    "pool": "pools",
    "production": "productions",
    "level": "levels",
    "match": "matches",
    "multiplier": "multipliers",
    "one_time": "one_times",
    "cap": "caps",
}
"""Where the terms list those of a kind that a plan names itself."""


def bonus_named(name: str, terms: Terms) -> tuple[str, str]:
    """Return a bonus's kind, and the plan's name for it where the plan has several of the kind, or for a cap."""
    kind, _, scheme = name.partition(" ")
    schemes = {one.id: one.name for one in getattr(terms, SCHEMES[kind])} if scheme else {}
    return kind, schemes.get(scheme, scheme) if len(schemes) > 1 or kind == "cap" else ""
