"""
The command line's voice: figures as a terminal shows them, texts by their number, and names left alone.
"""

import pytest

from backend.plan.rules.said import Amount, Count, MonthOfYear, Percent, Points, Word, count, say
from backend.plan.text.voice import in_plain


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (25_050, "USD", "250.50 USD"),
        (123_456_700, "USD", "1,234,567.00 USD"),
        (1_500, "JPY", "1,500 JPY"),
        (7, "KWD", "0.007 KWD"),
    ],
)
def test_money_is_written_by_its_currencys_decimals(minor: int, currency: str, words: str) -> None:
    """Cents, yen and fils each have their own number of decimals."""
    assert words == in_plain(Amount(minor, currency))


@pytest.mark.parametrize(
    ("word", "words"),
    [
        (Points(250_000), "2,500"),
        (Points(80_050), "800.5"),
        (Points(1), "0.01"),
        (Percent(1_250), "12.5 %"),
        (Count(1_200), "1,200"),
        (MonthOfYear(1), "January"),
        (MonthOfYear(12), "December"),
    ],
)
def test_every_figure_has_its_form(word: Word, words: str) -> None:
    """Points and counts are grouped by thousands, a rate has its sign, a month its name."""
    assert words == in_plain(word)


@pytest.mark.parametrize(("number", "words"), [(0, "0 legs"), (1, "1 leg"), (2, "2 legs")])
def test_a_text_follows_its_number(number: int, words: str) -> None:
    """One of a kind is said in the singular, none and many in the plural."""
    assert words == in_plain(count("%(count)s leg", "%(count)s legs", number))


def test_a_name_is_never_a_text() -> None:
    """A name that looks like a place to fill stands as the plan has it."""
    assert "%(name)s 100 %: paid" == in_plain(say("%(name)s: paid", name="%(name)s 100 %"))
