"""
Several of a kind: a plan may have many overrides, pools or matches; each has its own trace, and the kind adds them up.
"""

from collections.abc import Callable, Iterable, Iterator

from backend.engine.explain.holds import Drawn, by_level, kind, rest
from backend.engine.explain.limits import capped
from backend.engine.explain.lines import line, of_scheme, rows_of
from backend.engine.explain.numbers import KINDS
from backend.engine.explain.parts import money
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace

Reasons = Callable[[Member, int], Iterable[Trace]]


def of_kind(
    member: Member, name: str, reasons: Reasons, drawn: Drawn = line, *, levelled: bool = False
) -> Iterator[Trace]:
    """
    Yield the number of a kind: one trace for each of the plan, then what caps cut; nothing where there is none.

    Lines that stand on many people are added up level by level. Why one of the kind is not higher stands at that one,
    and is not said again of their sum.
    """
    bonus, listed = KINDS[name]
    rules = getattr(member.terms, listed)
    found = rows_of(member, bonus)
    if not rules and not found:
        return
    each, parted = [], by_level if levelled else kind
    for scheme, rule in enumerate(rules):
        parts = [*parted(member, of_scheme(found, scheme), drawn), *reasons(member, scheme)]
        each.append(money(member, name, parts, rule.clause, id=rule.id, called=rule.name))
    yield money(member, name, [*each, *rest(member, found), *capped(member, bonus)])
