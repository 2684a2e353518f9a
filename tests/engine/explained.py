"""
Companies to explain: random ones under random plans, under the plans that were published, and under the cases'.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from backend.engine.gates.measures import Member
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.trace import Trace
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.engine.networks import SHAPES, random_case, random_company

TESTS = Path(__file__).parents[1]
PUBLISHED = sorted(path for path in (TESTS / "published").glob("*.toml") if path.stem != "vocabulary")
PLANS = [*PUBLISHED, TESTS / "engine" / "cases" / "plan.toml"]
DAY = date(2026, 10, 31)


@cache
def terms_of(path: Path) -> Terms:
    """Return the terms of a plan file on the day of all companies here."""
    return terms_on(read_plan(path.read_bytes(), path.name), DAY)


def drawn(seed: int) -> tuple[Snapshot, Terms]:
    """Draw a company: every other one under a random plan, the rest under plan files in turn."""
    if seed % 2:
        return random_case(seed)
    random, terms = Random(seed), terms_of(PLANS[seed // 2 % len(PLANS)])
    return random_company(random, terms, size=random.randint(5, 50), shape=random.choice(SHAPES)), terms


def members(seed: int, count: int) -> list[Member]:
    """Return some members of a drawn company, computed."""
    snapshot, terms = drawn(seed)
    outcome = run(snapshot, terms)
    chosen = Random(seed).sample(range(len(snapshot.members)), min(count, len(snapshot.members)))
    return [Member(snapshot=snapshot, plan=terms, outcome=outcome, index=index) for index in chosen]


def nodes(traces: tuple[Trace, ...]) -> Iterator[Trace]:
    """Yield every node of some traces, parts behind their wholes."""
    for trace in traces:
        yield trace
        yield from nodes(trace.parts)
