"""
Every instant falls in exactly one period: twelve zones, ten years each, every month's ends and every clock change.

The zones are those whose clocks do what one does not expect: change at midnight, change by half an hour, skip a day,
read the end of a month twice, or begin a month at one o'clock.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from backend.kernel.period import Period, periods_between

YEARS = {
    "Africa/Cairo": 2014,
    "America/Havana": 2020,
    "Pacific/Apia": 2005,
    "Australia/Lord_Howe": 2020,
    "America/St_Johns": 2003,
    "America/Asuncion": 2010,
    "Europe/Berlin": 2020,
    "America/New_York": 2020,
    "America/Sao_Paulo": 2010,
    "Asia/Kathmandu": 1980,
    "Africa/Casablanca": 2006,
    "Asia/Gaza": 2008,
}
"""The first of the ten years that are looked at."""

A_MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def changes(zone: ZoneInfo, first: int) -> Iterator[datetime]:
    """Yield the first instant of each clock change of ten years, in UTC, to the second."""
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(first + 10, 1, 1, tzinfo=UTC)
    while moment < end:
        if offset(moment, zone) != offset(moment + 6 * HOUR, zone):
            yield turn(moment, moment + 6 * HOUR, zone)
        moment += 6 * HOUR


def turn(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which a zone's offset changes between two instants."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if offset(middle, zone) == offset(before, zone) else (before, middle)
    return after


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    """Return how far a zone's clock is ahead at an instant."""
    return moment.astimezone(zone).utcoffset()


@pytest.mark.parametrize(("name", "first"), YEARS.items())
def test_every_instant_falls_in_exactly_one_period(name: str, first: int) -> None:
    """The periods of ten years meet without gap or overlap, and `of` names the one that holds each instant."""
    zone = ZoneInfo(name)
    periods = list(periods_between(Period(first, 1), Period(first + 9, 12)))
    ends = [period.start(zone) for period in periods] + [periods[-1].end(zone)]
    assert [period.end(zone) for period in periods] == ends[1:]
    assert all(one < other for one, other in pairwise(ends))

    near = [*ends[:-1], *changes(zone, first)]
    steps = [timedelta(minutes=15 * step) for step in range(-8, 9)]
    moments = [moment + step + by for moment in near for step in steps for by in (-A_MICROSECOND, timedelta(0))]
    for moment in moments:
        if ends[0] <= moment < ends[-1]:
            holding = periods[bisect_right(ends, moment) - 1]
            assert holding == Period.of(moment, zone), moment
            assert holding == Period.of(moment.astimezone(zone), zone), moment


def test_a_last_hour_that_is_read_twice_belongs_to_both_months() -> None:
    """In St. John's a minute past midnight the clock went back to 23:01: November had begun and did not end again."""
    zone = ZoneInfo("America/St_Johns")
    again = datetime(2009, 10, 31, 23, 30, tzinfo=zone, fold=1)
    once = datetime(2009, 10, 31, 23, 30, tzinfo=zone)

    assert [Period(2009, 10), Period(2009, 11)] == [Period.of(moment, zone) for moment in (once, again)]


def test_a_month_may_begin_at_one_o_clock() -> None:
    """In Cairo the first hour of August 2014 was left out: the month began with what its clocks called one."""
    zone = ZoneInfo("Africa/Cairo")
    began = Period(2014, 8).start(zone)

    assert "2014-08-01T01:00:00+03:00" == began.astimezone(zone).isoformat()
    assert Period(2014, 7) == Period.of(began - A_MICROSECOND, zone)


def test_a_day_that_a_country_left_out_leaves_no_gap() -> None:
    """Apia went from 29 to 31 December 2011; the month is a day shorter, and nothing falls between."""
    zone = ZoneInfo("Pacific/Apia")
    december = Period(2011, 12)

    assert timedelta(days=30) == december.end(zone) - december.start(zone)
    assert date(2011, 12, 31) == (datetime(2011, 12, 30, 10, tzinfo=UTC)).astimezone(zone).date()
