"""
Matches: a rate by level on what members below earn in the bonuses that the plan names.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.lines import NOBODY, in_order, joined, lines_of, paid, rounded
from backend.engine.outcome import Bonus, Lines, State
from backend.engine.regions import by_market
from backend.engine.requirements import gate_number
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.engine.upline import Above, climbed
from backend.kernel.points import BASIS
from backend.plan.terms import Line, Match, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay level g the g-th rate of the earner's market on what each member below earns in the named bonuses.

    The earner is through the gate and active, or computed as if active where pay is carried forward.

    Earned is what the stages before have computed, whether it is held later or cut; what is kept at the sale is not
    among it, and no match is ever matched. One currency becomes another at the value of a point.
    """
    found = [_lines(snapshot, terms, columns, scheme) for scheme in range(len(terms.matches))]
    paid(columns, joined(found), columns.match_minor)


def earned_in(snapshot: Snapshot, columns: Columns, match: Match) -> Ints:
    """Return what each member earns in the bonuses of a match, in minor units of the own market."""
    kinds = [kind for kind in match.bonuses if kind != Bonus.MATCH]
    earned = np.zeros(len(snapshot.members), dtype=np.int64)
    for part in columns.lines:
        counted = np.isin(part.bonus, kinds) & (part.state != State.KEPT_AT_SALE)
        np.add.at(earned, part.earner[counted], part.amount_minor[counted])
    return earned


def _lines(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Lines:
    match: Match = terms.matches[scheme]
    line = snapshot.sponsor if match.line == Line.SPONSOR else snapshot.enroller
    through = (columns.paid_step >= 0) & columns.gate(gate_number(terms, "matches", scheme))
    earned = earned_in(snapshot, columns, match)
    uplines = climbed(line, through, levels=len(match.rates_bp), compressed=match.compressed)
    found = [_at(snapshot, terms, scheme, at=at, earned=earned, above=above) for at, above in enumerate(uplines)]
    return in_order(joined(found))


def _at(snapshot: Snapshot, terms: Terms, scheme: int, *, at: int, earned: Ints, above: Above) -> Lines:
    """Return the lines of one level; `at` is 0 for the first."""
    rates = by_market(terms, lambda there: there.matches[scheme].rates_bp[at])
    rate = rates[snapshot.market][above.member]
    source = np.flatnonzero((above.member >= 0) & (earned != 0) & (rate > 0)).astype(np.int32)
    earner = above.member[source]
    return lines_of(
        Bonus.MATCH,
        scheme=scheme,
        earner=earner,
        leg=above.leg[source] if terms.matches[scheme].line == Line.SPONSOR else NOBODY,
        source=source,
        generation=at + 1,
        rate_bp=rate[source],
        amount_minor=_amounts(snapshot, terms, earner, source, earned[source] * rate[source]),
    )


def _amounts(snapshot: Snapshot, terms: Terms, earner: Indexes, source: Indexes, product: Ints) -> Ints:
    """Return product / 10,000 in the money of the earner's market, of amounts in that of the source's; rounded once."""
    point = np.array([market.minor_per_point for market in terms.markets], dtype=np.int64)
    numerator, denominator = point[snapshot.market[earner]], point[snapshot.market[source]]
    shared = np.gcd(numerator, denominator)
    return rounded(
        snapshot,
        terms,
        earner=earner,
        product=product,
        numerator=numerator // shared,
        denominator=denominator // shared * BASIS,
    )
