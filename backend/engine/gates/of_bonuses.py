"""
Gates of bonuses: all of a plan's in one order, so that each is one bit of a member's number.
"""

from backend.plan.terms import Requirement, Terms


def gates_of(terms: Terms) -> tuple[Requirement, ...]:
    """Return the gates of all bonuses: gate g is bit g of `Columns.gates`."""
    return (
        terms.differential.gate,
        *(each.gate for each in terms.overrides),
        *(each.gate for each in terms.productions),
        *(each.gate for each in terms.levels),
        *(each.gate for each in terms.pools),
        *(each.gate for each in terms.matches),
        *(each.gate for each in terms.multipliers),
        *(each.requirement for each in terms.one_times),
    )


def gate_number(terms: Terms, kind: str, index: int = 0) -> int:
    """Return the bit of a gate: `differential`, or one of `overrides`, `productions`, `levels`, `pools`, …."""
    if kind == "differential":
        return 0
    before = ("overrides", "productions", "levels", "pools", "matches", "multipliers", "one_times")
    return 1 + sum(len(getattr(terms, name)) for name in before[: before.index(kind)]) + index


def asking(terms: Terms) -> list[int]:
    """Return the gates that ask for anything; the others stand open to everybody."""
    return [at for at, gate in enumerate(gates_of(terms)) if gate.any_of]
