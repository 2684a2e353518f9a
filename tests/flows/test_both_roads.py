"""
Two roads lead to a snapshot: files straight to the engine, and files through the tables. They meet, byte for byte.
"""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from backend.demo.company import write_company
from backend.engine.snapshot import Snapshot
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import read_company
from backend.files.facts import PERCENTS, WORDS
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
STAY = """
[leaving]
clause = "2.1"
legs = "stay in place"
"""
LAST = Period(2026, 10)
PERIODS = tuple(periods_between(LAST.plus(-11), LAST))
OF_PRODUCTS = """
[[levels]]
id = "kits"
name = "Kits"
clause = "4.2"
products = { 2020-01-01 = [{ product = "KIT", amounts = ["5 USD"] }, { product = "SHAKE", amounts = ["1 USD"] }] }
orders = "first"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a drawn company: a year of orders and returns, products, stated facts, leavers."""
    folder = tmp_path_factory.mktemp("company")
    write_company(folder, promoters=120, seed=11, until=LAST)
    random = Random(3)
    name_products(folder / "orders.csv", random)
    state_facts(folder, random)
    sell_nothing(folder / "orders.csv", let_leave(folder / "members.csv", random))
    return folder


def name_products(path: Path, random: Random) -> None:
    """Name products on every other order, and let half of the returns of those bring the kits back."""
    rows = list(csv.DictReader(path.read_text().splitlines()))
    named: dict[str, str] = {}
    for row in rows:
        if not row["returns"] and random.random() < 0.5:
            row["products"] = named[row["order"]] = f"KIT:{random.randint(1, 3)} SHAKE:{random.randint(1, 9)} OTHER:1"
        elif row["returns"] in named and random.random() < 0.5:
            row["products"] = named.pop(row["returns"]).split()[0]
    random.shuffle(rows)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def state_facts(folder: Path, random: Random) -> None:
    """State each fact of some members on some days of their year."""
    rows: list[str] = []
    for member in csv.DictReader((folder / "members.csv").read_text().splitlines()):
        joined = max(date.fromisoformat(member["joined"]), PERIODS[0].first_day)
        for fact in WORDS:
            if random.random() < 0.2:
                days = random.sample(range(max((LAST.last_day - joined).days, 3)), 3)
                values = [*WORDS[fact], "70 %"] if fact in PERCENTS else list(WORDS[fact])
                rows += [f"{member['member']},{joined + timedelta(day)},{fact},{random.choice(values)}" for day in days]
    random.shuffle(rows)
    (folder / "facts.csv").write_text("\n".join(["member,from,fact,value", *rows]) + "\n")


def let_leave(path: Path, random: Random) -> dict[str, date]:
    """
    Let every eighth member leave on some day of the year, and with one of them the sponsor and the sponsor's too.

    Returns on which day each of them leaves.
    """
    rows = {row["member"]: row for row in csv.DictReader(path.read_text().splitlines())}
    leaving = [code for code in rows if random.random() < 0.12]
    line = next(code for code in reversed(rows) if rows[rows[code]["sponsor"] or code]["sponsor"])
    for code in [*leaving, line, rows[line]["sponsor"], rows[rows[line]["sponsor"]]["sponsor"]]:
        first = max(date.fromisoformat(rows[code]["joined"]), PERIODS[0].first_day)
        rows[code]["left"] = str(first + timedelta(random.randrange((LAST.last_day - first).days + 1)))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, dict.fromkeys([*rows[line], "left"]), restval="")
        writer.writeheader()
        writer.writerows(rows.values())
    return {code: date.fromisoformat(row["left"]) for code, row in rows.items() if row.get("left")}


def sell_nothing(path: Path, left: dict[str, date]) -> None:
    """Leave out what leavers would have bought from the day of leaving on, and its returns."""
    rows = list(csv.DictReader(path.read_text().splitlines()))
    never = {row["order"] for row in rows if not row["returns"] and row["member"] in left and is_late(row, left)}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if not never & {row["order"], row["returns"]})


def is_late(row: dict[str, str], left: dict[str, date]) -> bool:
    """Tell whether an order of a leaver was placed on the day of leaving or later."""
    return datetime.fromisoformat(row["placed_at"]).astimezone(ZONE).date() >= left[row["member"]]


def from_files(folder: Path, plan: str) -> list[Computed]:
    """Compute the year from the files alone."""
    document = read_plan(plan, PLAN.name)
    terms = [terms_of(document, period) for period in PERIODS]
    contents = ((folder / name).read_bytes() for name in ("members.csv", "orders.csv", "facts.csv"))
    return list(computed(read_company(*contents, zone=ZONE, terms=terms[0]), terms, PERIODS, ZONE))


async def from_tables(folder: Path, plan: str) -> list[Snapshot]:
    """Import the files, let the worker's flows go through the year, and take each period as it stood at its end."""
    end = LAST.end(ZONE)
    await import_company(
        members_csv=(folder / "members.csv").read_bytes(),
        orders_csv=(folder / "orders.csv").read_bytes(),
        facts_csv=(folder / "facts.csv").read_bytes(),
        plan_source=plan,
        name="Drawn",
        zone=ZONE,
        now=end,
    )
    memory = await recall(end)
    assert memory is not None
    await close_behind(memory, end)
    return [await snapshot_at(memory, period, period.end(ZONE)) for period in PERIODS]


@pytest.mark.parametrize(
    "rule", ["", RECOVERED + STAY], ids=["returns lower their month, legs move up", "returns are recovered, legs stay"]
)
async def test_files_and_tables_give_the_same_snapshots(database: str, folder: Path, rule: str) -> None:
    """In each of twelve periods every column is the same: what is carried, products, facts, where leavers' legs are."""
    plan = PLAN.read_text() + OF_PRODUCTS + rule
    computed_year = from_files(folder, plan)
    async with opened(database):
        kept_year = await from_tables(folder, plan)

    assert any(one.outcome.lines.amount_minor.size for one in computed_year)
    assert all(said(computed_year, name) for name in ("units", "first_units", "first_pv", "customers", "paused"))
    assert bool(rule) == (len({one.snapshot.sponsor.tobytes() for one in computed_year}) == 1), "legs move"
    assert said(computed_year, "closed")
    assert bool(rule) == any(one.adjustments for one in computed_year)
    for one, kept in zip(computed_year, kept_year, strict=True):
        differing = [
            name
            for name in Snapshot.__struct_fields__[2:]
            if not np.array_equal(getattr(one.snapshot, name), getattr(kept, name))
        ]
        assert [] == differing, one.period
        assert one.snapshot.digest() == kept.digest()


def said(year: list[Computed], name: str) -> bool:
    """Tell whether a column says anything at all in some period."""
    return any(getattr(one.snapshot, name).any() for one in year)
