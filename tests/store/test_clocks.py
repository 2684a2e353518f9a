"""
The company's clock: the wall's, or a demo's that runs faster and never drifts.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.flows.set_clock import set_clock
from backend.kernel.period import Period
from backend.store.company import FastClock, WallClock, company
from backend.store.database import opened
from tests.flows.companies import found

REAL = datetime(2026, 11, 22, 6, 30, 0, 123_457, tzinfo=UTC)
THEN = datetime(2026, 10, 14, 12, tzinfo=UTC)
FAST = FastClock(real_at=REAL, company_at=THEN, speed=719)


@pytest.mark.parametrize(
    "passed",
    [timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(days=4000, microseconds=333_333)],
)
def test_a_fast_clock_is_exact(passed: timedelta) -> None:
    """So many times as much time passes, to the microsecond, after eleven years too."""
    assert THEN + passed * 719 == FAST.at(REAL + passed)


def test_a_fast_clock_knows_no_zone() -> None:
    """The same instant in another offset is the same instant of the company."""
    assert FAST.at(REAL) == FAST.at(REAL.astimezone(ZoneInfo("Asia/Tokyo")))


def test_the_wall_s_clock_is_everybody_s() -> None:
    """Two readings of the real time enclose it."""
    before = datetime.now(UTC)
    read = WallClock().now()
    assert before <= read <= datetime.now(UTC)


async def test_a_company_lives_by_the_clock_that_was_set(database: str) -> None:
    """First by the wall's; once a fast one is set it is read back as it was, and periods follow it."""
    async with opened(database):
        assert await company() is None
        await found()
        usual = await company()
        await set_clock(real_at=REAL, company_at=THEN, speed=719)
        fast = await company()

    assert usual is not None
    assert fast is not None
    assert (WallClock(), FAST) == (usual.clock, fast.clock)
    assert Period(2026, 11) == fast.period_at(datetime(2026, 10, 31, 23, tzinfo=UTC))
