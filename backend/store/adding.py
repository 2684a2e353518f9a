"""
Adding to the log: orders with their entries of volume, as they were accepted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.store.database import ORDERS_CHANNEL


class Accepted(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    A row to write: the order as it was said, and its one entry of volume, negative for a return.

    It refers to nothing that refers back, so the garbage collector does not look at fifty thousand of them in vain.
    """

    key: str
    kind: str
    member_id: int
    customer: str | None
    placed_at: datetime
    pv_points: int
    cv_points: int
    returns: str | None
    body_digest: str
    period: str
    origin: str
    """The period before it that the entry corrects, or empty."""
    own: bool
    firm_at: datetime
    said: str = ""
    """As what it was sent, where that is more than `kind` tells: `refund` or `cancellation`."""
    products: Mapping[str, int] = {}
    brings: Mapping[str, tuple[int, int]] = {}
    """PV and CV of one unit of a product, where they are known; hundredths of a point."""


async def add_orders(connection: BaseDBAsyncClient, shop: str, rows: Sequence[Accepted], accepted_at: datetime) -> None:
    """
    Write orders of a shop that are not there yet, with their entries, and announce them as the transaction commits.

    Nobody else writes meanwhile (`orders.open_ledger`), so each of them is new; the unique keys hold that.
    """
    if not rows:
        return
    said = ROWS.encode(rows).decode()
    await connection.execute_query(ADD, [said, shop, accepted_at, ORDERS_CHANNEL])
    if any(row.products for row in rows):
        await connection.execute_query(NAME_PRODUCTS, [said])


ROWS = msgspec.json.Encoder()

ADD = """
WITH row AS MATERIALIZED (
    SELECT nextval('sales_order_id_seq') AS id, *
    FROM json_to_recordset($1::text::json) AS of_it (
        key text, kind text, member_id int, customer text, placed_at timestamptz, pv_points bigint,
        cv_points bigint, returns text, body_digest text, period text, origin text, own bool, firm_at timestamptz,
        said text
    )
), added AS (
    INSERT INTO sales_order (id, key, shop, kind, member_id, customer, placed_at, accepted_at, pv_points, cv_points,
                             returns_id, body_digest, said)
    SELECT id, key, $2, kind, member_id, customer, placed_at, $3, pv_points, cv_points,
           CASE WHEN returns IS NOT NULL THEN (SELECT id FROM sales_order AS known WHERE known.key = row.returns) END,
           body_digest, said
    FROM row
), counted AS (
    INSERT INTO volume_entry (order_id, member_id, period, origin, own, at, pv_points, cv_points, firm_at)
    SELECT id, member_id, period, origin, own, placed_at,
           CASE kind WHEN 'return' THEN -pv_points ELSE pv_points END,
           CASE kind WHEN 'return' THEN -cv_points ELSE cv_points END, firm_at
    FROM row
)
SELECT pg_notify($4, '')
"""
"""Each row has its id before it is written, so that nothing has to look for its order."""

NAME_PRODUCTS = """
INSERT INTO ordered_product (order_id, product, units, pv_points, cv_points)
SELECT (SELECT id FROM sales_order WHERE sales_order.key = row.key), product, units::int,
       (brings -> product ->> 0)::bigint, (brings -> product ->> 1)::bigint
FROM json_to_recordset($1::text::json) AS row (key text, products json, brings json)
CROSS JOIN json_each_text(products) AS of_it (product, units)
"""
