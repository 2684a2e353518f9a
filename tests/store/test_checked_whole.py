"""
The database refuses rows of the log that refer to nothing, however they are written, and members that would go.
"""

import asyncpg
import pytest

MEMBER = """
INSERT INTO member (id, code, name, joined_on, market, training, title_held, title_periods_held, title_periods_missed)
VALUES ({0}, 'M{0}', '', '2025-01-01', '', false, '', 0, 0)
"""
AN_ORDER = """
INSERT INTO sales_order (id, key, shop, kind, member_id, placed_at, accepted_at, pv_points, cv_points, returns_id,
                         body_digest)
VALUES ({id}, 'A-{id}', 'till', 'order', {member}, now(), now(), 1, 1, {returns}, '')
"""
ENTRY = """
INSERT INTO volume_entry (order_id, member_id, period, origin, own, at, pv_points, cv_points, firm_at)
VALUES ({order}, {member}, '{period}', '', true, now(), 1, 1, now())
"""
CLOSING = """
INSERT INTO closed_period (id, state, position, closing_at, network_position, stated_position, plan_digest, terms,
                           snapshot_digest, outcome_digest, carryover, posting)
VALUES ('2025-03', 'closing', 0, now(), 0, 0, '', '', '', '', '', '')
"""


async def test_what_refers_to_nothing_is_refused(database: str) -> None:
    """Of orders, products and entries, each that lacks what it belongs to; what has it is written."""
    connection = await asyncpg.connect(database)
    orders = [AN_ORDER.format(id=one, member=1, returns="NULL") for one in (1, 2)]
    for statement in (MEMBER.format(1), MEMBER.format(2), *orders):
        await connection.execute(statement)
    await connection.execute(ENTRY.format(order=1, member=1, period="2025-04"))
    lacking = [
        AN_ORDER.format(id=3, member=9, returns="NULL"),
        AN_ORDER.format(id=4, member=1, returns="9").replace("'order'", "'return'"),
        "INSERT INTO ordered_product (order_id, product, units) VALUES (1, 'KIT', 1), (9, 'KIT', 1)",
        ENTRY.format(order=9, member=1, period="2025-04"),
        ENTRY.format(order=2, member=2, period="2025-04"),
    ]
    for statement in lacking:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(statement)
    counts = [await connection.fetchval(f"SELECT count(*) FROM {name}") for name in ("sales_order", "volume_entry")]
    await connection.close()

    assert [2, 1] == counts


async def test_a_closed_period_takes_no_entry_by_copy_either(database: str) -> None:
    """A row among others that would count in a closed period stops them all, by INSERT and by COPY."""
    connection = await asyncpg.connect(database)
    for statement in (
        MEMBER.format(1),
        *(AN_ORDER.format(id=one, member=1, returns="NULL") for one in (1, 2)),
        CLOSING,
    ):
        await connection.execute(statement)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(ENTRY.format(order=1, member=1, period="2025-03"))
    at = await connection.fetchval("SELECT now()")
    rows = [(one, 1, period, "", True, at, 1, 1, at) for one, period in ((1, "2025-04"), (2, "2025-03"))]
    columns = ["order_id", "member_id", "period", "origin", "own", "at", "pv_points", "cv_points", "firm_at"]
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.copy_records_to_table("volume_entry", records=rows, columns=columns)
    left = await connection.fetchval("SELECT count(*) FROM volume_entry")
    await connection.close()

    assert 0 == left


@pytest.mark.parametrize("statement", ["DELETE FROM member", "UPDATE member SET id = 7", "TRUNCATE member CASCADE"])
async def test_members_are_kept(database: str, statement: str) -> None:
    """A member leaves and is not deleted, and never gets another number: the log refers to it."""
    connection = await asyncpg.connect(database)
    await connection.execute(MEMBER.format(1))
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute(statement)
    await connection.close()
