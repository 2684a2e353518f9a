"""
Orders taken without a message: for tests that are about what orders become, and not about how they arrive.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from backend.flows.take_events import take_events
from backend.intake.order_body import OrderBody, Taken
from backend.plan.terms import Terms


async def take_orders(
    *, shop: str, orders: Sequence[OrderBody], now: datetime, zone: ZoneInfo, terms: Terms
) -> list[Taken]:
    """
    Accept, recognise, hold or refuse each order; refusals say why, and leave the others alone.

    The same key with the same body has no second effect and is `repeated`; with another body it is refused by name. One
    whose member or order is not there yet is held. `now` is the company's time.
    """
    taken = await take_events(source=shop, events=orders, now=now, zone=zone, terms=terms)
    return [Taken(order=one.key, status=one.status, findings=one.findings, lacks=one.lacks) for one in taken.told]
