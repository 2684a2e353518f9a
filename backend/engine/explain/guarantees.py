"""
Guarantees, explained: what weak groups took of an override, as the reason why it is not higher; and who was in a band.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from backend.engine.explain.lines import Row
from backend.engine.explain.parts import fact, reason
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, Lines
from backend.kernel.points import HUNDREDTHS, divided, percent_text, points_text
from backend.kernel.trace import Trace


def made_up(member: Member, scheme: int, found: Sequence[Row]) -> Iterator[Trace]:
    """Yield that the member made up for weak groups, or that those in the band were asked for a part alone."""
    rule = member.terms.overrides[scheme]
    mine = [row for row in found if row.scheme == scheme]
    if rule.guarantee is None:
        return
    clause = rule.guarantee.clause or rule.clause
    if any(row.entry == Entry.GUARANTEE_GIVEN for row in mine):
        yield reason("guarantee_given", clause, id=rule.id)
    if mine and rule.guarantee.band_from:
        yield reason("guarantee_in_band", clause, id=rule.id)


def in_band(member: Member, row: Row) -> tuple[Trace, ...]:
    """Say of what the member has made up for a group in the guarantee's band that only a part was asked."""
    rule = member.terms.overrides[row.scheme].guarantee
    if rule is None or not rule.band_from or row.entry != Entry.GUARANTEE_GIVEN:
        return ()
    market = member.terms.markets[member.of("market")]
    least = divided(rule.band_from * market.cv_per_point, HUNDREDTHS, int(member.terms.rounding))
    if _group_cv(member, row) < least:
        return ()
    part, points = percent_text(rule.band_part_bp), points_text(rule.band_from)
    return (fact("in_band", share=part, from_points=points, asked=f"{points} points on {part}"),)


def _group_cv(member: Member, row: Row) -> int:
    """Return the CV of the group that a share was given for, from what anybody or nobody earns on it."""
    return max((_base_of(lines, row) for lines in (member.outcome.lines, member.outcome.breakage)), default=0)


def _base_of(lines: Lines, row: Row) -> int:
    same = (lines.bonus == Bonus.OVERRIDE) & (lines.scheme == row.scheme) & (lines.source == row.source)
    found = lines.base_cv[np.flatnonzero(same & (lines.entry == Entry.EARNED))]
    return int(found[0]) if found.size else 0
