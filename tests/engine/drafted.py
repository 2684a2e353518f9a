"""
Companies that live some months under a plan file, from the file's text alone: what each month hands on meets new terms.
"""

import sys
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from random import Random

import numpy as np
from msgspec.structs import replace

from backend.engine.periods.assemble import snapshot_of
from backend.engine.periods.carryover import carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.resolve.lookup import exists
from backend.plan.terms import Terms
from tests.engine.networks import SHAPES, random_company
from tests.engine.rows import rows_of
from tests.plan.drafts import Draft
from tests.plan.mending import mended

YEAR = 2026
MONTHS = (1, 2, 3)
ROUNDS = 4
"""How often a draft is mended before it is given up."""


def months_of(document: Document, seed: int, *, months: int = 3) -> Iterator[tuple[Snapshot, Terms]]:
    """Yield a plan's first months as a random company lives them; a month's last day says what holds in it."""
    random = Random(seed)
    before: tuple[Snapshot, Terms] | None = None
    for month in MONTHS[:months]:
        day = date(YEAR, month, monthrange(YEAR, month)[1])
        if not exists(document, day):
            return
        terms = terms_on(document, day)
        before = (_next(*before, terms, random) if before else _first(terms, random)), terms
        yield before


def _first(terms: Terms, random: Random) -> Snapshot:
    company = random_company(random, terms, size=random.randint(1, 30), shape=random.choice(SHAPES))
    return _in_month(company, terms, f"{YEAR}-{MONTHS[0]:02d}")


def _in_month(company: Snapshot, terms: Terms, period: str) -> Snapshot:
    roll, volumes, carried = rows_of(company, products=terms.products)
    return snapshot_of(period=period, roll=roll, volumes=volumes, carried=carried, terms=terms)


def _next(company: Snapshot, terms: Terms, after: Terms, random: Random) -> Snapshot:
    """Return the company a month later under the terms of then: with what was carried, and orders of other members."""
    carried = carryover_of(company, terms, run(company, terms)).under(after)
    roll, volumes, _ = rows_of(company, products=terms.products)
    there = {market.id: at for at, market in enumerate(after.markets)}
    moves = np.array([there.get(market.id, 0) for market in terms.markets], np.int32)
    later = replace(roll, market=moves[roll.market], days_since_joining=roll.days_since_joining + 30)
    known = [units for units in volumes.units if units.product in after.products]
    sold = replace(volumes, members=random.sample(list(volumes.members), len(volumes.members)), units=known)
    period = f"{YEAR}-{int(company.period[-2:]) + 1:02d}"
    return snapshot_of(period=period, roll=later, volumes=sold, carried=carried, terms=after)


def drafted(seed: int) -> Document | None:
    """Return a document that was drafted and mended; None where it is still refused."""
    text, found = mended(Draft(seed).document(), rounds=ROUNDS)
    return None if found else read_plan(text, "draft.toml")


def digests(first: int, end: int) -> Iterator[str]:
    """Yield the digest of what each month of each accepted draft makes of its company."""
    for seed in range(first, end):
        document = drafted(seed)
        for company, terms in months_of(document, seed) if document else ():
            yield f"{seed}:{run(company, terms).digest()}"


if __name__ == "__main__":
    for digest in digests(*map(int, sys.argv[1:])):
        sys.stdout.write(f"{digest}\n")
