"""
Laws of lines: what is paid adds up, and to whom it may be paid.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from backend.engine.amounts.lines import chosen
from backend.engine.outcome import Bonus, Entry, Lines, Outcome, State
from backend.engine.snapshot import Flags, Ints, Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS, divided
from backend.plan.terms import Failing, Fund, Groups, Terms

TOTALS = {
    "personal_minor": (Bonus.PERSONAL,),
    "differential_minor": (Bonus.DIFFERENTIAL,),
    "override_minor": (Bonus.OVERRIDE,),
    "pool_minor": (Bonus.POOL,),
    "bonus_minor": (Bonus.FAST_START, Bonus.TITLE_HELD, Bonus.ONE_TIME),
    "production_minor": (Bonus.PRODUCTION,),
    "level_minor": (Bonus.LEVEL,),
    "match_minor": (Bonus.MATCH,),
    "multiplier_minor": (Bonus.MULTIPLIER,),
}
"""The columns of an outcome that add up lines, with the bonuses that each adds up."""

UNCOUNTED = (State.HELD_ACTIVITY, State.KEPT_AT_SALE)
"""Lines in these states count in no total."""


class Case(NamedTuple):
    """What a law is asked about."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome

    def lines(self, *bonuses: Bonus) -> Lines:
        """Return the lines of some bonuses."""
        return of_bonuses(self.outcome.lines, *bonuses)

    def breakage(self, *bonuses: Bonus) -> Lines:
        """Return what the company keeps of some bonuses."""
        return of_bonuses(self.outcome.breakage, *bonuses)


def of_bonuses(lines: Lines, *bonuses: Bonus) -> Lines:
    """Return those of the lines that pay for some bonuses."""
    wanted = np.zeros(len(Bonus), dtype=np.bool_)
    wanted[list(bonuses)] = True
    return chosen(lines, np.flatnonzero(wanted[lines.bonus]))


def lines_add_up(case: Case) -> bool:
    """Ask that lines that count add up to every member's total of every bonus."""
    for name, bonuses in TOTALS.items():
        lines, total = case.lines(*bonuses), getattr(case.outcome, name).copy()
        counted = ~np.isin(lines.state, UNCOUNTED)
        np.subtract.at(total, lines.earner[counted], lines.amount_minor[counted])
        if total.any():
            return False
    return True


def carried_adds_up(case: Case) -> bool:
    """Ask that what is carried on is what was carried in and what is held now, less what is released."""
    lines, expected = case.outcome.lines, case.snapshot.carried_minor_before.copy()
    held, released = lines.state == State.HELD_ACTIVITY, lines.entry == Entry.RELEASED
    np.add.at(expected, lines.earner[held], lines.amount_minor[held])
    np.subtract.at(expected, lines.earner[released], lines.amount_minor[released])
    return bool((expected == case.outcome.carried_minor).all())


def pools_add_up(case: Case) -> bool:
    """
    Shares, and what nobody has a share of, add up to the fund, pool by pool; market by market where each has its own.

    A fund is the base of its lines at their rate; one currency holds it to the last unit, several to one unit each.
    """
    lines, breakage = case.lines(Bonus.POOL), case.breakage(Bonus.POOL)
    here = case.snapshot.market[lines.earner]
    for scheme, pool in enumerate(case.terms.pools):
        inside = (lines.scheme == scheme) & (lines.entry == Entry.EARNED)
        funds = [inside & (here == at) for at in np.unique(here[inside])] if pool.fund == Fund.MARKET else [inside]
        left = (breakage.scheme == scheme).any() and pool.fund != Fund.MARKET
        if not pool.share_minor and not left and not all(_fund_is_paid(case, chosen(lines, fund)) for fund in funds):
            return False
    return True


def _fund_is_paid(case: Case, shares: Lines) -> bool:
    """Say whether the shares of one fund give it; a fund so small that nobody is paid of it has none."""
    if not len(shares):
        return True
    markets, here = case.terms.markets, case.snapshot.market[shares.earner]
    fund = Fraction(max(0, int(shares.base_cv[0])) * int(shares.rate_bp[0]), HUNDREDTHS * BASIS)
    paid = {int(market): int(shares.amount_minor[here == market].sum()) for market in np.unique(here)}
    units = [market.rounding_minor for market in markets]
    alone = len(markets) == 1 or int(shares.part.sum()) == int(shares.whole[0])
    if alone and len(paid) == 1:
        ((market, amount),) = paid.items()
        exact = fund * markets[market].minor_per_point / units[market]
        return amount == divided(exact.numerator, exact.denominator, case.terms.rounding) * units[market]
    worth = {market: Fraction(units[market], each.minor_per_point) for market, each in enumerate(markets)}
    spread = sum((worth[market] * amount / units[market] for market, amount in paid.items()), Fraction(0)) - fund
    return abs(spread) <= sum(worth.values())


