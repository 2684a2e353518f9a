"""
An instant falls in exactly one period, in every zone and across clock changes.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.dated import Since
from backend.kernel.period import Period, periods_between

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia", "America/New_York"]
)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS, ZONES.map(ZoneInfo))
def test_an_instant_lies_within_its_period_and_no_neighbour(instant: datetime, zone: ZoneInfo) -> None:
    """
    Periods are half open and leave no gap: the end of one is the start of the next.
    """
    period = Period.of(instant, zone)

    assert period.start(zone) <= instant < period.end(zone)
    assert period.end(zone) == period.plus(1).start(zone)


def test_the_first_instant_of_a_month_belongs_to_it_and_the_one_before_does_not() -> None:
    """
    Midnight in Berlin is still the day before in UTC.
    """
    berlin = ZoneInfo("Europe/Berlin")
    midnight = datetime(2026, 11, 1, tzinfo=berlin)

    assert Period(2026, 11) == Period.of(midnight.astimezone(UTC), berlin)
    assert Period(2026, 10) == Period.of(midnight.astimezone(UTC) - timedelta(microseconds=1), berlin)


@given(st.integers(1, 9000), st.integers(1, 12), st.integers(-500, 500))
def test_moving_forth_and_back_ends_where_it_began(year: int, month: int, step: int) -> None:
    """
    `plus` is calendar arithmetic over years.
    """
    period = Period(year + 500, month)

    assert period == period.plus(step).plus(-step)


def test_a_period_is_written_and_read_as_year_and_month() -> None:
    """
    The text goes round.
    """
    assert "2026-02" == str(Period.parse("2026-02"))
    assert 28 == Period.parse("2026-02").days()
    assert ["2025-12", "2026-01"] == [str(period) for period in periods_between(Period(2025, 12), Period(2026, 1))]


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "0000-01", "2026/10", "26-10", "2026-1", "\uff12026-10", "2026-10-01", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    """
    Full-width digits and months that do not exist are no periods.
    """
    with pytest.raises(ValueError, match="is not a"):
        Period.parse(text)


def test_a_dated_value_holds_from_its_day_until_the_next() -> None:
    """
    The day of a change has the new value, the day before still the old one, and before the first there is none.
    """
    rate = Since(((date(2026, 1, 1), 500), (date(2026, 7, 1), 600)))

    assert [None, 500, 500, 600] == [
        rate.on(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    ]


def test_a_market_holds_its_own_value_once_it_has_one() -> None:
    """
    A market follows the general value until its own begins; from then on its own holds, "nothing" included.
    """
    rate = Since(((date(2026, 1, 1), 500), (date(2026, 7, 1), 600)), (("JP", ((date(2026, 4, 1), None),)),))
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 7, 1))

    assert [500, None, None] == [rate.on(day, "JP") for day in days]
    assert [500, 500, 600] == [rate.on(day, "EU") for day in days]
    assert [("", 500), ("", 600), ("JP", None)] == [(market, value) for _, market, value in rate.every()]
