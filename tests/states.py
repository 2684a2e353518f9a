"""
States: all that the tables hold of one history, by natural keys, so that two ways to the same end can be compared.
"""

from tortoise.connection import get_connection


async def state_of(space: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows whose keys begin alike by table, in the order of natural keys and without that beginning."""
    connection, found = get_connection("default"), {}
    for table, query in STATE.items():
        rows = await connection.execute_query_dict(query, [f"{space}%"])
        found[table] = [tuple(_bare(value, space) for value in row.values()) for row in rows]
    return found


def _bare(value: object, space: str) -> object:
    return value.replace(space, "") if isinstance(value, str) else value


OF_ORDER = "split_part(sales_order.key, ' ', 1)"
"""What a cancellation gives back counts with the cancellation."""

STATE = {
    "member": """
        SELECT member.code, member.name, member.joined_on, member.market, enroller.code AS enroller, member.left_on
        FROM member LEFT JOIN member AS enroller ON enroller.id = member.enroller_id
        WHERE member.code LIKE $1 ORDER BY member.code COLLATE "C"
    """,
    "placement": """
        SELECT member.code, since, sponsor.code AS sponsor
        FROM placement JOIN member ON member.id = member_id LEFT JOIN member AS sponsor ON sponsor.id = sponsor_id
        WHERE member.code LIKE $1 ORDER BY member.code COLLATE "C", since, recorded
    """,
    "enrolment": """
        SELECT member.code, since, enroller.code AS enroller
        FROM enrolment JOIN member ON member.id = member_id
        LEFT JOIN member AS enroller ON enroller.id = enrolment.enroller_id
        WHERE member.code LIKE $1 ORDER BY member.code COLLATE "C", since, recorded
    """,
    "departure": """
        SELECT member.code, departure.left_on FROM departure JOIN member ON member.id = member_id
        WHERE member.code LIKE $1 ORDER BY member.code COLLATE "C", recorded
    """,
    "customer": """
        SELECT customer.code, customer.name, customer.kind, member.code AS member, customer.since
        FROM customer JOIN member ON member.id = member_id WHERE customer.code LIKE $1 ORDER BY 1
    """,
    "stated_fact": """
        SELECT member.code, fact, since, value FROM stated_fact JOIN member ON member.id = member_id
        WHERE member.code LIKE $1 ORDER BY member.code COLLATE "C", fact, since
    """,
    "product": "SELECT id, name FROM product WHERE id LIKE $1 ORDER BY id",
    "product_price": """
        SELECT product_id, market, since, pv_points, cv_points FROM product_price
        WHERE product_id LIKE $1 ORDER BY product_id, market, since
    """,
    "bundle_part": "SELECT bundle_id, part_id, units FROM bundle_part WHERE bundle_id LIKE $1 ORDER BY 1, 2",
    "sales_order": f"""
        SELECT {OF_ORDER} AS of_order, max(kind) AS kind, max(said) AS said, max(member.code) AS member,
               max(customer) AS customer, max(placed_at) AS placed_at, sum(pv_points)::bigint AS pv,
               sum(cv_points)::bigint AS cv
        FROM sales_order JOIN member ON member.id = member_id
        WHERE key LIKE $1 GROUP BY 1 ORDER BY {OF_ORDER} COLLATE "C"
    """,
    "ordered_product": f"""
        SELECT {OF_ORDER} AS of_order, product, sum(units)::bigint AS units
        FROM ordered_product JOIN sales_order ON sales_order.id = order_id
        WHERE key LIKE $1 GROUP BY 1, 2 HAVING sum(units) <> 0 ORDER BY 1, 2
    """,
    "volume_entry": f"""
        SELECT {OF_ORDER} AS of_order, period, origin, own, at, max(firm_at) AS firm_at,
               sum(volume_entry.pv_points)::bigint AS pv, sum(volume_entry.cv_points)::bigint AS cv
        FROM volume_entry JOIN sales_order ON sales_order.id = order_id
        WHERE key LIKE $1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    """,
    "volumes": """
        SELECT member.code, period, sum(pv_points)::bigint AS pv, sum(cv_points)::bigint AS cv
        FROM volume_entry JOIN member ON member.id = member_id
        WHERE member.code LIKE $1 GROUP BY 1, 2 ORDER BY 1, 2
    """,
    "accepted_event": "SELECT key, kind FROM accepted_event WHERE key LIKE '%:' || $1 ORDER BY key COLLATE \"C\"",
    "held_event": "SELECT key, findings FROM held_event WHERE body LIKE '%' || $1 ORDER BY key",
}
