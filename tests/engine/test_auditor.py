"""
The engine and the auditor agree on every column and line of thousands of drawn companies, and on no planted fault.

So a rule would have to be misread twice, in two unlike ways of computing it, to go unseen.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from backend.engine import pipeline
from backend.engine.amounts.worth import TooLarge
from backend.engine.outcome import Bonus, Entry, Outcome, State, Upkeep
from backend.engine.periods.assemble import VOLUMES
from backend.engine.snapshot import Snapshot
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.engine.auditor import audited
from tests.engine.auditor_history import handed_on
from tests.engine.networks import SHAPES, next_month, random_case, random_company
from tests.engine.opinions import apart, company_of

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
BLOCK = 120


@pytest.mark.parametrize("first", range(0, 10 * BLOCK, BLOCK))
def test_agrees_on_drawn_companies(first: int) -> None:
    """Whatever the plan and the network, the engine computes every column and line as the rules read by hand."""
    differing = {seed: found for seed in range(first, first + BLOCK) if (found := apart(*random_case(seed)))}
    assert {} == differing


@pytest.mark.parametrize("shape", ["chain", "star", "grown"])
@pytest.mark.parametrize("seed", [10, 13, 38])
def test_agrees_on_large_companies(shape: str, seed: int) -> None:
    """A line of 250, a frontline of 250 and a grown network of 250 are computed as the rules read by hand."""
    assert [] == apart(*random_case(seed, size=250, shape=shape))


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
    assert 5 < doublings < 64


@pytest.mark.parametrize("seed", range(20))
def test_agrees_month_after_month(seed: int) -> None:
    """What each of twelve months hands on, and what the next makes of it, is as the rules read by hand."""
    terms = random_case(seed)[1]
    company = random_company(Random(seed), terms, size=20, shape="grown")
    differing = []
    for month in range(12):
        differing += apart(company, terms)
        expected = handed_on(terms, company_of(company), audited(terms, company_of(company)).columns)
        company = next_month(company, terms, pipeline.run(company, terms), Random(month))
        brought = company_of(company)
        differing += [f"{name} after month {month}" for name in expected if expected[name] != brought[name]]
    assert [] == differing


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
    companies = [random_company(Random(size), terms, size=size, shape=shape) for size in (1, 7, 60, 200, 500)]
    assert [[]] * 5 == [apart(snapshot, terms) for snapshot in companies]


def test_drawn_companies_hold_everything() -> None:
    """The drawn companies pay every bonus in every state, guarantee, cut and release, and reach all generations."""
    seen: Counter[str] = Counter()
    for seed in range(5 * BLOCK):
        seen.update(_met_in(*random_case(seed)))
    wanted = {
        *(
            str(each)
            for kind in (Bonus, Entry, State, Upkeep)
            for each in (f"{kind.__name__} {one.name}" for one in kind)
        ),
        *(f"generation {generation}" for generation in range(1, 6)),
        *(f"kept {bonus}" for bonus in ("DIFFERENTIAL", "OVERRIDE", "POOL", "LEVEL")),
        *WANTED,
    }
    assert set() == {name for name in wanted if seen[name] < 5}


WANTED: dict[str, Callable[[Snapshot, Outcome], object]] = {
    "recovery": lambda _, outcome: (outcome.lines.amount_minor < 0).any(),
    "chain of leaders": lambda snapshot, outcome: outcome.broken_away[
        snapshot.sponsor[outcome.broken_away & (snapshot.sponsor >= 0)]
    ].any(),
    "inactive seller": lambda _, outcome: (~outcome.active & (outcome.cv > 0)).any(),
    "several roots": lambda snapshot, _: (snapshot.sponsor < 0).sum() > 1,
    "several markets": lambda snapshot, _: np.unique(snapshot.market).size > 1,
    "promotion": lambda snapshot, outcome: (outcome.title > snapshot.title_before).any(),
    "demotion": lambda snapshot, outcome: (outcome.title < snapshot.title_before).any(),
    "side volume": lambda _, outcome: (outcome.side_volume != outcome.gv).any(),
    "part": lambda _, outcome: (outcome.lines.part != outcome.lines.whole).any(),
    "mark": lambda _, outcome: (outcome.marks > 0).any(),
    "named volume": lambda _, outcome: outcome.named_points.any(),
    "instalment": lambda _, outcome: (outcome.instalments > 0).any(),
    "target": lambda _, outcome: (outcome.one_times > 0).any(),
    "fast track": lambda _, outcome: (outcome.fast_step > 0).any(),
}
"""What else happens to some companies."""


PAGES = [*sorted(path.name for path in Path(__file__).parent.glob("auditor*.py")), "books.py"]


@pytest.mark.parametrize("page", PAGES)
def test_the_auditor_reads_for_itself(page: str) -> None:
    """The auditor takes nothing from the engine, so that no mistake is shared."""
    words = (Path(__file__).parent / page).read_text().splitlines()
    imports = [line for line in words if line.startswith(("import ", "from "))]
    assert len(imports) >= 2
    own = ("from tests.engine.auditor", "from tests.engine.books")
    assert [] == [line for line in imports if "engine" in line and not line.startswith(own)]


def test_the_auditor_has_all_its_pages() -> None:
    """No page of the auditor goes unread by the test above."""
    assert 8 < len(PAGES)


def _met_in(snapshot: Snapshot, terms: Terms) -> Iterator[str]:
    outcome = pipeline.run(snapshot, terms)
    lines, kept = outcome.lines, outcome.breakage
    yield from (f"Bonus {Bonus(one).name}" for one in np.unique(lines.bonus))
    yield from (f"Entry {Entry(one).name}" for one in np.unique(lines.entry))
    yield from (f"State {State(one).name}" for one in np.unique(lines.state))
    yield from (f"Upkeep {Upkeep(one).name}" for one in np.unique(outcome.upkeep))
    yield from (f"generation {generation}" for generation in np.unique(lines.generation))
    yield from (f"kept {Bonus(one).name}" for one in np.unique(kept.bonus))
    yield from (name for name, happened in WANTED.items() if happened(snapshot, outcome))
