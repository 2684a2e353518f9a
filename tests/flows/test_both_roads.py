"""
Two roads lead to a snapshot: files straight to the engine, and files through the tables. They meet, byte for byte.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from backend.demo.company import write_company
from backend.engine.snapshot import Snapshot
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import read_company
from backend.flows.close_behind import close_behind, snapshot_at
from backend.flows.import_company import import_company
from backend.flows.recall import recall
from backend.kernel.period import Period, periods_between
from backend.plan.reading import read_plan
from backend.store.database import opened

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
ZONE = ZoneInfo("Europe/Berlin")
RECOVERED = """
[returns]
clause = "2.1"
count = "at the rate that was paid"
"""
LAST = Period(2026, 10)
PERIODS = tuple(periods_between(LAST.plus(-11), LAST))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a drawn company with a year of orders and returns."""
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, promoters=120, seed=11, until=LAST)
    return folder


def from_files(folder: Path, plan: str) -> list[Computed]:
    """Compute the year from the files alone."""
    document = read_plan(plan, PLAN.name)
    terms = [terms_of(document, period) for period in PERIODS]
    members, orders = ((folder / name).read_bytes() for name in ("members.csv", "orders.csv"))
    return list(computed(read_company(members, orders, zone=ZONE, terms=terms[0]), terms, PERIODS, ZONE))


async def from_tables(folder: Path, plan: str) -> list[Snapshot]:
    """Import the files, let the worker's flows go through the year, and take each period as it stood at its end."""
    end = LAST.end(ZONE)
    await import_company(
        members_csv=(folder / "members.csv").read_bytes(),
        orders_csv=(folder / "orders.csv").read_bytes(),
        plan_source=plan,
        name="Drawn",
        zone=ZONE,
        now=end,
    )
    memory = await recall(end)
    assert memory is not None
    await close_behind(memory, end)
    return [await snapshot_at(memory, period, period.end(ZONE)) for period in PERIODS]


@pytest.mark.parametrize("rule", ["", RECOVERED], ids=["returns lower their month", "returns are recovered"])
async def test_files_and_tables_give_the_same_snapshots(database: str, folder: Path, rule: str) -> None:
    """In each of twelve periods every column is the same, titles and clocks carried along the way included."""
    plan = PLAN.read_text() + rule
    computed_year = from_files(folder, plan)
    async with opened(database):
        kept_year = await from_tables(folder, plan)

    assert any(one.outcome.lines.amount_minor.size for one in computed_year)
    assert bool(rule) == any(one.adjustments for one in computed_year)
    for one, kept in zip(computed_year, kept_year, strict=True):
        differing = [
            name
            for name in Snapshot.__struct_fields__[2:]
            if not np.array_equal(getattr(one.snapshot, name), getattr(kept, name))
        ]
        assert [] == differing, one.period
        assert one.snapshot.digest() == kept.digest()
