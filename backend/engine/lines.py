"""
Lines as the stages write them: amounts from base and rate, rounded once; set in order; added up per earner.
"""

from collections.abc import Sequence

import numpy as np

from backend.engine.columns import Columns
from backend.engine.compiled import divided, kernel
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.engine.volume import worth
from backend.plan.terms import Terms

NOBODY = -1

Whole = Indexes | Ints
"""A column of whole numbers, narrow or wide; lines store each at its own width."""


def amounts(snapshot: Snapshot, terms: Terms, *, earner: Whole, base_cv: Whole, rate_bp: Whole) -> Ints:
    """
    Return the amount of each line in minor units of the earner's market: CV × rate × value of a point, rounded once.

    `base_cv` is hundredths of a point, `rate_bp` basis points; the plan's mode rounds.
    """
    numerators, denominators = worth(terms)
    found = np.empty(earner.size, dtype=np.int64)
    market = snapshot.market[earner]
    _amounts(base_cv * rate_bp, numerators[market], denominators[market], int(terms.rounding), found)
    return found


@kernel
def _amounts(parts: Ints, numerators: Ints, denominators: Ints, mode: int, found: Ints) -> None:
    for k in range(parts.size):
        found[k] = divided(parts[k] * numerators[k], denominators[k], mode)


def lines_of(
    bonus: Bonus, *, earner: Whole, base_cv: Whole, rate_bp: Whole, amount_minor: Whole, **rest: Whole
) -> Lines:
    """Return lines of one bonus; `leg`, `source`, `generation` and `less_bp` are nobody and zero where not given."""
    size = earner.size
    nobody, nothing = np.full(size, NOBODY), np.zeros(size)
    return Lines(
        earner=earner.astype(np.int32),
        bonus=np.full(size, int(bonus), dtype=np.int32),
        leg=rest.get("leg", nobody).astype(np.int32),
        source=rest.get("source", nobody).astype(np.int32),
        generation=rest.get("generation", nothing).astype(np.int32),
        rate_bp=rate_bp.astype(np.int64),
        less_bp=rest.get("less_bp", nothing).astype(np.int64),
        base_cv=base_cv.astype(np.int64),
        amount_minor=amount_minor.astype(np.int64),
    )


def paid(columns: Columns, lines: Lines, total_minor: Ints) -> None:
    """Write a stage's lines on the sheet and add them up per earner."""
    np.add.at(total_minor, lines.earner, lines.amount_minor)
    columns.lines.append(lines)


def merged(parts: Sequence[Lines]) -> Lines:
    """
    Return the lines of all stages by earner and bonus.

    Each stage's lines are in the order of earner, leg, source and rate already, which a stable sort keeps.
    """
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Lines.__struct_fields__}
    order = np.argsort(joined["earner"].astype(np.int64) * len(Bonus) + joined["bonus"], kind="stable")
    return Lines(**{name: column[order] for name, column in joined.items()})
