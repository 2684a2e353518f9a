"""
Laws of volume: nothing sold is lost or counted twice, on its way up and in what is paid on it.
"""

import numpy as np

from backend.engine.amounts.lines import chosen
from backend.engine.columns.compiled import kernel
from backend.engine.laws.of_lines import Case
from backend.engine.outcome import Bonus, Entry
from backend.engine.snapshot import Flags, Indexes, Ints
from backend.plan.terms import Against, Failing


def nothing_lost(case: Case) -> bool:
    """Ask that GV of roots, and of broken-away members where breakaway closes volume, is all PV."""
    closed = case.snapshot.sponsor < 0
    if case.terms.breakaway.closes_volume:
        closed = closed | case.outcome.broken_away
    return int(case.outcome.gv[closed].sum()) == int(case.outcome.pv.sum())


def rates_reach_the_highest(case: Case) -> bool:
    """
    Ask that rates × CV of a group's lines, breakage too, give CV × the highest percent to the path's end.

    Plans that measure against the frontline, round gross less deductions or leave the frontline's own volume out add up
    to something else; there no line's rate passes the percent of who earns it.
    """
    differential = case.terms.differential
    levels = [case.terms.of(market).differential.from_level for market in range(len(case.terms.markets))]
    if differential.against == Against.FRONTLINE or differential.less_deductions or max(levels) > 1:
        return _no_rate_above_the_own_percent(case)
    if not differential.pays:
        return True
    on_legs, on_own = _counted(case)
    closed = case.outcome.broken_away & case.terms.breakaway.closes_differential
    group, highest = _groups(case.snapshot.sponsor, closed, on_legs, on_own)
    difference = np.zeros(on_legs.size, dtype=np.int64)
    np.add.at(difference, group, case.outcome.cv * highest)
    bonuses = (Bonus.PERSONAL, Bonus.DIFFERENTIAL)
    lines, kept = case.lines(*bonuses), case.breakage(*bonuses)
    passed = lines.entry == Entry.PASSED_UP
    for part, who in ((lines, np.where(passed, lines.source, lines.earner)), (kept, kept.source)):
        np.subtract.at(difference, group[who], part.base_cv * part.rate_bp)
    return not difference.any()


def _counted(case: Case) -> tuple[Ints, Ints]:
    """Return the percent that counts as paid on the legs' volume, and on own CV, read back from the outcome."""
    outcome, terms = case.outcome, case.terms
    keeps = terms.differential.deducts_in_full or terms.unqualified in (Failing.FORFEIT, Failing.PASS_UP)
    unpaid = outcome.paid_step < 0
    full = outcome.percent_bp if terms.differential.deducts_in_full else outcome.payable_bp
    on_legs = np.where(unpaid & (not keeps), 0, full)
    on_own = np.where(unpaid, outcome.paid_bp, on_legs) if terms.unqualified == Failing.OWN_SALES_ONLY else on_legs
    return on_legs, on_own if terms.personal.pays else np.zeros_like(on_own)


@kernel
def _groups(sponsor: Indexes, closed: Flags, on_legs: Ints, on_own: Ints) -> tuple[Indexes, Ints]:
    """Return each member's group, and the highest percent that counts on its CV, own and above up to the closing."""
    group, highest, above = np.empty_like(sponsor), np.empty_like(on_own), np.zeros_like(on_own)
    for i in range(sponsor.size):
        group[i] = i
        if sponsor[i] >= 0 and not closed[i]:
            group[i] = group[sponsor[i]]
            above[i] = max(on_legs[sponsor[i]], above[sponsor[i]])
        highest[i] = max(on_own[i], above[i])
    return group, highest


def _no_rate_above_the_own_percent(case: Case) -> bool:
    lines = case.lines(Bonus.PERSONAL, Bonus.DIFFERENTIAL)
    lines = chosen(lines, lines.entry == Entry.EARNED)
    return bool((lines.rate_bp + lines.less_bp <= case.outcome.percent_bp[lines.earner]).all())


def earned_from_below(case: Case) -> bool:
    """Ask that own lines are of own volume, a leg is the earner's, and what is earned through it stands in it."""
    own, rest = case.lines(Bonus.PERSONAL), case.lines(Bonus.DIFFERENTIAL, Bonus.OVERRIDE)
    sponsor = case.snapshot.sponsor
    through = rest.leg >= 0
    alone = chosen(rest, ~through)
    rest = chosen(rest, through)
    entry, size = np.empty_like(sponsor), np.empty_like(sponsor)
    _span(sponsor, entry, size)
    weak = rest.entry == Entry.GUARANTEE_GIVEN
    inside = entry[rest.source] - entry[rest.leg]
    below = (inside >= 0) & (inside < size[rest.leg])
    return bool(
        (own.source == own.earner)[own.entry == Entry.EARNED].all()
        and (sponsor[rest.leg] == rest.earner).all()
        and (below | weak).all()
        and ((alone.source == alone.earner) | (alone.entry != Entry.EARNED)).all()
    )


@kernel
def _span(sponsor: Indexes, entry: Indexes, size: Indexes) -> None:
    """Give each member a number, so that whoever stands below a member has a number in `entry : entry + size`."""
    size[:] = 1
    for i in range(sponsor.size - 1, -1, -1):
        if sponsor[i] >= 0:
            size[sponsor[i]] += size[i]
    free = np.zeros(sponsor.size + 1, dtype=np.int64)
    for i in range(sponsor.size):
        up = sponsor[i] if sponsor[i] >= 0 else sponsor.size
        entry[i] = free[up]
        free[up] += size[i]
        free[i] = entry[i] + 1
