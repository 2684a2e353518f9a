"""
Set the clock: a demo's company lives faster than its audience.
"""

from datetime import datetime

from backend.store.tables import Company


async def set_clock(*, real_at: datetime, company_at: datetime, speed: int) -> None:
    """From one real instant on, let the company's time run `speed` times as fast, from an instant of its own."""
    await Company.filter(id=1).update(clock_real_at=real_at, clock_company_at=company_at, clock_speed=speed)
