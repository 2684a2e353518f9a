"""
The plan's period: a calendar month in the company's time zone, half open.

An instant falls in exactly one period, across clock changes too, because a period's ends are instants: the first at
which the zone's calendar reads its first day. Where a clock is set back over midnight, the old month's last hour is
read twice; the second time belongs to the new month, which has begun.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct

MONTHS = 12
SHORTEST_MONTH = 28


class Period(Struct, frozen=True, order=True):
    """A month; its text is `2026-10`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-10`; raises ValueError on anything else."""
        year, dash, month = text.partition("-")
        if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
            raise ValueError(f"{text!r} is not a period such as 2026-10")
        if not 1 <= int(month) <= MONTHS or int(year) == 0:
            raise ValueError(f"{text!r} is not a month of the calendar")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """Return the period that holds an instant, in the zone's calendar; a naive instant is refused."""
        assert instant.tzinfo is not None, "an instant needs its offset"
        local = instant.astimezone(zone)
        period = cls(local.year, local.month)
        if 1 < local.day < SHORTEST_MONTH:
            return period
        moment = instant.astimezone(UTC)
        return period.plus((moment >= period.end(zone)) - (moment < period.start(zone)))

    def __str__(self) -> str:
        """`2026-10`."""
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, periods: int) -> Self:
        """Return the period that many later; earlier where negative."""
        year, month = divmod(self.year * MONTHS + self.month - 1 + periods, MONTHS)
        return type(self)(year, month + 1)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return self.plus(1).first_day - timedelta(days=1)

    def days(self) -> int:
        """Return how many days the period has."""
        return (self.plus(1).first_day - self.first_day).days

    def start(self, zone: ZoneInfo) -> datetime:
        """Return the first instant, in UTC: two times of one zone would be compared by what its clocks show."""
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the first instant that no longer belongs to it, in UTC."""
        return self.plus(1).start(zone)


class Calendar:
    """Says of many instants in which period they fall, quickly where they lie close to each other."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Know the zone."""
        self._zone = zone
        self._period: Period | None = None
        self._start = self._end = datetime.min.replace(tzinfo=UTC)

    def period_of(self, instant: datetime) -> Period:
        """Return the period that holds an instant, as `Period.of` does."""
        if self._period is None or not self._start <= instant < self._end:
            self._period = Period.of(instant, self._zone)
            self._start, self._end = self._period.start(self._zone), self._period.end(self._zone)
        return self._period

    def day_of(self, instant: datetime) -> date:
        """Return the day on which an instant falls in the zone."""
        return instant.astimezone(self._zone).date()


def periods_between(first: Period, last: Period) -> Iterator[Period]:
    """Yield the periods from first to last, both included; none where last is before first."""
    period = first
    while period <= last:
        yield period
        period = period.plus(1)


def ends_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a zone's day and of the next, in UTC; a day that was left out has no instant."""
    first, last = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return first, last
