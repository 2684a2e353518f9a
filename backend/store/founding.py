"""
Founding a company: members, placements, facts, orders and volume of a whole company, copied into empty tables at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from tortoise.connection import get_connection

from backend.store.adding import Accepted
from backend.store.database import ORDERS_CHANNEL
from backend.store.network import RECORDED_BY
from backend.store.transactions import transaction


class Founder(Struct, frozen=True, kw_only=True):
    """A member to write; sponsor and enroller are row numbers, None at the top."""

    code: str
    name: str
    joined_on: date
    market: str
    training: bool
    left: date | None = None
    sponsor: int | None
    enroller: int | None
    title: str
    held: int
    missed: int


class Statement(Struct, frozen=True, kw_only=True):
    """What is stated of a member, who is a row number, from a day on."""

    member: int
    fact: str
    value: int
    since: date


async def is_founded() -> bool:
    """Tell whether a company is there already."""
    (row,) = await get_connection("default").execute_query_dict("SELECT EXISTS (SELECT 1 FROM company) AS there")
    return bool(row["there"])


async def found(
    *,
    name: str,
    zone: str,
    plan_source: str,
    plan_digest: str,
    members: Sequence[Founder],
    orders: Sequence[Accepted],
    facts: Sequence[Statement],
    told: Sequence[tuple[str, str, str]],
    shop: str,
    accepted_at: datetime,
) -> bool:
    """
    Write a company, all of it or nothing; False where one is there, one founded at the same moment included.

    `told` has key, kind and digest of what its files tell beside orders, as a source would tell it later.
    """
    async with transaction() as connection:
        if not await connection.execute_query_dict(COMPANY, [name, zone, plan_source, plan_digest]):
            return False
        async with connection.acquire_connection() as raw:
            await raw.execute(RECORDED_BY, shop)
            await _copy(raw, "member", MEMBER, (_member(at, one) for at, one in enumerate(members)))
            await _copy(
                raw, "placement", PLACEMENT, ((at, one.sponsor, one.joined_on, shop) for at, one in enumerate(members))
            )
            await _copy(raw, "stated_fact", FACT, ((one.member, one.fact, one.value, one.since) for one in facts))
            events = ((*each, shop, accepted_at) for each in told)
            await _copy(raw, "accepted_event", EVENT, events)
            row_of = {order.key: at for at, order in enumerate(orders, start=1)}
            await _copy(raw, "sales_order", ORDER, (_order(row_of, shop, accepted_at, one) for one in orders))
            await _copy(raw, "ordered_product", PRODUCT, _products(row_of, orders))
            await _copy(raw, "volume_entry", ENTRY, (_entry(row_of, one) for one in orders))
            await raw.execute("SELECT setval(pg_get_serial_sequence('sales_order', 'id'), $1)", max(len(orders), 1))
            await raw.execute("SELECT pg_notify($1, '')", ORDERS_CHANNEL)
    return True


async def _copy(raw: Any, table: str, columns: Sequence[str], records: Iterable[tuple[Any, ...]]) -> None:
    await raw.copy_records_to_table(table, columns=columns, records=records)


COMPANY = """
INSERT INTO company (id, name, zone, plan_source, plan_digest) VALUES (1, $1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""

MEMBER = (
    "id",
    "code",
    "name",
    "joined_on",
    "market",
    "training",
    "left_on",
    "enroller_id",
    "title_held",
    "title_periods_held",
    "title_periods_missed",
)
EVENT = ("key", "kind", "body_digest", "source", "accepted_at")
PLACEMENT = ("member_id", "sponsor_id", "since", "recorded_by")
ORDER = (
    "id",
    "key",
    "shop",
    "kind",
    "member_id",
    "customer",
    "placed_at",
    "accepted_at",
    "pv_points",
    "cv_points",
    "returns_id",
    "body_digest",
)
FACT = ("member_id", "fact", "value", "since")
PRODUCT = ("order_id", "product", "units")
ENTRY = ("order_id", "member_id", "period", "origin", "own", "at", "pv_points", "cv_points", "firm_at")


def _member(at: int, one: Founder) -> tuple[Any, ...]:
    who = (at, one.code, one.name, one.joined_on, one.market, one.training, one.left, one.enroller)
    return (*who, one.title, one.held, one.missed)


def _order(row_of: dict[str, int], shop: str, accepted_at: datetime, one: Accepted) -> tuple[Any, ...]:
    returns = row_of[one.returns] if one.returns else None
    what = (row_of[one.key], one.key, shop, one.kind, one.member_id, one.customer, one.placed_at, accepted_at)
    return (*what, one.pv_points, one.cv_points, returns, one.body_digest)


def _entry(row_of: dict[str, int], one: Accepted) -> tuple[Any, ...]:
    sign = -1 if one.kind == "return" else 1
    volume = (sign * one.pv_points, sign * one.cv_points)
    return (row_of[one.key], one.member_id, one.period, one.origin, one.own, one.placed_at, *volume, one.firm_at)


def _products(row_of: dict[str, int], orders: Sequence[Accepted]) -> Iterator[tuple[Any, ...]]:
    return ((row_of[one.key], product, units) for one in orders for product, units in one.products.items())