def guarantees_add_up(case: Case) -> bool:
    """Ask that what members make up is received, or kept by the company: across currencies to one unit a line."""
    entries = (Entry.GUARANTEE_GIVEN, Entry.GUARANTEE_RECEIVED)
    given = chosen(case.outcome.lines, np.isin(case.outcome.lines.entry, entries))
    kept = chosen(case.outcome.breakage, np.isin(case.outcome.breakage.entry, entries))
    worth = [Fraction(1, market.minor_per_point) for market in case.terms.markets]
    spread, room, markets = Fraction(0), Fraction(0), set[int]()
    for lines, who in ((given, given.earner), (kept, kept.source)):
        for market, amount in zip(case.snapshot.market[who].tolist(), lines.amount_minor.tolist(), strict=True):
            spread += worth[market] * amount
            room += worth[market] * case.terms.markets[market].rounding_minor
            markets.add(market)
    return abs(spread) <= (room if len({case.terms.markets[at].minor_per_point for at in markets}) > 1 else 0)


def only_the_active_are_paid(case: Case) -> bool:
    """
    Ask that a line is an active member's, held till its member is, kept at a sale, or own sales that pay anyhow.

    What a lost title takes back, it takes from who is not active too.
    """
    lines, active = case.outcome.lines, case.outcome.earns
    own = (lines.bonus == Bonus.PERSONAL) & (case.terms.unqualified == Failing.OWN_SALES_ONLY)
    own |= (lines.entry == Entry.CUT) & (case.terms.unqualified == Failing.OWN_SALES_ONLY)
    own |= (lines.entry == Entry.CLAWED_BACK) & (lines.amount_minor < 0)
    stepped = (case.outcome.paid_step >= 0) <= (active | (case.terms.unqualified == Failing.CARRY_FORWARD))
    return bool(stepped.all() and (active[lines.earner] | np.isin(lines.state, UNCOUNTED) | own).all())


def no_pay_without_sales(case: Case) -> bool:
    """Ask that without sales, now or in any window, nothing is paid but what earlier sales have earned."""
    snapshot, lines = case.snapshot, case.outcome.lines
    bought = (case.outcome.cv, snapshot.first_cv, snapshot.own_cv + snapshot.customer_cv, snapshot.volumes_before)
    if any((each > 0).any() for each in bought):
        return True
    return not ((lines.amount_minor > 0) & (lines.entry != Entry.RELEASED)).any()


def one_earner_a_generation(case: Case) -> bool:
    """Ask for at most one earner of each override, group and generation; of each percent or title that bounds it."""
    lines = case.lines(Bonus.OVERRIDE)
    lines = chosen(lines, lines.entry == Entry.EARNED)
    groups = np.array([each.groups for each in case.terms.overrides] or [Groups.BROKEN_AWAY])[lines.scheme]
    level: Ints = np.where(groups == Groups.SAME_PERCENT, case.outcome.paid_bp[lines.earner], 0)
    level = np.where(groups == Groups.SAME_TITLE, case.outcome.title[lines.earner], level)
    keys = np.stack([lines.scheme, lines.source, lines.generation, level], axis=1)
    alone = case.outcome.broken_away[lines.source] | (groups != Groups.BROKEN_AWAY)
    return int(np.unique(keys, axis=0).shape[0]) == len(lines) and bool(alone.all())


def negative_only_where_it_may(case: Case) -> bool:
    """Ask that a negative amount is a recovery, or made up for a weak group, or cut by a cap."""
    lines = case.outcome.lines
    may: Flags = (lines.base_cv < 0) | np.isin(lines.entry, (Entry.GUARANTEE_GIVEN, Entry.CUT))
    may |= (lines.product >= 0) & (lines.part < 0)
    recovered = np.isin(lines.bonus, (Bonus.MATCH, Bonus.MULTIPLIER)) | (lines.entry == Entry.RELEASED)
    recovered |= _paid_before(case, lines)
    return not ((lines.amount_minor < 0) & ~may & ~recovered).any()


def _paid_before(case: Case, lines: Lines) -> Flags:
    """Say which lines take back no more and no less than their title has paid for being held."""
    taken: Flags = (lines.entry == Entry.CLAWED_BACK) & (lines.bonus == Bonus.TITLE_HELD)
    paid = case.snapshot.held_paid_before
    for at in np.flatnonzero(taken):
        amount = 2 * lines.scheme[at] + 1
        taken[at] = amount < paid.shape[1] and -lines.amount_minor[at] == paid[lines.earner[at], amount]
    return taken
