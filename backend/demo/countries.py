"""
Where the demo's promoters live: the plan's market, the clock that they order by, and names as people there bear them.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

from mimesis import Person
from mimesis.enums import Gender
from mimesis.locales import Locale
from msgspec import Struct

INDIAN_NAMES = Path(__file__).parents[2] / "manifest" / "demo" / "indian_names.toml"
NAMERS_LAST = {Locale.JA, Locale.KO, Locale.ZH}
"""Where the family's name stands first."""


class Country(Struct, frozen=True, kw_only=True):
    """A country: its code, its market in the plan, hours ahead of UTC, how many in a hundred live there, its names."""

    code: str
    market: str
    hours_ahead: int
    weight: int
    names: tuple[tuple[Locale | None, int], ...]
    """Locales of names with their weights; None is India, which the library of names does not have."""


COUNTRIES = (
    Country(
        code="US",
        market="US",
        hours_ahead=-5,
        weight=34,
        names=((Locale.EN, 10), (Locale.ES_MX, 4), (Locale.ZH, 1), (Locale.KO, 1), (None, 1)),
    ),
    Country(code="DE", market="EU", hours_ahead=1, weight=17, names=((Locale.DE, 8), (Locale.TR, 2), (Locale.PL, 1))),
    Country(code="IN", market="US", hours_ahead=5, weight=12, names=((None, 1),)),
    Country(code="BR", market="US", hours_ahead=-3, weight=11, names=((Locale.PT_BR, 1),)),
    Country(code="GB", market="US", hours_ahead=0, weight=9, names=((Locale.EN_GB, 6), (None, 1), (Locale.PL, 1))),
    Country(code="JP", market="US", hours_ahead=9, weight=6, names=((Locale.JA, 1),)),
    Country(code="FR", market="EU", hours_ahead=1, weight=5, names=((Locale.FR, 5), (Locale.AR_DZ, 1))),
    Country(code="PL", market="EU", hours_ahead=1, weight=3, names=((Locale.PL, 8), (Locale.UK, 1))),
    Country(code="NL", market="EU", hours_ahead=1, weight=3, names=((Locale.NL, 1),)),
)


def namer(random: Random) -> Callable[[Country], str]:
    """Return a function that gives the next name of somebody in a country; the same seed gives the same names."""
    indian = tomllib.loads(INDIAN_NAMES.read_text(encoding="utf-8"))
    people = {
        locale: Person(locale, seed=random.randrange(2**32))
        for country in COUNTRIES
        for locale, _ in country.names
        if locale is not None
    }

    def name(country: Country) -> str:
        locales, weights = zip(*country.names, strict=True)
        locale = random.choices(locales, weights)[0]
        female = random.randrange(100) < 72
        if locale is None:
            given = random.choice(indian["female" if female else "male"])
            return f"{given} {random.choice(indian['surnames'])}"
        gender = Gender.FEMALE if female else Gender.MALE
        whole = people[locale].full_name(gender=gender, reverse=locale in NAMERS_LAST)
        return whole.replace(" ", "") if locale is Locale.ZH else whole

    return name
