"""
Words: the catalogues of the languages, read as they are written, and the reader's language.

The texts of the screens are English in the templates; `manifest/locales/<language>.po` says them in each language.
There are no compiled files that could be older than their source: a catalogue is compiled in memory when it is first
needed.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "manifest" / "locales"
FIRST = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, the first one being what nobody has to ask for."""
    return (FIRST, *sorted(path.stem for path in LOCALES.glob("*.po") if path.stem != FIRST))


@cache
def catalogue(language: str) -> GNUTranslations:
    """Return the texts of a language that `languages` names."""
    with (LOCALES / f"{language}.po").open("rb") as source:
        written = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of(accepts: str) -> Locale:
    """
    Return the locale that suits an Accept-Language header best; English where none does.

    A region is kept for numbers and dates (`de-AT` reads German words and Austrian figures).
    """
    for tag in _preferred(accepts):
        found = negotiate_locale([tag, tag.split("_")[0]], languages())
        if found:
            return _regional(tag, found)
    return Locale(FIRST)


def _preferred(accepts: str) -> list[str]:
    """Return the tags of a header, the most wanted first; what cannot be read as a weight weighs nothing."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accepts[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            rank = float(weight) if weight else 1.0
        except ValueError:
            rank = 0.0
        if tag and rank > 0:
            wanted.append((-rank, position, tag.replace("-", "_")))
    return [tag for _, _, tag in sorted(wanted)]


def _regional(tag: str, found: str) -> Locale:
    """Return the tag's own locale where the library knows it, otherwise that of the catalogue."""
    try:
        return Locale.parse(tag)
    except (ValueError, UnknownLocaleError):
        return Locale.parse(found)
