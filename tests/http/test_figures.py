"""
Figures: the same whole numbers, written as each locale writes them.
"""

from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale

from backend.http.figures import figures

NOW = datetime(2026, 10, 22, 14, 32, tzinfo=UTC)
NARROW, WIDE = "\u202f", "\u00a0"


def written(language: str, name: str, *what: object) -> str:
    """Write something with a locale's filter, its narrow and hard spaces as plain ones."""
    return figures(Locale.parse(language))[name](*what).replace(NARROW, " ").replace(WIDE, " ")


@pytest.mark.parametrize(
    ("language", "name", "what", "text"),
    [
        ("en", "points", (624050,), "6,240.5"),
        ("de", "points", (624050,), "6.240,5"),
        ("en", "points", (-4200,), "-42"),
        ("en", "whole_points", (28366,), "284"),
        ("en", "money", (41286, "USD"), "$412.86"),
        ("de", "money", (41286, "EUR"), "412,86 €"),
        ("en", "money", (41286, "JPY"), "¥41,286"),
        ("en", "money", (41286, "KWD"), "KWD41.286"),
        ("en", "percent", (1600,), "16%"),
        ("en", "percent", (1250,), "12.5%"),
        ("en", "percent", (625, 100), "0.0625%"),
        ("de", "figure", ("0.0625 %",), "0,0625 %"),
        ("de", "percent", (1600,), "16 %"),
        ("en", "whole_percent", (9990,), "99%"),
        ("en", "bare_percent", (1250,), "12.5"),
        ("en", "count", (1893,), "1,893"),
        ("de", "day", ("2026-10-07",), "7. Okt."),
        ("de", "month", ("2026-10",), "Oktober 2026"),
        ("en", "month", ("2026-10",), "October 2026"),
    ],
)
def test_each_locale_writes_its_own_way(language: str, name: str, what: tuple[object, ...], text: str) -> None:
    """Points, money, percents and dates follow the locale; decimals follow the currency."""
    assert text == written(language, name, *what)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second ago"),
        (12, "12 seconds ago"),
        (90, "2 minutes ago"),
        (7200, "2 hours ago"),
        (-5, "1 second ago"),
    ],
)
def test_an_age_is_one_rounded_unit(seconds: int, text: str) -> None:
    """An age is told in one unit, and nothing is ever ahead of the clock."""
    assert text == written("en", "age", NOW - timedelta(seconds=seconds), NOW)


def test_an_instant_of_another_day_names_the_day() -> None:
    """A time of today stands alone; one of yesterday comes with its day."""
    assert "2:30 PM" == written("en", "clock", NOW - timedelta(minutes=2), NOW)
    assert "Oct 21, 2:32 PM" == written("en", "clock", NOW - timedelta(days=1), NOW)
