"""Plain pacing."""

from hypothesis import given
from hypothesis import strategies as st

from backend.forecast.pace import pace
from backend.forecast.standing import Pace


def test_ten_days_of_thirty() -> None:
    """A third of the month with 1,000 points lands at 3,000, and what is missing to 4,000 is spread over 20 days."""
    expected = Pace(
        day=10, days=30, days_left=20, per_day_points=10_000, lands_at_points=300_000, needed_per_day_points=15_000
    )
    assert expected == pace(gv_points=100_000, day=10, days=30, need_points=400_000)


def test_first_day() -> None:
    """The first day's sales are taken for every day, and it leaves all the others."""
    first = pace(gv_points=5_000, day=1, days=31, need_points=20_000)
    assert (5_000, 155_000, 30, 500) == (
        first.per_day_points,
        first.lands_at_points,
        first.days_left,
        first.needed_per_day_points,
    )


def test_last_day() -> None:
    """The last day lands where it stands, and all that is missing is for today."""
    last = pace(gv_points=19_000, day=31, days=31, need_points=20_000)
    assert (19_000, 0, 1_000) == (last.lands_at_points, last.days_left, last.needed_per_day_points)


def test_reached_or_no_step_left_needs_nothing() -> None:
    """Who has the volume, or has no step above, needs nothing a day."""
    assert 0 == pace(gv_points=20_000, day=3, days=31, need_points=20_000).needed_per_day_points
    assert 0 == pace(gv_points=20_000, day=3, days=31, need_points=0).needed_per_day_points


def test_negative_volume_runs_back() -> None:
    """After returns the pace is negative, cut toward zero, and the way is longer."""
    back = pace(gv_points=-1_000, day=3, days=30, need_points=10_000)
    assert (-333, -10_000, 408) == (back.per_day_points, back.lands_at_points, back.needed_per_day_points)


@given(rate=st.integers(-(10**9), 10**9), days=st.integers(1, 31), data=st.data())
def test_constant_rate_lands_exactly(rate: int, days: int, data: st.DataObject) -> None:
    """Whoever sells the same each day lands on just that, whatever day it is."""
    day = data.draw(st.integers(1, days))
    assert rate * days == pace(gv_points=rate * day, day=day, days=days, need_points=0).lands_at_points


@given(
    gv=st.integers(-(10**9), 10**9),
    need=st.integers(0, 10**9),
    days=st.integers(1, 31),
    data=st.data(),
)
def test_needed_a_day_is_enough_and_not_more(gv: int, need: int, days: int, data: st.DataObject) -> None:
    """Selling what is needed on each day left reaches the step, and one hundredth a day less does not."""
    day = data.draw(st.integers(1, days))
    needed = pace(gv_points=gv, day=day, days=days, need_points=need).needed_per_day_points
    selling_days = max(1, days - day)
    assert gv + needed * selling_days >= need
    assert needed == 0 or gv + (needed - 1) * selling_days < need
