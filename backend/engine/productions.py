"""
Production bonuses: a rate on one of a member's own volumes, by the bracket that the volume reaches.
"""

import numpy as np

from backend.engine.amounts.lines import joined, lines_of, paid
from backend.engine.amounts.prices import Whole, amounts
from backend.engine.columns.numbered import cv_of, points_of
from backend.engine.columns.regions import by_market
from backend.engine.columns.sheet import Columns
from backend.engine.gates.of_bonuses import gate_number
from backend.engine.outcome import Bonus, Lines
from backend.engine.snapshot import Ints, Snapshot
from backend.plan.terms import Production, Terms


def stage(snapshot: Snapshot, terms: Terms, columns: Columns) -> None:
    """
    Pay members through the gate the rate of the highest bracket that the volume's points reach, on its CV.

    They are active, or computed as if active where pay is carried forward. Points below zero reach what zero reaches;
    negative CV gives a recovery line.
    """
    found = [_lines(snapshot, terms, columns, scheme) for scheme in range(len(terms.productions))]
    paid(columns, joined(found), columns.production_minor)


def _lines(snapshot: Snapshot, terms: Terms, columns: Columns, scheme: int) -> Lines:
    production = terms.productions[scheme]
    rate = rates_of(snapshot, terms, scheme, points_of(columns, production.volume))
    base = cv_of(columns, production.volume)
    through = (columns.paid_step >= 0) & columns.gate(gate_number(terms, "productions", scheme))
    earner = np.flatnonzero(through & (rate > 0) & (base != 0)).astype(np.int32)
    line: dict[str, Whole] = {"earner": earner, "base_cv": base[earner], "rate_bp": rate[earner]}
    amount_minor = amounts(snapshot, terms, **line)
    return lines_of(Bonus.PRODUCTION, scheme=scheme, source=earner, amount_minor=amount_minor, **line)


def rates_of(snapshot: Snapshot, terms: Terms, scheme: int, points: Ints) -> Ints:
    """Return each member's rate in basis points: that of the highest bracket of the own market reached, or nothing."""

    def numbers(there: Terms) -> list[tuple[int, int]]:
        production: Production = there.productions[scheme]
        return list(production.brackets)

    rate = np.zeros(points.size, dtype=np.int64)
    reached = np.maximum(points, 0)
    for bracket in np.moveaxis(by_market(terms, numbers), 1, 0):
        at_least, rate_bp = bracket[snapshot.market].T
        rate = np.where(reached >= at_least, rate_bp, rate)
    return rate
