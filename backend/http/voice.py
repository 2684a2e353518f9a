"""
A reader's voice: the rules of a plan in the words of the catalogues, with the figures of a locale, as HTML.
"""

from collections.abc import Mapping

from babel import Locale
from babel.dates import get_month_names
from jinja2.filters import do_mark_safe

from backend.http.figures import count, money, percent, points
from backend.http.words import catalogue
from backend.plan.rules.said import Amount, Count, MonthOfYear, Percent, Points, Said

LEADING = ("%(name)s:", "%(name)s,")
"""A sentence that begins so says what has that name, and the name stands out."""


class Spoken:
    """How rules are said to one reader: figures stand out, and names of the plan are escaped."""

    def __init__(self, locale: Locale) -> None:
        """Speak the language of a locale."""
        self.locale = locale
        self.texts = catalogue(locale.language)

    def text(self, said: Said, places: Mapping[str, str]) -> str:
        """Return a text in the reader's language; what stands in its places is escaped unless it was said before."""
        if said.text.startswith(LEADING):
            places = {**places, "name": do_mark_safe("<strong>%s</strong>") % places["name"]}
        many = self.texts.ngettext(said.text, said.many, said.number) if said.many else self.texts.gettext(said.text)
        return do_mark_safe(many) % places

    def figure(self, word: Points | Percent | Amount | Count | MonthOfYear) -> str:
        """Return a figure as the reader's locale writes it, set apart from words."""
        return do_mark_safe("<b>%s</b>") % self._written(word)

    def name(self, name: str) -> str:
        """Return a name as it is; it is escaped where it comes to stand."""
        return name

    def _written(self, word: Points | Percent | Amount | Count | MonthOfYear) -> str:
        match word:
            case Points():
                return points(self.locale, word.hundredths)
            case Percent():
                return percent(self.locale, word.basis_points, word.finer)
            case Amount():
                return money(self.locale, word.minor, word.currency)
            case Count():
                return count(self.locale, word.number)
        return str(get_month_names("wide", locale=self.locale)[word.number])
