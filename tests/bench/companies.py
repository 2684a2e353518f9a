"""
Companies for benchmarks: members in a random tree, each with two orders in one month, copied straight into the tables.

Who joins stands under somebody drawn from a hat that holds everybody once and once more for each leg, so a few are wide
and the depth is that of a real network. The same size gives the same company.
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random

from backend.kernel.period import Period
from backend.store.adding import Accepted
from backend.store.founding import Founder, found
from tests.flows.companies import PLAN, ZONE

ORDERS_EACH = 2
JOINED = date(2025, 1, 1)


async def fill(members: int, month: Period) -> None:
    """Write the company into an empty database."""
    await found(
        name="Bench",
        zone=ZONE.key,
        plan_source=PLAN,
        plan_digest=sha256(PLAN.encode()).hexdigest(),
        members=list(_founders(members)),
        orders=_orders(members, month),
        returned=frozenset(),
        facts=(),
        told=(),
        shop="bench",
        accepted_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def sponsors(members: int, seed: int = 7) -> list[int]:
    """Return under whose row each row stands, -1 for the first."""
    random, hat = Random(seed), [0]
    above = [-1]
    for row in range(1, members):
        sponsor = hat[random.randrange(len(hat))]
        above.append(sponsor)
        hat += (sponsor, row)
    return above


def _founders(members: int) -> Iterator[Founder]:
    for row, sponsor in enumerate(sponsors(members)):
        above = sponsor if sponsor >= 0 else None
        yield Founder(
            code=f"M{row:08d}",
            name=f"Member {row}",
            joined_on=JOINED + timedelta(days=row % 500),
            market=("US", "EU")[row % 3 == 0],
            training=row % 4 == 0,
            sponsor=above,
            enroller=above,
            title="",
            held=0,
            missed=0,
        )


def _orders(members: int, month: Period) -> Iterator[Accepted]:
    begin = datetime(month.year, month.month, 1, 12, tzinfo=UTC)
    for at in range(members * ORDERS_EACH):
        row, drawn = at % members, zlib.crc32(str(at).encode())
        placed_at = begin + timedelta(minutes=drawn % (26 * 1_440))
        own = at < members
        yield Accepted(
            key=f"B-{at}",
            kind="order",
            member_id=row,
            customer=None if own else f"C{drawn % 1_000_000}",
            placed_at=placed_at,
            pv_points=2_000 + drawn % 30_000,
            cv_points=1_800 + drawn % 27_000,
            returns=None,
            body_digest=f"{drawn:064x}",
            period=str(month),
            origin="",
            own=own,
            firm_at=placed_at + timedelta(days=14),
        )
