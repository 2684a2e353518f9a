"""
Guarantees, explained: what weak groups took of an override, as the reason why it is not higher.
"""

from collections.abc import Iterator, Sequence

from backend.engine.explain.lines import Row
from backend.engine.explain.parts import reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Entry
from backend.kernel.trace import Trace


def made_up(member: Member, scheme: int, found: Sequence[Row]) -> Iterator[Trace]:
    """Yield that the member made up for weak groups, its own or those of the first generation below."""
    rule = member.terms.overrides[scheme]
    given = [row for row in found if row.scheme == scheme and row.entry == Entry.GUARANTEE_GIVEN]
    if rule.guarantee is not None and given:
        yield reason("guarantee_given", rule.guarantee.clause or rule.clause, id=rule.id)
