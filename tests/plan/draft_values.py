"""
The numbers and words of a drafted plan: amounts close to what drawn companies sell, ascending with the ladder.

A number is drawn for its field and for how high its part of the plan stands, so that two draws of one place differ, and
a place higher up the ladder still asks for more.
"""

from random import Random
from typing import Any, NamedTuple

from backend.kernel.points import percent_text, points_text
from backend.plan import forms
from backend.plan.currencies import DECIMALS


class Site(NamedTuple):
    """Where a value stands: its table and the row in it, its struct and field, and which of a list it is."""

    table: str
    row: int
    struct: str = ""
    field: str = ""
    index: int = 0
    level: float = 1.0
    measure: str = ""


POINTS_A_LEVEL = {"pv": 3000, "customer_pv": 2000, "gv": 9000, "tgv": 18_000, "side_volume": 7000, "volume": 9000}
"""Hundredths of a point by which what a measure asks for grows from level to level."""

POINTS = {
    "counted_up_to": (3000, 12_000),
    "leg_limit": (8000, 20_000),
    "leg_volume": (1000, 20_000),
    "band_from": (1000, 4000),
    "per": (1000, 3000),
    "cv_per_point": (50, 300),
}
GUARANTEED = (5000, 40_000)

PERCENTS = {
    "at_most": (2600, 4000),
    "customer_share": (5000, 7000),
    "verified_share": (4000, 7000),
    "rate": (300, 2500),
    "least_difference": (0, 200),
    "band_part": (3000, 7000),
}
SHARES = {"Pool": (50, 200), "Cap": (900, 6000)}
PAID = (0, 50, 100, 100, 333, 500)
"""Rates of bonuses, basis points."""

COUNTS = {
    "window_periods": (2, 4),
    "grace_periods": (0, 1),
    "locked_periods": (0, 3),
    "return_days": (0, 60),
    "pool_weight": (1, 3),
    "periods": (2, 4),
    "pool_points": (0, 4),
    "leg_points": (1, 3),
    "leg_periods": (1, 2),
    "of_last": (3, 6),
    "within_days": (20, 90),
    "successive_periods": (1, 3),
    "instalments": (1, 4),
    "clawback_periods": (1, 3),
    "from_level": (1, 2),
    "units": (1, 300),
    "points": (1, 4),
    "year_begins_month": (1, 4),
}
MONEY = {
    "point_value": (50, 200),
    "rounded_to": (5, 100),
    "amount": (500, 3000),
    "set_amount": (50, 200),
    "per_member": (1000, 9000),
    "held_bonus": (3000, 12_001),
    "fast_start": (2000, 5000),
    "amounts": (50, 300),
}
"""Hundredths of the currency's unit, whatever its decimals."""

EXTREMES: dict[str, tuple[Any, ...]] = {
    "points": (0, 1, "0.01", 999_999),
    "percent": ("0 %", "0.01 %", "50 %", "100 %"),
    "count": (0, 1, 2, 63, 64, 1000),
    "money": ("0 USD", "1 EUR", "999999 USD", "1 JPY"),
    "text": ("Odd",),
    "id": ("nowhere", "own", "gv", "s0", "t0"),
}
"""What hardly any plan says."""


class Numbers:
    """Draws numbers as a plan file writes them; `currencies` are those of the markets, the plan's own first."""

    def __init__(self, random: Random, currencies: list[str]) -> None:
        """Take the source of chance."""
        self.random = random
        self.currencies = currencies

    def written(self, form: forms.Form, site: Site) -> Any:
        """Return a number of a form as a plan file writes it."""
        if form is forms.POINTS:
            points = self.points(site)
            return points // 100 if points % 100 == 0 else points_text(points)
        if form is forms.FINE_PERCENT:
            finer = self.random.choice((0, 0, 0, 25, 33))
            return percent_text(forms.FINE * self.percent(site) + finer, forms.FINE)
        if form is forms.PERCENT:
            return percent_text(self.percent(site))
        return self.count(site) if form is forms.COUNT else self.money(site)

    def extreme(self, form: forms.Form) -> Any:
        """Return what a plan hardly says, in the form in which it would."""
        return self.random.choice(EXTREMES.get(form.name, (0,)))

    def points(self, site: Site) -> int:
        """Return hundredths of a point: more on a higher level, and further on in a list."""
        if site.field == "at_least" and site.measure:
            return round(POINTS_A_LEVEL[site.measure] * (site.level + 0.95 * self.random.random()))
        if site.struct in {"Bracket", "Tier"} and site.field in {"at_least", "up_to"}:
            last = site.field == "up_to"
            return 10_000 * (site.index + last) + self.random.randint(0, 9000)
        return self.random.randint(*POINTS.get(site.field, GUARANTEED))

    def percent(self, site: Site) -> int:
        """Return basis points."""
        if site.struct == "Step":
            return round(400 * (site.row + 0.9 * self.random.random())) if site.row else 0
        if site.struct == "ShareCondition":
            return round(1000 * (site.level + 0.9 * self.random.random())) + 1
        if site.struct == "Bracket":
            return 200 * site.index + self.random.randint(50, 199)
        if site.field == "distance":
            return max(0, 10_000 - 3333 * site.index)
        if site.field == "share":
            return self.random.randint(*SHARES[site.struct])
        many = PERCENTS.get(site.field)
        return self.random.randint(*many) if many else self.random.choice(PAID)

    def count(self, site: Site) -> int:
        """Return a count: of legs and generations more on a higher level."""
        if site.field in {"at_least", "generations"}:
            return min(int(site.level), 4) if site.field == "generations" else 1 + int(site.level) // 2
        if site.field == "legs":
            return site.index + 1
        return self.random.randint(*COUNTS[site.field])

    def money(self, site: Site) -> str:
        """Return an amount, in a market's own currency or else in the plan's."""
        currency = self.currencies[site.row if site.table == "markets" else 0]
        hundredths, decimals = self.random.randint(*MONEY[site.field]), DECIMALS[currency]
        minor = hundredths if decimals else max(1, hundredths // 10)
        whole, rest = divmod(minor, 10**decimals)
        return f"{whole}.{rest:0{decimals}d} {currency}" if decimals else f"{whole} {currency}"
