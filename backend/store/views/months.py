"""
Closed months as a member reads them: what one paid, what it was shown last, what its books corrected of earlier ones.
"""

from datetime import datetime
from functools import partial

import msgspec
from msgspec import Struct
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.forecast.difference import Difference
from backend.plan.terms import Terms
from backend.store import replica


class Earned(Struct, frozen=True, kw_only=True):
    """What a closed month paid a member for one bonus, or what of it is held; minor units of a currency."""

    bonus: str
    state: str
    currency: str
    amount_minor: int


class Corrected(Struct, frozen=True, kw_only=True):
    """What a closed month's books corrected of an earlier one for a member, minor units of a currency."""

    of_period: str
    currency: str
    amount_minor: int


class ClosedMonth(Struct, frozen=True, kw_only=True):
    """A member's closed month, by the terms that held in it; no difference for who was shown nothing before."""

    period: str
    closed_at: datetime
    terms: Terms
    earned: tuple[Earned, ...]
    corrected: tuple[Corrected, ...]
    difference: Difference | None


async def closed_month(code: str, period: str) -> ClosedMonth | None:
    """Return a member's closed month; None where it is not closed."""
    return await replica.read(partial(_closed_month, code, period))


async def _closed_month(code: str, period: str, connection: BaseDBAsyncClient) -> ClosedMonth | None:
    rows = await connection.execute_query_dict(MONTH, [period])
    if not rows:
        return None
    earned = await connection.execute_query_dict(EARNED, [period, code])
    corrected = await connection.execute_query_dict(CORRECTED, [period, code])
    shown = await connection.execute_query_dict(DIFFERENCE, [period, code])
    return ClosedMonth(
        period=period,
        closed_at=rows[0]["closed_at"],
        terms=msgspec.json.decode(rows[0]["terms"], type=Terms),
        earned=tuple(Earned(**row) for row in earned),
        corrected=tuple(Corrected(**row) for row in corrected),
        difference=msgspec.json.decode(shown[0]["document"], type=Difference) if shown else None,
    )


async def last_closed(connection: BaseDBAsyncClient) -> str:
    """Return the month that was closed last; empty before the first."""
    (row,) = await connection.execute_query_dict(LAST)
    return str(row["last"] or "")


MONTH = "SELECT closed_at, terms FROM closed_period WHERE id = $1 AND state = 'closed'"

LAST = "SELECT max(id) AS last FROM closed_period WHERE state = 'closed'"

EARNED = """
SELECT bonus, state, currency, sum(amount_minor)::bigint AS amount_minor
FROM closed_line JOIN member ON member.id = member_id
WHERE period_id = $1 AND code = $2 AND state <> 'kept_at_sale'
GROUP BY bonus, state, currency ORDER BY min(closed_line.id)
"""

CORRECTED = """
SELECT of_period, currency, sum(due_minor - posted_minor)::bigint AS amount_minor
FROM adjustment_line JOIN member ON member.id = member_id
WHERE period_id = $1 AND code = $2
GROUP BY of_period, currency ORDER BY of_period
"""

DIFFERENCE = """
SELECT document FROM close_difference JOIN member ON member.id = member_id WHERE period_id = $1 AND code = $2
"""
