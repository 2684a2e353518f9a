"""
Several of a kind: a plan may have many overrides, pools or matches; each has its own trace, and the kind adds them up.
"""

from collections.abc import Callable, Iterable, Iterator

from backend.engine.explain.holds import Drawn, kind, rest
from backend.engine.explain.limits import capped
from backend.engine.explain.lines import line, of_scheme, rows_of
from backend.engine.explain.numbers import KINDS
from backend.engine.explain.parts import REASON, money
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace

Reasons = Callable[[Member, int], Iterable[Trace]]


def of_kind(member: Member, name: str, reasons: Reasons, drawn: Drawn = line) -> Iterator[Trace]:
    """Yield the number of a kind: one trace for each of the plan, then what caps cut; nothing where there is none."""
    bonus, listed = KINDS[name]
    rules = getattr(member.terms, listed)
    found = rows_of(member, bonus)
    if not rules and not found:
        return
    each = []
    for scheme, rule in enumerate(rules):
        parts = [*kind(member, of_scheme(found, scheme), drawn), *reasons(member, scheme)]
        each.append(money(member, name, parts, rule.clause, id=rule.id, called=rule.name))
    told = {str(part.about): part for one in each for part in one.parts if part.name == REASON}
    yield money(member, name, [*each, *rest(member, found), *capped(member, bonus), *told.values()])
