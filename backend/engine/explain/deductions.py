"""
Gross less deductions, explained: the percent on the whole open group, less what each leg's own share is.
"""

from collections.abc import Sequence

import numpy as np

from backend.engine.amounts.prices import amounts
from backend.engine.explain.lines import Row, line
from backend.engine.explain.parts import minor
from backend.engine.gates.measures import Member
from backend.kernel.points import percent_text, points_text
from backend.kernel.trace import Trace


def parts(member: Member, found: Sequence[Row]) -> list[Trace]:
    """Return the gross, each leg's deduction, and what brings the rest up to zero, for the one line there may be."""
    return [part for row in found for part in _parts(member, row)]


def _parts(member: Member, row: Row) -> list[Trace]:
    (gross,) = _amounts(member, [row.base_cv], [row.rate_bp])
    first = line(member, row._replace(amount_minor=gross))
    if row.base_cv <= 0:
        return [first]
    off = _deducted(member, _open_legs(member))
    kept = row.amount_minor - gross - sum(part.value for part in off)
    return [first, *off, *([minor("never_below_zero", kept)] if kept else [])]


def _open_legs(member: Member) -> list[Member]:
    closes = member.plan.breakaway.closes_differential
    legs = (member.at(at) for at in range(member.legs.start, member.legs.stop))
    return [leg for leg in legs if not (closes and leg.of("broken_away"))]


def _deducted(member: Member, legs: Sequence[Member]) -> list[Trace]:
    """Return each leg's own gross, at the percent reached or at what it is paid, in the member's currency."""
    column = "percent_bp" if member.plan.differential.deducts_in_full else "paid_bp"
    rows = [(leg, base, rate) for leg in legs if (base := _open_cv(leg)) > 0 and (rate := leg.of(column)) > 0]
    amounts_minor = _amounts(member, [base for _, base, _ in rows], [rate for _, _, rate in rows])
    return [
        minor("leg_deducted", -amount, member=leg.id, base=points_text(base), rate=percent_text(rate))
        for (leg, base, rate), amount in zip(rows, amounts_minor, strict=True)
    ]


def _open_cv(member: Member) -> int:
    """Return own CV and that of legs which are not closed."""
    breakaway = member.plan.breakaway
    if not breakaway.closes_differential:
        return member.of("total_cv")
    return member.of("group_cv") if breakaway.closes_volume else _closed_at_breakaway(member)


def _closed_at_breakaway(member: Member) -> int:
    snapshot, broken = member.snapshot, member.outcome.broken_away
    queue, found = [member.index], 0
    for index in queue:
        found += int(member.outcome.cv[index])
        first = int(snapshot.first_leg[index])
        legs = range(first, first + int(snapshot.leg_count[index]))
        queue.extend(leg for leg in legs if not broken[leg])
    return found


def _amounts(member: Member, base_cv: Sequence[int], rate_bp: Sequence[int]) -> list[int]:
    """Return CV × rate in the member's currency, rounded as its lines are."""
    columns = {"base_cv": np.array(base_cv, dtype=np.int64), "rate_bp": np.array(rate_bp, dtype=np.int64)}
    earner = np.full(len(base_cv), member.index, dtype=np.int32)
    return [int(amount) for amount in amounts(member.snapshot, member.plan, earner=earner, **columns)]
