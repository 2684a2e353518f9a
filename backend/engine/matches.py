"""
Matches: a rate by level on what members below earn in the bonuses that the plan names.
"""

import numpy as np

from backend.engine.columns import Columns
from backend.engine.lines import NOBODY, in_order, joined, lines_of, paid, rounded
from backend.engine.outcome import Bonus, Lines, State
from backend.engine.regions import by_market
from backend.engine.requirements import gate_number
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline import climbed
from backend.kernel.points import BASIS
from backend.plan.terms import Line, Match, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay level g the g-th rate of the earner's market on what each member below earns in the named bonuses.

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
    through = columns.active & columns.gate(gate_number(terms, "matches", scheme))
    rates = by_market(terms, lambda there: there.matches[scheme].rates_bp)
    earned = earned_in(snapshot, columns, match)
    above = climbed(line, through, levels=len(match.rates_bp), compressed=match.compressed)
    found = []
    for at, (earner, leg) in enumerate(above):
        rate = rates[snapshot.market, at][earner]
        source = np.flatnonzero((earner >= 0) & (earned != 0) & (rate > 0)).astype(np.int32)
        lines = lines_of(
            Bonus.MATCH,
            scheme=scheme,
            earner=earner[source],
            leg=leg[source] if match.line == Line.SPONSOR else NOBODY,
            source=source,
            generation=at + 1,
            rate_bp=rate[source],
            amount_minor=_amounts(snapshot, terms, earner[source], source, earned[source] * rate[source]),
        )
        found.append(lines)
    return in_order(joined(found))


def _amounts(snapshot: Snapshot, terms: Terms, earner: Ints, source: Ints, product: Ints) -> Ints:
    """Return amount × rate in the money of the earner's market, of amounts in the money of the source's; rounded once."""
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
