"""
Files that a company lays down: taken whole or not at all, each mistake at its line, what comes early held.
"""

from collections.abc import AsyncIterator

import pytest
from tortoise.connection import get_connection

from backend.flows.import_company import import_company
from backend.flows.list_held import list_held
from backend.flows.take_drop import take_drop
from backend.kernel.finding import Refused
from backend.store.database import opened
from tests.files.hostile import DROPS, GOOD_MEMBERS
from tests.flows.companies import NOW, PLAN, ZONE, orders_csv

FILES = {
    "members.csv": b"member,sponsor,name,joined,market\nD,C,Dora,2026-03-02,EU\nC,B,Carl,2026-03-01,\n",
    "placements.csv": b"member,sponsor,from,correction\nD,A,2026-06-01,\n",
    "customers.csv": b"customer,member,name,type,from\nC1,D,Ann,preferred,2026-03-02\n",
    "products.csv": b"product,name,parts\nBOX,Box,KIT:2\nKIT,Kit,\n",
    "prices.csv": b"product,market,from,pv,cv\nKIT,,2026-01-01,30,27\nKIT,EU,2026-01-01,25,22.50\n",
    "facts.csv": b"member,from,fact,value\nD,2026-04-01,cleared,no\n",
    "orders.csv": b"order,kind,member,customer,placed_at,pv,cv,returns,products\n"
    b"O2,,D,C1,2026-05-02,,,,BOX:1 KIT:1\nR2,return,D,,2026-05-03,25,22.50,O2,KIT:1\n"
    b"O9,,X,,2026-05-02,1,1,,\nO3,,C,,2026-05-02,10,9,,\nX3,Cancellation,,,2026-05-04,,,O3,\n",
}
TABLES = ("member", "placement", "customer", "product", "product_price", "stated_fact", "sales_order", "volume_entry")
TABLES = (*TABLES, "accepted_event", "held_event")


@pytest.fixture
async def company(database: str) -> AsyncIterator[str]:
    """Open a company of A and B without orders; yield the database's address."""
    async with opened(database):
        await import_company(
            members_csv=GOOD_MEMBERS.encode(),
            orders_csv=orders_csv(),
            plan_source=PLAN,
            name="Two",
            zone=ZONE,
            now=NOW,
        )
        yield database


async def counts() -> list[int]:
    """Return how many rows each table has."""
    query = " UNION ALL ".join(f"SELECT {at}, count(*)::int AS rows FROM {name}" for at, name in enumerate(TABLES))
    return [row["rows"] for row in await get_connection("default").execute_query_dict(f"{query} ORDER BY 1")]


async def test_a_whole_drop(company: str) -> None:
    """Every kind of file arrives; a trial says the same and writes nothing; taken again all of it is repeated."""
    before = await counts()
    tried = await take_drop(FILES, is_trial=True)
    assert before == await counts()
    taken, again = await take_drop(FILES), await take_drop(FILES)

    assert tried.rows == taken.rows
    assert ["held"] == [row.told.status for row in taken.rows if row.told.status != "accepted"]
    assert {"repeated", "held"} == {row.told.status for row in again.rows}
    assert [("O9", ("member X",))] == [(each.key, each.lacks) for each in await list_held()]
    assert [4, 5, 1, 2, 2, 1, 4, 4] == (await counts())[:8]
    imported = await take_drop({"members.csv": GOOD_MEMBERS.encode()})
    assert ["repeated", "repeated"] == [row.told.status for row in imported.rows], "what an import told is known"
    volumes = await get_connection("default").execute_query_dict("SELECT pv_points FROM volume_entry ORDER BY position")
    assert [75_00, 10_00, -25_00, -10_00] == [row["pv_points"] for row in volumes]


async def test_no_hostile_file_is_half_applied(company: str) -> None:
    """Each gets the findings that it deserves, beside good files of which nothing is applied either."""
    before = await counts()
    for name, (file, data, found) in DROPS.items():
        good = {one: text for one, text in FILES.items() if one != file}
        with pytest.raises(Refused) as refused:
            await take_drop(good | {file: data})
        places = [(each.code, each.place) for each in refused.value.findings]
        told = [f"{code} {at.line}" + (f":{at.column}" if at.column else "") for code, at in places]
        assert (name, found, {file}) == (name, told, {at.source for _, at in places})
        assert all(each.remedy for each in refused.value.findings)
    assert before == await counts()
    assert len(DROPS) >= 30
