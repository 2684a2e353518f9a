"""
Pools: a share of CV split among members by what the plan counts as their shares, or a set amount for each share.

A fund is reckoned in points. Each market gets the part that its members' shares make of all shares, turned into its
currency once; within the market the shares add up to that part to the last unit (largest remainder). So no share of one
currency ever rounds against another.
"""

from typing import NamedTuple

import numpy as np

from backend.engine.amounts.exchange import exchanged_by_market
from backend.engine.amounts.lines import NOBODY, kept, lines_of, paid
from backend.engine.amounts.prices import Whole
from backend.engine.amounts.shares import SPLITS, Case
from backend.engine.columns.first_orders import sold_anything
from backend.engine.columns.numbered import cv_of
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline.nearest import nearest_above
from backend.kernel.money import split
from backend.kernel.points import BASIS, HUNDREDTHS, divided
from backend.plan.terms import Fund, Terms


class Pot(NamedTuple):
    """One fund of a pool: the CV, never less than zero, that it is a share of, and who has how many shares of it."""

    scheme: int
    base_cv: int
    share_bp: int
    shares: Ints


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay each pool: its fund to the last unit among those with shares, or a set amount for each share.

    A pool of the year pays in its last period only. A line's base and rate are those of the fund, its part is the
    member's shares and its whole all of them. What nobody has a share of stays with the company.
    """
    for scheme, pool in enumerate(terms.pools):
        if pool.in_last_period_of_year and not snapshot.year_ends:
            continue
        shares = shares_of(snapshot, terms, columns, scheme)
        if pool.share_minor:
            paid(columns, _set_amounts(snapshot, terms, columns, scheme, shares), columns.pool_minor)
            continue
        for pot in pots_of(snapshot, terms, columns, scheme, shares):
            paid(columns, _shared(snapshot, terms, pot), columns.pool_minor)
            kept(columns, _unshared(terms, pot))


def shares_of(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """Return each member's shares of a pool; 0 for who is not active or not through the gate."""
    through = columns.earns & columns.gate(gate_number(terms, "pools", scheme))
    who = np.flatnonzero(through).astype(np.int32)
    counted = np.zeros(through.size, dtype=np.int64)
    counted[who] = SPLITS[terms.pools[scheme].split](Case(snapshot, terms, columns, scheme), who)
    return counted


def pots_of(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int, shares: Ints) -> list[Pot]:
    """
    Return a pool's funds: one, or one a market, each a share of the CV of `fund_volume` over its members.

    A fund of the downlines is of everyone above whom stands somebody with a share, each once.
    """
    pool = terms.pools[scheme]
    cv = cv_of(columns, pool.fund_volume)
    if pool.fund == Fund.MARKET:
        rates = by_market(terms, lambda there: there.pools[scheme].share_bp).tolist()
        inside = [snapshot.market == market for market in range(len(terms.markets))]
        return [
            Pot(scheme, max(0, int(cv[here].sum())), rate, np.where(here, shares, 0))
            for rate, here in zip(rates, inside, strict=True)
        ]
    if pool.fund == Fund.DOWNLINES:
        cv = cv[nearest_above(snapshot.sponsor, shares > 0).member >= 0]
    return [Pot(scheme, max(0, int(cv.sum())), pool.share_bp, shares)]


def funds_minor(snapshot: Snapshot, terms: Terms, pot: Pot) -> list[int]:
    """Return each market's part of a fund in minor units of its currency, rounded once to its unit."""
    holders = np.flatnonzero(pot.shares)
    market_of, shares = snapshot.market[holders], pot.shares[holders]
    inside = [int(shares[market_of == market].sum()) for market in range(len(terms.markets))]
    whole = max(1, sum(inside))
    return [_exchanged(pot, terms, market, part=part, whole=whole) for market, part in enumerate(inside)]


def _exchanged(pot: Pot, terms: Terms, market: int, *, part: int = 1, whole: int = 1) -> int:
    here = terms.markets[market]
    points = pot.base_cv * pot.share_bp * part * here.minor_per_point
    return divided(points, HUNDREDTHS * BASIS * whole * here.rounding_minor, terms.rounding) * here.rounding_minor


def _shared(snapshot: Snapshot, terms: Terms, pot: Pot) -> Lines:
    """Return a line for each member who is paid of a fund."""
    earner = np.flatnonzero(pot.shares > 0).astype(np.int32)
    amount_minor = np.zeros(earner.size, dtype=np.int64)
    for market, fund_minor in enumerate(funds_minor(snapshot, terms, pot)):
        inside, unit = np.flatnonzero(snapshot.market[earner] == market), terms.markets[market].rounding_minor
        if inside.size:
            parts = split(fund_minor // unit, pot.shares[earner[inside]].tolist())
            amount_minor[inside] = np.array(parts, dtype=np.int64) * unit
    earner, amount_minor = earner[amount_minor != 0], amount_minor[amount_minor != 0]
    return _lines(pot, earner=earner, amount_minor=amount_minor, part=pot.shares[earner], whole=int(pot.shares.sum()))


def _unshared(terms: Terms, pot: Pot) -> Lines:
    """Return a line for the company, in the money of the first market, where nobody has a share of a fund."""
    left = np.zeros(1, dtype=np.int64) if pot.shares.any() else np.array([_exchanged(pot, terms, 0)], dtype=np.int64)
    company = np.full(np.count_nonzero(left), NOBODY, dtype=np.int32)
    return _lines(pot, earner=company, amount_minor=left[left != 0])


def _lines(pot: Pot, *, earner: Whole, amount_minor: Whole, part: Whole | int = 1, whole: int = 1) -> Lines:
    line: dict[str, Whole | int] = {"scheme": pot.scheme, "base_cv": pot.base_cv, "rate_bp": pot.share_bp}
    return lines_of(Bonus.POOL, earner=earner, amount_minor=amount_minor, part=part, whole=whole, **line)


def _set_amounts(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int, shares: Ints) -> Lines:
    """Return lines of the set amount for each share in the earner's currency, where anything was sold at all."""
    each = exchanged_by_market(terms, lambda there: there.pools[scheme].share_minor)[snapshot.market]
    earner = np.flatnonzero((shares * each > 0) & sold_anything(snapshot, terms, columns.cv)).astype(np.int32)
    amount_minor = shares[earner] * each[earner]
    return lines_of(Bonus.POOL, scheme=scheme, earner=earner, part=shares[earner], amount_minor=amount_minor)
