"""
Three months of a company over HTTP, as an auditor would ask for them: sealed, corrected, and computed again.

A shop posts through the signed door of the served product, months are closed by the command, and the clock goes back in
October. Orders come back after the close, one order is late, a sponsor is corrected for months that are closed.
"""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from backend.embedded.cluster import Cluster
from tests.databases import short_folder
from tests.journeys.product import PLAN, Product

MEMBERS = """member,sponsor,name,joined,market
TOP,,Amara,2025-01-01,US
EAST,TOP,Mei,2025-02-01,US
WEST,TOP,Luis,2025-02-01,US
LOW,EAST,Jonas,2025-03-01,US
"""
RULES = """
[returns]
clause = "{clause}"
count = "at the rate that was paid"

[late_orders]
clause = "{clause}"
count = "in their own period"
"""
MONTHS = ("2026-09", "2026-10", "2026-11")


def plan_text(percent: str = "5 %") -> str:
    """Return the plan that ships with rules for late orders and returns, its second step at some percent."""
    shipped = PLAN.read_text()
    clause = shipped.split("[clauses]")[1].split('"')[1]
    changed = shipped.replace('percent = { 2020-01-01 = "5 %" }', f'percent = {{ 2020-01-01 = "{percent}" }}')
    return changed + RULES.format(clause=clause)


@pytest.fixture
def company() -> Iterator[Product]:
    """Serve a company of four in Berlin that has sold nothing yet; it is the first of September 2026."""
    with short_folder() as folder:
        files = folder / "company"
        files.mkdir()
        (files / "members.csv").write_text(MEMBERS)
        (files / "orders.csv").write_text("order,kind,member,customer,placed_at,pv,cv,returns\n")
        (folder / "plan.toml").write_text(plan_text())
        product = Product(folder)
        named = ("--plan", str(folder / "plan.toml"), "--zone", "Europe/Berlin", "--name", "Birch")
        product.run("import", str(files), *named)
        product.start()
        yield product
        product.stop()


def at(product: Product, instant: str) -> None:
    """Set the company's clock."""
    statement = "UPDATE company SET clock_real_at = $1, clock_company_at = $2, clock_speed = 1"
    asyncio.run(query(product, statement, datetime.now(UTC), datetime.fromisoformat(instant)))


async def query(product: Product, statement: str, *values: object) -> list[asyncpg.Record]:
    """Ask the product's own database."""
    connection = await asyncpg.connect(Cluster(product.folder / "database").dsn)
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()


def rows(product: Product, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Return the rows of a question to the database."""
    return [tuple(row) for row in asyncio.run(query(product, statement, *values))]


def sold(product: Product, key: str, member: str, placed_at: str, pv: str, **more: str) -> None:
    """Post an order, or a return, and see it accepted."""
    said = {"order": key, "member": member, "placed_at": placed_at, "pv": pv, "cv": pv} | more
    (result,) = product.post(said).json()["results"]
    assert ("accepted", key) == (result["status"], result["order"])


def closed(product: Product, month: str) -> dict[str, object]:
    """Close a month by the command, and return what it said."""
    return dict(json.loads(product.run("period", "close", month, "--json")))


def adjusted(product: Product, books: str, of: str) -> dict[str, int]:
    """Return what a month's books adjust of another, minor units by member; who gets and gives as much is left out."""
    statement = (
        "SELECT code, sum(due_minor - posted_minor)::bigint FROM adjustment_line JOIN member ON member.id = member_id"
        " WHERE period_id = $1 AND of_period = $2 GROUP BY code"
    )
    return {str(code): int(str(amount)) for code, amount in rows(product, statement, books, of) if amount}


def books(product: Product) -> dict[str, tuple[str, str]]:
    """Return in which month's books each order lies, and the earlier month that it corrects."""
    statement = "SELECT key, period, origin FROM volume_entry JOIN sales_order ON sales_order.id = order_id"
    return {str(key): (str(period), str(origin)) for key, period, origin in rows(product, statement)}


def test_three_months_are_sealed_and_compute_again(company: Product, tmp_path: Path) -> None:
    """Returns, a late order, a corrected sponsor and a clock change end in three months that give the same hashes."""
    at(company, "2026-09-28T12:00:00+02:00")
    sold(company, "S-1", "TOP", "2026-09-02T09:00:00+02:00", "400", customer="c1")
    sold(company, "S-2", "EAST", "2026-09-03T09:00:00+02:00", "600", customer="c2")
    sold(company, "S-3", "LOW", "2026-09-04T09:00:00+02:00", "500", customer="c3")
    sold(company, "S-4", "WEST", "2026-09-05T09:00:00+02:00", "300", customer="c4")
    at(company, "2026-10-02T12:00:00+02:00")
    september = closed(company, "2026-09")

    sold(company, "T-1", "LOW", "2026-09-30T23:59:59+02:00", "200", customer="c3")
    sold(company, "R-1", "EAST", "2026-10-02T09:00:00+02:00", "200", customer="c2", kind="return", returns="S-2")
    at(company, "2026-11-02T12:00:00+01:00")
    sold(company, "O-1", "TOP", "2026-10-25T02:30:00+02:00", "300", customer="c1")
    sold(company, "O-2", "EAST", "2026-10-25T02:30:00+01:00", "300", customer="c2")
    sold(company, "O-3", "WEST", "2026-10-31T23:59:59+01:00", "300", customer="c4")
    sold(company, "O-4", "LOW", "2026-10-12T09:00:00+02:00", "250", customer="c3")
    sold(company, "N-1", "WEST", "2026-11-01T00:00:00+01:00", "300", customer="c4")
    october = closed(company, "2026-10")
    assert books(company) == {
        **dict.fromkeys(("S-1", "S-2", "S-3", "S-4"), ("2026-09", "")),
        **dict.fromkeys(("O-1", "O-2", "O-3", "O-4"), ("2026-10", "")),
        **dict.fromkeys(("T-1", "R-1"), ("2026-10", "2026-09")),
        "N-1": ("2026-11", ""),
    }
    first_correction = adjusted(company, "2026-10", "2026-09")
    assert first_correction["LOW"] > 0 > first_correction["EAST"]
    assert sum(first_correction.values()) == 0, "as much came late as came back, below one and the same highest percent"

    assert "2026-09" in company.run("network", "move", "LOW", "--to", "WEST", "--since", "2026-09-15", "--apply")
    sold(company, "R-2", "EAST", "2026-11-02T10:00:00+01:00", "400", customer="c2", kind="return", returns="S-2")
    at(company, "2026-12-01T12:00:00+01:00")
    november = closed(company, "2026-11")
    second_correction = adjusted(company, "2026-11", "2026-09")
    assert second_correction["WEST"] > 0 > second_correction["EAST"]
    assert sum(second_correction.values()) < 0, "what came back is taken back"
    assert "WEST" in adjusted(company, "2026-11", "2026-10")

    (tmp_path / "dearer.toml").write_text(plan_text("6 %"))
    company.run("plan", "replace", str(tmp_path / "dearer.toml"))
    for month, first in zip(MONTHS, (september, october, november), strict=True):
        again = closed(company, month)
        assert (again["snapshot_digest"], again["outcome_digest"]) == (
            first["snapshot_digest"],
            first["outcome_digest"],
        )
        assert (first["closed_before"], again["closed_before"]) == (False, True)
