"""
Take a message: what a shop sent, read and taken at the company's present time and by its present terms.
"""

from backend.flows.order_body import Taken, read_bodies
from backend.flows.take_orders import take_orders
from backend.kernel.finding import Finding, Place, Refused
from backend.store.company import company


async def take_message(*, shop: str, raw: bytes) -> list[Taken]:
    """Answer each order of a message; raises Refused where none of it can be read, or no company is there."""
    row = await company()
    if row is None:
        raise Refused([_nobody()])
    bodies, refused = read_bodies(raw, row.zone)
    now = row.clock.now()
    terms = row.terms_of(row.period_at(now))
    return [*await take_orders(shop=shop, orders=bodies, now=now, zone=row.zone, terms=terms), *refused]


def _nobody() -> Finding:
    return Finding(
        code="company-missing",
        place=Place(source="database"),
        message="No company was imported here yet.",
        remedy="Import one with `handrail import`, then send the message again.",
    )
