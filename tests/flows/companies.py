"""
Small companies for the flows: files written as a company's export would be, imported by the plan that ships.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from backend.flows.import_company import Imported, import_company
from backend.intake.order_body import OrderBody, Taken
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.taken_orders import take_orders

PLAN = (Path(__file__).parents[2] / "manifest/plans/stairstep.toml").read_text()
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MEMBERS = b"""member,sponsor,name,joined,market
TOP,,Amara,2025-01-01,US
LEG,TOP,Mei,2025-02-01,EU
LOW,LEG,Jonas,2026-11-10,US
"""
ORDERS_HEADER = "order,kind,member,customer,placed_at,pv,cv,returns\n"


def order(key: str, **said: object) -> OrderBody:
    """Return an order of 50 points by LEG's customer, a day ago, or whatever else is said of it."""
    usual = OrderBody(
        order=key,
        kind="return" if "returns" in said else "order",
        member="LEG",
        customer="C-1",
        placed_at=datetime(2026, 11, 19, 9, tzinfo=UTC),
        pv_points=50_00,
        cv_points=45_00,
        returns=None,
    )
    return replace(usual, **said)


def orders_csv(*rows: str) -> bytes:
    """Return `orders.csv` of these rows."""
    return (ORDERS_HEADER + "".join(f"{row}\n" for row in rows)).encode()


@cache
def terms() -> Terms:
    """Return what the plan that ships says."""
    return terms_on(read_plan(PLAN, "plan"), NOW.date())


async def found(
    members: bytes = MEMBERS,
    orders: bytes = orders_csv(),
    *,
    plan: str = PLAN,
    now: datetime = NOW,
    before: datetime | None = None,
) -> Imported:
    """Import a company."""
    return await import_company(
        members_csv=members, orders_csv=orders, plan_source=plan, name="Small", zone=ZONE, now=now, before=before
    )


async def take(*orders: OrderBody, now: datetime = NOW) -> list[Taken]:
    """Take orders as one message of a shop."""
    return await take_orders(shop="till", orders=orders, now=now, zone=ZONE, terms=terms())


def codes(taken: Sequence[Taken]) -> list[list[str]]:
    """Return the codes of what was found about each order."""
    return [[finding.code for finding in one.findings] for one in taken]
