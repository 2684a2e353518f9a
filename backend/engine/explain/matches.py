"""
Matches, explained: a rate by level on what members below earn in the bonuses that the plan names.
"""

from collections.abc import Iterator
from fractions import Fraction

from backend.engine.explain.compression import inactive
from backend.engine.explain.gates import closed_gate
from backend.engine.explain.lines import Row, bare, rounding, rows_of
from backend.engine.explain.parts import reason
from backend.engine.explain.several import of_kind
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, State
from backend.kernel.points import BASIS, percent_text
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield the matches."""
    yield from of_kind(member, "match", _reasons, _drawn, levelled=True)


def _drawn(member: Member, row: Row) -> Trace:
    """Return a line as what somebody earned × rate, in the money of both, with the rounding."""
    source = member.at(row.source)
    kinds = member.plan.matches[row.scheme].bonuses
    earned = sum(
        one.amount_minor
        for one in rows_of(source)
        if one.bonus in kinds
        and one.bonus != Bonus.MATCH
        and _is_matched(member, one)
        and one.state != State.KEPT_AT_SALE
    )
    markets = member.plan.markets
    mine, theirs = (markets[one.of("market")] for one in (member, source))
    exact = Fraction(earned * row.rate_bp * mine.minor_per_point, BASIS * theirs.minor_per_point)
    found = bare(member, row)
    about = found.about | {
        "earned_minor": str(earned),
        "currency": theirs.currency,
        "rate": percent_text(row.rate_bp),
        **rounding(row.amount_minor, exact),
    }
    return Trace(name="match_line", value=row.amount_minor, unit="minor", about=about)


def _reasons(member: Member, scheme: int) -> Iterator[Trace]:
    rule = member.terms.matches[scheme]
    yield from inactive(member)
    yield from closed_gate(member, rule.gate)
    if not rule.compressed:
        yield reason("levels_used_up", rule.clause, id=rule.id)
    for cap in member.terms.caps:
        if cap.before_matches:
            yield reason("cap_before_matches", cap.clause)
            return


def _is_matched(member: Member, row: Row) -> bool:
    """Say whether a line was there to be matched: nothing released was, and what caps cut only where they cut first."""
    if row.entry == Entry.CUT:
        return member.terms.caps[row.scheme].before_matches
    return row.entry != Entry.RELEASED
