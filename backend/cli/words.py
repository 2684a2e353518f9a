"""
Words of the command line that several commands read: periods, spans of them, time zones.
"""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import rich_click as click

from backend.kernel.period import Period, periods_between

MOST_PERIODS = 120


class PeriodWord(click.ParamType[Any]):
    """A month such as `2026-10`."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read the month, or say what a month looks like."""
        if isinstance(value, Period):
            return value
        try:
            return Period.parse(value)
        except ValueError as wrong:
            self.fail(f"{wrong}.", param, ctx)


class PeriodsWord(click.ParamType[Any]):
    """A span of months such as `2026-08..2026-10`, both ends included."""

    name = "YYYY-MM..YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Period, ...]:
        """Read the two ends, or say what a span looks like."""
        if isinstance(value, tuple):
            return value
        first, _, last = value.partition("..")
        try:
            periods = tuple(periods_between(Period.parse(first), Period.parse(last)))
        except ValueError as wrong:
            self.fail(f"{wrong}; a span is written 2026-08..2026-10.", param, ctx)
        if not 0 < len(periods) <= MOST_PERIODS:
            self.fail(f"{value!r} spans no month, or more than {MOST_PERIODS}.", param, ctx)
        return periods


class ZoneWord(click.ParamType[Any]):
    """A time zone of the tz database such as `Europe/Berlin`."""

    name = "ZONE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Read the zone, or say what a zone looks like."""
        if isinstance(value, ZoneInfo):
            return value
        if value not in available_timezones():
            self.fail(f"{value!r} is no time zone; write one such as Europe/Berlin.", param, ctx)
        return ZoneInfo(value)


PERIOD = PeriodWord()
PERIODS = PeriodsWord()
ZONE = ZoneWord()
