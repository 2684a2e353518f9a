"""The demo's company is drawn from real purchases, looks like a real network, and is the same each time."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from backend.demo.company import LARGE, usual_months, write_company
from backend.demo.promoters import DEEPEST, Shape, draw_promoters
from backend.demo.purchases import read_customers
from backend.files.calculation import Computed, computed, terms_of
from backend.files.company import Company, read_company
from backend.files.results import period_result
from backend.kernel.period import Period, periods_between
from backend.plan.reading import read_plan

OCTOBER = Period(2026, 10)
ZONE = ZoneInfo("UTC")
ROOT = Path(__file__).parents[2]


def drawn(folder: Path, *, seed: int = 7, promoters: int = 350, until: Period = OCTOBER) -> Company:
    """Draw a company and read it back."""
    write_company(folder, promoters=promoters, seed=seed, until=until)
    return read_company((folder / "members.csv").read_bytes(), (folder / "orders.csv").read_bytes(), zone=ZONE)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Draw the company of the usual seed, once for this file."""
    return drawn(tmp_path_factory.mktemp("company"))


def test_the_purchases_are_the_published_ones() -> None:
    """Between July 1997 and June 1998 the data set has 28,124 purchases with an amount."""
    customers = read_customers().series
    assert sum(len(series) for series in customers) == 28_124
    assert {purchase.month for series in customers for purchase in series} == set(range(12))


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    """Two processes with other hash seeds and other clocks of their own write the same two files."""
    for seed in ("1", "2"):
        words = [
            "demo-company",
            "--promoters",
            "40",
            "--seed",
            "3",
            "--until",
            "2026-10",
            "--out",
            str(tmp_path / seed),
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"}
        subprocess.run([sys.executable, "-m", "backend", *words], cwd=ROOT, env=environment, check=True)
    one, two = (
        [(tmp_path / seed / name).read_bytes() for name in ("members.csv", "orders.csv")] for seed in ("1", "2")
    )
    assert one == two


def test_another_seed_draws_another_company(tmp_path: Path) -> None:
    """Another seed gives other people and other orders."""
    one, two = (drawn(tmp_path / str(seed), seed=seed, promoters=30) for seed in (1, 2))
    assert one.members.name != two.members.name
    assert one.orders.pv != two.orders.pv


def test_the_twelve_months_end_with_the_one_that_is_asked_for(company: Company) -> None:
    """There are orders in each of the twelve months, and none before or after."""
    months = {Period.of(placed_at, ZONE) for placed_at in company.orders.placed_at}
    assert sorted(months) == list(periods_between(OCTOBER.plus(-11), OCTOBER))


def test_a_leap_day_and_short_months_hold_their_purchases(tmp_path: Path) -> None:
    """Purchases of the 29th to 31st fall on the last day of a shorter month, the 29th of February 2028 included."""
    read = drawn(tmp_path, promoters=60, until=Period(2028, 2))
    last = max(read.orders.placed_at)
    assert last.date() == date(2028, 2, 29)


def test_the_tree_is_wide_in_a_few_places(company: Company) -> None:
    """Most have no leg, a few have ten and more, and nobody stands deeper than nine below a founder."""
    legs = Counter(company.members.sponsor)
    del legs[""]
    depth: dict[str, int] = {"": -1}
    for code, sponsor in zip(company.members.member, company.members.sponsor, strict=True):
        depth[code] = depth[sponsor] + 1
    assert len(legs) < 350 * 0.45
    assert 3 <= sum(count >= 10 for count in legs.values()) <= 15
    assert 5 <= max(depth.values()) <= DEEPEST


def test_who_is_in_the_files_has_begun(company: Company) -> None:
    """Some joined long before the months, some during them, and nobody after the first days of the last."""
    joined = company.members.joined
    assert joined[0] < date(2024, 1, 1)
    assert 100 <= sum(day >= date(2025, 11, 1) for day in joined) <= 200
    assert max(joined) <= date(2026, 10, 8)


def test_names_come_from_many_scripts(company: Company) -> None:
    """Names are not empty, seldom repeated, and some are written in Japanese."""
    assert len(set(company.members.name)) > 330
    assert any("\u3040" <= letter <= "\u9fff" for name in company.members.name for letter in name)


def test_orders_come_in_bursts(company: Company) -> None:
    """Days differ as real ones do: the busiest of a month has at least twice the orders of the quietest."""
    days = Counter(placed_at.date() for placed_at in company.orders.placed_at)
    october = [count for day, count in days.items() if (day.year, day.month) == (2026, 10)]
    assert max(october) >= 2 * min(october)


def test_three_in_a_hundred_come_back(company: Company) -> None:
    """Returns are some three in a hundred orders; some are whole and some are parts."""
    orders = company.orders
    pv = dict(zip(orders.order, orders.pv, strict=True))
    parts = [
        back == pv[of]
        for kind, back, of in zip(orders.kind, orders.pv, orders.returns, strict=True)
        if kind == "return"
    ]
    assert 0.02 <= len(parts) / len(orders) <= 0.04
    assert 0.4 <= sum(parts) / len(parts) <= 0.7


def settled(company: Company) -> Computed:
    """Compute the company's twelve months by the plan that ships and return the last."""
    plan = ROOT / "manifest" / "plans" / "stairstep.toml"
    document = read_plan(plan.read_bytes(), plan.name)
    periods = list(periods_between(OCTOBER.plus(-11), OCTOBER))
    return list(computed(company, [terms_of(document, each) for each in periods], periods, ZONE))[-1]


@pytest.mark.parametrize("seed", [1, 2, 7, 11])
def test_the_plan_that_ships_fits_the_company(seed: int, tmp_path: Path) -> None:
    """
    On several seeds the median promoter sells some 120 points, and 8 to 20 groups have broken away, every step is held.

    The payout lies between 25 and 40 % of CV, and personal and differential together under 25 %.
    """
    last = settled(drawn(tmp_path, seed=seed))
    found = period_result(last)
    begun = last.snapshot.days_since_joining >= 31
    assert 9_000 <= median(last.outcome.pv[begun].tolist()) <= 15_000
    assert 8 <= int(last.outcome.broken_away.sum()) <= 20
    assert set(last.outcome.step.tolist()) == set(range(7))
    assert (2_500 <= found.payout_bp <= 4_000, found.personal_and_differential_bp < 2_500) == (True, True)
    assert int(last.outcome.title.max()) >= [title.id for title in last.terms.titles].index("senior")


def test_a_company_of_one_is_a_company(tmp_path: Path) -> None:
    """One promoter alone is drawn and read as well."""
    assert len(drawn(tmp_path, promoters=1).members) == 1


def test_ten_thousand_keep_their_depth() -> None:
    """A larger company grows wider, not deeper."""
    people = draw_promoters(promoters=10_000, until=OCTOBER, random=Random(1))
    depth: list[int] = []
    for one in people:
        depth.append(0 if one.sponsor < 0 else depth[one.sponsor] + 1)
    assert max(depth) == DEEPEST


def test_every_instant_is_told_with_its_offset(company: Company) -> None:
    """Orders are written in UTC, and the file reads back as the instants that were drawn."""
    first = min(company.orders.placed_at)
    assert first >= datetime(2025, 11, 1, tzinfo=UTC)
    assert first.utcoffset() == UTC.utcoffset(None)


def test_a_year_with_its_returns_keeps_its_bytes(tmp_path: Path) -> None:
    """The same words give the bytes that they gave when each number took eight bytes."""
    write_company(tmp_path, promoters=60, seed=7, until=OCTOBER)
    found = {name: sha256((tmp_path / name).read_bytes()).hexdigest()[:16] for name in ("members.csv", "orders.csv")}
    assert found == {"members.csv": "6c2d894a68e87f97", "orders.csv": "824dca07c2b10b9c"}


def test_a_large_company_has_one_month_unless_told() -> None:
    """From some size on a year of orders would be more than anybody wants to wait for."""
    assert (usual_months(LARGE - 1), usual_months(LARGE)) == (12, 1)


def test_fewer_months_are_the_last_ones(tmp_path: Path) -> None:
    """Two months of orders are the last two of the twelve, of the same people."""
    write_company(tmp_path, promoters=60, seed=7, until=OCTOBER, months=2)
    read = read_company((tmp_path / "members.csv").read_bytes(), (tmp_path / "orders.csv").read_bytes(), zone=ZONE)
    months = {Period.of(placed_at, ZONE) for placed_at in read.orders.placed_at}
    assert (sorted(months), len(read.members)) == ([Period(2026, 9), OCTOBER], 60)


@pytest.mark.parametrize(("shape", "legs_of_the_first", "deepest"), [(Shape.LINE, 1, 999), (Shape.WIDE, 999, 1)])
def test_a_company_is_a_line_or_wide_if_told(shape: Shape, legs_of_the_first: int, deepest: int) -> None:
    """A line has one leg each, as deep as there are people; a wide one has everybody under the first."""
    people = draw_promoters(promoters=1_000, until=OCTOBER, random=Random(1), shape=shape)
    depth: list[int] = []
    for one in people:
        depth.append(0 if one.sponsor < 0 else depth[one.sponsor] + 1)
    assert (people[0].legs, max(depth)) == (legs_of_the_first, deepest)
