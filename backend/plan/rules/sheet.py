"""
The parts that a plan is read in: sections of rules and tables, each rule with its clause.
"""

from collections.abc import Iterator

from msgspec import Struct

from backend.plan.rules.gates import requirement_said
from backend.plan.rules.said import Amount, Word, say
from backend.plan.terms import Requirement, Terms


class Rule(Struct, frozen=True):
    """One rule: what it says, and the clause that it rests on; `below` belongs to the rule before it."""

    said: Word
    clause: str = ""
    below: bool = False


class Table(Struct, frozen=True):
    """
    Figures that stand side by side, under a row of heads. The first cell of a row is its name.

    `clauses` are those of the rows, where each row rests on one of its own.
    """

    heads: tuple[Word, ...]
    rows: tuple[tuple[Word, ...], ...]
    clauses: tuple[str, ...] = ()


class Section(Struct, frozen=True):
    """One part of a plan: a word by which it is found, its heading, and its rules and tables in reading order."""

    id: str
    title: Word
    parts: tuple[Rule | Table, ...]


def gate(leads: str, requirement: Requirement, terms: Terms) -> Iterator[Rule]:
    """Yield what a gate asks for, `leads` being a text with the place `asked`; nothing where it asks for nothing."""
    if requirement.any_of:
        yield Rule(say(leads, asked=requirement_said(requirement, terms)), requirement.clause, below=True)


def money(amount_minor: int, terms: Terms) -> Amount:
    """Return an amount that the plan sets, in the first market's currency."""
    return Amount(amount_minor, terms.markets[0].currency)
