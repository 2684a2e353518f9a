"""
Where markets differ, as it is said: the rules in which a market's own numbers stand, again for that market.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from backend.plan.rules.said import say
from backend.plan.rules.sheet import Rule, Section, Table

Part = Rule | Table


def differing_parts(market: str, own: Sequence[Section], general: Sequence[Section]) -> Iterator[Part]:
    """Say by section what a market has in place of what is said for all, each rule below the one it belongs to."""
    known = {section.id: section.parts for section in general}
    for section in own:
        parts = list(_others(section.parts, known.get(section.id, ())))
        if parts:
            yield Rule(say("In %(market)s, under “%(section)s”:", market=market, section=section.title))
            yield from parts


def _others(parts: Sequence[Part], known: Sequence[Part]) -> Iterator[Part]:
    head: Part | None = None
    said: Part | None = None
    for part in parts:
        head = part if isinstance(part, Rule) and not part.below else head
        other = _other(part, known)
        if other:
            if head is not None and head not in (said, other):
                yield head
            said = head
            yield other


def _other(part: Part, known: Sequence[Part]) -> Part | None:
    """Return a rule that is not known, or the rows of a table that are not."""
    if isinstance(part, Rule):
        return None if part in known else part
    rows = [(each.heads, row) for each in known if isinstance(each, Table) for row in _rows(each)]
    left = [row for row in _rows(part) if (part.heads, row) not in rows]
    others, clauses = tuple(row for row, _ in left), tuple(clause for _, clause in left)
    return replace(part, rows=others, clauses=clauses if part.clauses else ()) if left else None


def _rows(table: Table) -> list[tuple[tuple[object, ...], str]]:
    return list(zip(table.rows, table.clauses or [""] * len(table.rows), strict=True))
