"""
The leadership pool: a share of the company's CV, split among leaders by title, by broken-away legs and by market.

The fund is one, in points. Each market gets the part that its members' shares make of all shares, turned into its
currency once; within the market the shares add up to that part to the last minor unit (largest remainder). So no share
of one currency ever rounds against another.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.lines import lines_of, paid
from backend.engine.outcome import Bonus
from backend.engine.snapshot import Ints, Snapshot
from backend.kernel.money import split
from backend.kernel.points import BASIS, HUNDREDTHS, divided
from backend.plan.terms import Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Split `share_bp` of all CV (never less than zero) among active members through the pool's gate.

    A member's shares are (title points + `leg_points` × legs broken away) × the market's weight. Where nobody has a
    share the fund stays with the company. A line's base is all CV, its rate the pool's share of it.
    """
    weights = shares_of(snapshot, terms, columns)
    earner = np.flatnonzero(weights > 0).astype(np.int32)
    amount_minor = np.zeros(earner.size, dtype=np.int64)
    for market, fund_minor in enumerate(funds_minor(snapshot, terms, columns)):
        inside = np.flatnonzero(snapshot.market[earner] == market)
        if inside.size:
            amount_minor[inside] = split(fund_minor, weights[earner[inside]].tolist())
    earner, amount_minor = earner[amount_minor != 0], amount_minor[amount_minor != 0]
    base_cv = np.full(earner.size, columns.cv.sum(), dtype=np.int64)
    rate_bp = np.full(earner.size, terms.pool.share_bp, dtype=np.int64)
    lines = lines_of(Bonus.POOL, earner=earner, base_cv=base_cv, rate_bp=rate_bp, amount_minor=amount_minor)
    paid(columns, lines, columns.pool_minor)


def shares_of(snapshot: Snapshot, terms: Terms, columns: Columns) -> Ints:
    """Return each member's shares of the pool; 0 for who is not active or not through the gate."""
    points = np.array([title.pool_points for title in terms.titles], dtype=np.int64)
    weight = np.array([market.pool_weight for market in terms.markets], dtype=np.int64)
    shares = (points[columns.title] + terms.pool.leg_points * columns.legs_broken_away) * weight[snapshot.market]
    counted: Ints = np.where(columns.active & columns.pool_gate, shares, 0)
    return counted


def funds_minor(snapshot: Snapshot, terms: Terms, columns: Columns) -> list[int]:
    """Return each market's part of the fund in minor units of its currency, rounded once by the plan's mode."""
    weights = shares_of(snapshot, terms, columns)
    inside = [int(weights[snapshot.market == market].sum()) for market in range(len(terms.markets))]
    fund = max(0, int(columns.cv.sum())) * terms.pool.share_bp
    whole = HUNDREDTHS * BASIS * max(1, sum(inside))
    return [
        divided(fund * shares * market.minor_per_point, whole, terms.rounding)
        for shares, market in zip(inside, terms.markets, strict=True)
    ]
