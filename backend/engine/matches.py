"""
Matches: a rate by level on what members below earn in the bonuses that the plan names.
"""

import numpy as np
from msgspec.structs import replace

from backend.engine.amounts.earned import earned_in
from backend.engine.amounts.lines import joined, paid
from backend.engine.amounts.prices import rounded
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.engine.upline.climbs import Brought, Climb, lines_of_levels
from backend.kernel.points import BASIS
from backend.plan.terms import Match, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay level g the g-th rate of the earner's market on what each member below earns in the named bonuses.

    The earner is through the gate and active, or computed as if active where pay is carried forward.

    Earned is what the stages before have computed, less what caps have cut before; whether it is held later, or cut
    later, changes nothing. What is kept at the sale is not among it, and no match is ever matched. One currency becomes
    another at the value of a point.
    """
    found = [_lines(snapshot, terms, columns, scheme) for scheme in range(len(terms.matches))]
    paid(columns, joined(found), columns.match_minor)


def _lines(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Lines:
    match: Match = terms.matches[scheme]
    rates = by_market(terms, lambda there: there.matches[scheme].rates_bp)
    through = columns.gate(gate_number(terms, "matches", scheme))
    climb = Climb(Bonus.MATCH, scheme, match, through)
    earned = earned_in(columns, [kind for kind in match.bonuses if kind != Bonus.MATCH])
    found = lines_of_levels(snapshot, columns, climb, [Brought(earned, rates)])
    return replace(found, base_cv=np.zeros_like(found.base_cv), amount_minor=_amounts(snapshot, terms, found))


def _amounts(snapshot: Snapshot, terms: Terms, lines: Lines) -> Ints:
    """Return the rate of what is earned, in the money of the earner's market, of amounts in that of the source's."""
    point = np.array([market.minor_per_point for market in terms.markets], dtype=np.int64)
    numerator, denominator = point[snapshot.market[lines.earner]], point[snapshot.market[lines.source]]
    shared = np.gcd(numerator, denominator)
    return rounded(
        snapshot,
        terms,
        earner=lines.earner,
        product=lines.base_cv * lines.rate_bp,
        numerator=numerator // shared,
        denominator=denominator // shared * BASIS,
    )
