"""
The engine and the auditor agree on every column and line of thousands of drawn companies, and on no planted fault.

So a rule would have to be misread twice, in two unlike ways of computing it, to go unseen.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine import pipeline
from backend.engine.assemble import VOLUMES
from backend.engine.outcome import Bonus, Upkeep
from backend.engine.snapshot import Snapshot
from backend.engine.volume import TooLarge
from backend.kernel.points import Rounding
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.engine.networks import SHAPES, random_case, random_company
from tests.engine.opinions import apart

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
BLOCK = 250


@pytest.mark.parametrize("first", range(0, 10 * BLOCK, BLOCK))
def test_agrees_on_drawn_companies(first: int) -> None:
    """Whatever the plan and the network, the engine computes every column and line as the rules read by hand."""
    differing = {seed: found for seed in range(first, first + BLOCK) if (found := apart(*random_case(seed)))}
    assert {} == differing


@pytest.mark.parametrize("shape", ["chain", "star", "grown"])
@pytest.mark.parametrize("seed", [10, 13, 38])
def test_agrees_on_large_companies(shape: str, seed: int) -> None:
    """A line of 3,000, a frontline of 3,000 and a grown network of 3,000 are computed as the rules read by hand."""
    assert [] == apart(*random_case(seed, size=3000, shape=shape))


@pytest.mark.parametrize("seed", range(12))
def test_agrees_up_to_the_largest_volumes(seed: int) -> None:
    """Volumes are doubled until the engine refuses them, and it never computes one that left its 64 bits."""
    snapshot, terms = random_case(seed)
    differing, doublings = [], 0
    while doublings < 64 and not _too_large(snapshot, terms):
        differing += apart(snapshot, terms)
        snapshot = replace(snapshot, **{name: 2 * getattr(snapshot, name) for name in VOLUMES})
        doublings += 1
    assert [] == differing
    assert 10 < doublings < 64


def _too_large(snapshot: Snapshot, terms: Terms) -> bool:
    try:
        pipeline.run(snapshot, terms)
    except TooLarge:
        return True
    return False


@pytest.mark.parametrize("shape", SHAPES)
def test_agrees_under_the_shipped_plan(shape: str) -> None:
    """Under the plan that ships the engine computes every column and line as the rules read by hand."""
    document = read_plan(PLAN.read_bytes(), PLAN.name)
    terms = terms_on(document, date(2026, 10, 31))
    companies = [random_company(Random(size), terms, size=size, shape=shape) for size in (1, 7, 60, 200, 1000)]
    assert [[]] * 5 == [apart(snapshot, terms) for snapshot in companies]


def test_drawn_companies_hold_everything() -> None:
    """The drawn companies pay every bonus, take back, reach all generations, and stand in every state of upkeep."""
    seen: Counter[str] = Counter()
    for seed in range(BLOCK):
        seen.update(_met_in(*random_case(seed)))
    wanted = {
        *(bonus.name for bonus in Bonus),
        *(upkeep.name for upkeep in Upkeep),
        *(f"generation {generation}" for generation in range(1, 6)),
        *(f"rounding {mode.name}" for mode in Rounding),
        *(
            "recovery",
            "chain of leaders",
            "inactive seller",
            "several roots",
            "several markets",
            "promotion",
            "top leg",
        ),
    }
    assert set() == {name for name in wanted if seen[name] < 5}


@pytest.mark.parametrize("page", ["auditor.py", "books.py"])
def test_the_auditor_reads_for_itself(page: str) -> None:
    """The auditor takes nothing from the engine, so that no mistake is shared."""
    words = (Path(__file__).parent / page).read_text().splitlines()
    imports = [line for line in words if line.startswith(("import ", "from "))]
    assert len(imports) >= 2
    assert [] == [line for line in imports if "engine" in line and "tests.engine.books" not in line]


def _met_in(snapshot: Snapshot, terms: Terms) -> Iterator[str]:
    outcome = pipeline.run(snapshot, terms)
    yield from (Bonus(bonus).name for bonus in np.unique(outcome.lines.bonus))
    yield from (Upkeep(state).name for state in np.unique(outcome.upkeep))
    yield from (f"generation {generation}" for generation in np.unique(outcome.lines.generation))
    yield f"rounding {terms.rounding.name}"
    under = snapshot.sponsor[outcome.broken_away & (snapshot.sponsor >= 0)]
    happened = {
        "recovery": (outcome.lines.amount_minor < 0).any(),
        "chain of leaders": outcome.broken_away[under].any(),
        "inactive seller": (~outcome.active & (outcome.cv > 0)).any(),
        "several roots": (snapshot.sponsor < 0).sum() > 1,
        "several markets": np.unique(snapshot.market).size > 1,
        "promotion": (outcome.title > snapshot.title_before).any(),
        "top leg": (outcome.side_volume != outcome.gv).any(),
    }
    yield from (name for name, so in happened.items() if so)
