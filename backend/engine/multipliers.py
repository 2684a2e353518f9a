"""
Multipliers: a rate on what a member itself earns in the bonuses that the plan names.
"""

import numpy as np

from backend.engine.amounts.earned import earned_in
from backend.engine.amounts.lines import joined, lines_of, paid
from backend.engine.amounts.prices import rounded
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.groups.rates import index_of
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.kernel.points import BASIS
from backend.plan.terms import Terms

NEVER = (Bonus.MULTIPLIER, Bonus.MATCH)
"""What no multiplier is paid on: none multiplies another, and matches are paid on what multipliers have added."""


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay each member the rate of its title, step or broken-away legs on what it earns in the named bonuses.

    The member is through the gate and active, or computed as if active where pay is carried forward. Earned is what the
    stages before have computed, recoveries included; what is kept at the sale is not among it.
    """
    found = [_lines(snapshot, terms, columns, scheme) for scheme in range(len(terms.multipliers))]
    paid(columns, joined(found), columns.multiplier_minor)


def _lines(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Lines:
    rule = terms.multipliers[scheme]
    earned = earned_in(columns, [kind for kind in rule.bonuses if kind not in NEVER])
    through = columns.gate(gate_number(terms, "multipliers", scheme)) & (columns.paid_step >= 0)
    rate_bp = _rates(snapshot, terms, columns, scheme)
    earner = np.flatnonzero(through & (earned != 0) & (rate_bp > 0)).astype(np.int32)
    amount_minor = rounded(
        snapshot,
        terms,
        earner=earner,
        product=earned[earner] * rate_bp[earner],
        numerator=np.ones(earner.size, dtype=np.int64),
        denominator=np.full(earner.size, BASIS, dtype=np.int64),
    )
    return lines_of(
        Bonus.MULTIPLIER,
        scheme=scheme,
        earner=earner,
        source=earner,
        rate_bp=rate_bp[earner],
        amount_minor=amount_minor,
    )


def _rates(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Ints:
    """Return each member's rate in basis points; the last one goes on for all higher indexes."""
    table = by_market(terms, lambda there: there.multipliers[scheme].rates_bp)
    index = np.minimum(index_of(terms.multipliers[scheme].by, columns), table.shape[1] - 1)
    found: Ints = table[snapshot.market, index]
    return found
