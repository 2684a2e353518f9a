"""
Laws: what holds of every outcome, whatever the plan and the network. Asked on every run, before anyone sees a number.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from backend.engine.compiled import kernel
from backend.engine.outcome import Bonus, Lines, Outcome
from backend.engine.snapshot import Flags, Indexes, Ints, Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS, divided
from backend.plan.terms import Terms


class LawBroken(Exception):
    """An outcome broke a law, so the engine or its input is wrong; carries a sentence for each, and nothing is paid."""

    def __init__(self, sentences: list[str]) -> None:
        """Keep the sentences."""
        self.sentences = sentences
        super().__init__("\n".join(sentences))


class Case(NamedTuple):
    """What a law is asked about."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome

    def lines(self, *bonuses: Bonus) -> Lines:
        """Return the lines of some bonuses."""
        lines = self.outcome.lines
        wanted = np.zeros(len(Bonus), dtype=np.bool_)
        wanted[list(bonuses)] = True
        chosen = np.flatnonzero(wanted[lines.bonus])
        return Lines(**{name: getattr(lines, name)[chosen] for name in Lines.__struct_fields__})


def broken_laws(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> list[str]:
    """Return a sentence for each law that the outcome breaks; none, where all is well. O(n + lines)."""
    case = Case(snapshot, terms, outcome)
    return [sentence for sentence, holds in LAWS if not holds(case)]


def _nothing_lost(case: Case) -> bool:
    closed = case.outcome.broken_away | (case.snapshot.sponsor < 0)
    return int(case.outcome.gv[closed].sum()) == int(case.outcome.pv.sum())


def _lines_add_up(case: Case) -> bool:
    totals = {
        "personal_minor": (Bonus.PERSONAL,),
        "differential_minor": (Bonus.DIFFERENTIAL,),
        "override_minor": (Bonus.OVERRIDE,),
        "pool_minor": (Bonus.POOL,),
        "bonus_minor": (Bonus.FAST_START, Bonus.TITLE_HELD),
    }
    for name, bonuses in totals.items():
        lines, total = case.lines(*bonuses), getattr(case.outcome, name).copy()
        np.subtract.at(total, lines.earner, lines.amount_minor)
        if total.any():
            return False
    return True


def _rates_reach_the_highest_paid(case: Case) -> bool:
    """Compare, per group, rates × CV of its lines with CV × the highest percent paid from the buyer to the end."""
    snapshot, outcome = case.snapshot, case.outcome
    steps = np.array([step.percent_bp for step in case.terms.steps], dtype=np.int64)
    percents = np.where(outcome.paid_step >= 0, steps[outcome.paid_step], 0)
    group, highest = np.empty_like(snapshot.sponsor), np.empty_like(percents)
    _group(snapshot.sponsor, outcome.broken_away, percents, group, highest)
    difference = np.zeros(percents.size, dtype=np.int64)
    np.add.at(difference, group, outcome.cv * highest)
    lines = case.lines(Bonus.PERSONAL, Bonus.DIFFERENTIAL)
    np.subtract.at(difference, group[lines.earner], lines.base_cv * lines.rate_bp)
    return not difference.any()


@kernel
def _group(sponsor: Indexes, broken_away: Flags, percents: Ints, group: Indexes, highest: Ints) -> None:
    for i in range(sponsor.size):
        group[i] = i
        highest[i] = percents[i]
        if sponsor[i] >= 0 and not broken_away[i]:
            group[i] = group[sponsor[i]]
            highest[i] = max(percents[i], highest[sponsor[i]])


def _pool_adds_up(case: Case) -> bool:
    lines = case.lines(Bonus.POOL)
    if not len(lines):
        return True
    fund = Fraction(max(0, int(case.outcome.cv.sum())) * case.terms.pool.share_bp, HUNDREDTHS * BASIS)
    paid = [
        int(lines.amount_minor[case.snapshot.market[lines.earner] == m].sum()) for m in range(len(case.terms.markets))
    ]
    if len(paid) == 1:
        exact = fund * case.terms.markets[0].minor_per_point
        return paid[0] == divided(exact.numerator, exact.denominator, case.terms.rounding)
    worth = [Fraction(1, market.minor_per_point) for market in case.terms.markets]
    spread = sum((unit * amount for unit, amount in zip(worth, paid, strict=True)), Fraction(0)) - fund
    return abs(spread) <= sum(worth)


def _only_the_active_are_paid(case: Case) -> bool:
    unpaid = (case.outcome.paid_step >= 0) == case.outcome.active
    return bool(unpaid.all() and case.outcome.active[case.outcome.lines.earner].all())


def _no_pay_without_sales(case: Case) -> bool:
    if (case.outcome.cv > 0).any():
        return True
    rewards = case.lines(Bonus.POOL, Bonus.FAST_START, Bonus.TITLE_HELD)
    return not len(rewards) and not (case.outcome.lines.amount_minor > 0).any()


def _earned_from_below(case: Case) -> bool:
    own, legs, groups = (case.lines(bonus) for bonus in (Bonus.PERSONAL, Bonus.DIFFERENTIAL, Bonus.OVERRIDE))
    sponsor = case.snapshot.sponsor
    entry, size = np.empty_like(sponsor), np.empty_like(sponsor)
    _span(sponsor, entry, size)
    inside = entry[groups.source] - entry[groups.leg]
    return bool(
        (own.source == own.earner).all()
        and (sponsor[legs.leg] == legs.earner).all()
        and (sponsor[groups.leg] == groups.earner).all()
        and ((inside >= 0) & (inside < size[groups.leg])).all()
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


def _one_earner_a_generation(case: Case) -> bool:
    lines = case.lines(Bonus.OVERRIDE)
    keys = lines.source.astype(np.int64) * (len(case.terms.overrides.rates_bp) + 1) + lines.generation
    return int(np.unique(keys).size) == len(lines) and bool(case.outcome.broken_away[lines.source].all())


def _negative_only_as_recovery(case: Case) -> bool:
    lines = case.outcome.lines
    return not ((lines.amount_minor < 0) & (lines.base_cv >= 0)).any()


LAWS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("GV of roots and broken-away members adds up to all PV.", _nothing_lost),
    ("Lines add up to every earner's total of every bonus.", _lines_add_up),
    ("Personal and differential rates add up to the highest percent paid on the path.", _rates_reach_the_highest_paid),
    ("Pool shares add up to the fund.", _pool_adds_up),
    ("Nobody is paid who is not active.", _only_the_active_are_paid),
    ("Without sales nothing is paid.", _no_pay_without_sales),
    ("Nobody earns from an upline or a crossline.", _earned_from_below),
    ("A broken-away group has at most one earner a generation.", _one_earner_a_generation),
    ("An amount is negative only as a recovery.", _negative_only_as_recovery),
)
