"""
A small company for the worker's tests: two members of the plan that ships, and orders in the present month.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.flows.import_company import import_company
from backend.intake.order_body import OrderBody
from backend.store.company import company
from tests.taken_orders import take_orders

PLAN = Path(__file__).parents[2] / "manifest/plans/stairstep.toml"
ZONE = ZoneInfo("UTC")
MEMBERS = b"member,sponsor,name,joined\nTOP,,Amara,2025-01-01\nLEG,TOP,Mei,2025-02-01\nLONE,,Luis,2025-02-01\n"
NO_ORDERS = b"order,kind,member,customer,placed_at,pv,cv,returns\n"


async def found_small() -> None:
    """Import the company into the store that is open."""
    await import_company(
        members_csv=MEMBERS,
        orders_csv=NO_ORDERS,
        plan_source=PLAN.read_text(),
        name="Small",
        zone=ZONE,
        now=datetime.now(UTC),
    )


async def order(key: str, *, member: str = "LEG", pv_points: int = 50_00) -> None:
    """Let an order of this moment be accepted."""
    row = await company()
    assert row is not None, "found the company first"
    now = row.clock.now()
    body = OrderBody(
        order=key,
        kind="order",
        member=member,
        customer=None,
        placed_at=now - timedelta(seconds=1),
        pv_points=pv_points,
        cv_points=pv_points,
        returns=None,
    )
    terms = row.terms_of(row.period_at(now))
    (taken,) = await take_orders(shop="till", orders=[body], now=now, zone=ZONE, terms=terms)
    assert "accepted" == taken.status, taken
