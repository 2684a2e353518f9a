"""
Figures: how a locale writes points, money, percents, days and ages. Jinja filters, made for one locale each.

The figures of a page repeat themselves between revisions, and writing one takes longer than looking it up, so they
are remembered.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial

from babel import Locale
from babel.dates import format_skeleton, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from backend.kernel.period import Period
from backend.kernel.points import BASIS, HUNDREDTHS, Rounding, divided

REMEMBERED = 4096
MILLION = 1_000_000
FINE = 100
"""In so many parts of a basis point a figure of a trace may be written."""


def figures(locale: Locale) -> dict[str, Callable[..., str]]:
    """Return the filters by the names that templates use, bound to a locale."""
    return {one.__name__: partial(one, locale) for one in FILTERS}


@lru_cache(REMEMBERED)
def points(locale: Locale, hundredths: int) -> str:
    """Write hundredths of a point as points; a fraction only where there is one."""
    return format_decimal(Decimal(hundredths) / HUNDREDTHS, format="#,##0.##", locale=locale)


@lru_cache(REMEMBERED)
def whole_points(locale: Locale, hundredths: int) -> str:
    """Write hundredths of a point as whole points, where a fraction would be in the way."""
    return format_decimal(divided(hundredths, HUNDREDTHS, Rounding.HALF_EVEN), locale=locale)


@lru_cache(REMEMBERED)
def count(locale: Locale, number: int) -> str:
    """Write a whole number."""
    return format_decimal(number, locale=locale)


@lru_cache(REMEMBERED)
def money(locale: Locale, amount_minor: int, currency: str) -> str:
    """Write minor units of a currency with its sign."""
    amount = Decimal(amount_minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=locale)


@lru_cache(REMEMBERED)
def percent(locale: Locale, basis_points: int, finer: int = 1) -> str:
    """Write basis points, or `finer` parts of one, as a percent; a fraction only where there is one."""
    return format_percent(Decimal(basis_points) / (BASIS * finer), format=_percent_pattern(locale), locale=locale)


@lru_cache(REMEMBERED)
def whole_percent(locale: Locale, basis_points: int) -> str:
    """Write basis points as a whole percent, never more than has been gone: 99.9 is 99."""
    return format_percent(Decimal(basis_points // 100) / 100, locale=locale)


@lru_cache(REMEMBERED)
def bare_percent(locale: Locale, basis_points: int) -> str:
    """Write basis points as a percent without its sign, where the drawing says so."""
    return format_decimal(Decimal(basis_points) / 100, format="#,##0.##", locale=locale)


@lru_cache(REMEMBERED)
def figure(locale: Locale, text: str) -> str:
    """Write a figure that a trace says in plain text, `120.5` or `12.5 %`, as this locale does."""
    number = Decimal(text.removesuffix(" %"))
    if text.endswith("%"):
        return percent(locale, int(number * BASIS), FINE)
    return format_decimal(number, format="#,##0.##", locale=locale)


@lru_cache(REMEMBERED)
def exact_money(locale: Locale, text: str, currency: str) -> str:
    """Write minor units as a trace says them before they were rounded, `6832.5` or `12 1/3`, to a millionth."""
    exact = sum((Fraction(part) for part in text.removeprefix("-").split()), Fraction(0))
    units = exact * MILLION / 10 ** get_currency_precision(currency)
    amount = Decimal(round(units)) / MILLION * (-1 if text.startswith("-") else 1)
    return format_currency(amount, currency, locale=locale, currency_digits=False, decimal_quantization=False)


@lru_cache(REMEMBERED)
def day(locale: Locale, text: str) -> str:
    """Write the day of `2026-11-22`, without the year."""
    return format_skeleton("MMMd", datetime.fromisoformat(text), locale=locale)


@lru_cache(REMEMBERED)
def month(locale: Locale, text: str) -> str:
    """Write the month of a period such as `2026-10`, with the year."""
    return format_skeleton("yMMMM", datetime.combine(Period.parse(text).first_day, datetime.min.time()), locale=locale)


def clock(locale: Locale, instant: datetime, now: datetime) -> str:
    """Write an instant as hours and minutes of the zone of `now`; with its day where that is another one."""
    local = instant.astimezone(now.tzinfo)
    time = format_time(local, "short", locale=locale)
    return time if local.date() == now.date() else f"{day(locale, local.date().isoformat())}, {time}"


def age(locale: Locale, instant: datetime, now: datetime) -> str:
    """Write how long ago an instant is, in one rounded unit; a second at least, and nothing is ever ahead."""
    gone = min(instant - now, timedelta(seconds=-1))
    return format_timedelta(gone, locale=locale, add_direction=True, threshold=1.2)


def _percent_pattern(locale: Locale) -> str:
    """Return the locale's percent pattern with at most four decimals, as fine as a plan writes its rates."""
    return str(locale.percent_formats[None].pattern).replace("#,##0", "#,##0.####")


FILTERS: tuple[Callable[..., str], ...] = (
    points,
    whole_points,
    count,
    money,
    percent,
    whole_percent,
    bare_percent,
    figure,
    exact_money,
    day,
    month,
    clock,
    age,
)
