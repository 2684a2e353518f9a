"""
Words: who reads what language, and that no text of a screen stands outside of the catalogues.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from backend.http import plan, voice
from backend.http import render as rendering
from backend.http.member import today
from backend.http.operator import company
from backend.http.words import LOCALES, language_of, languages
from backend.plan import rules
from tests.http import cast

TEMPLATES = Path(rendering.TEMPLATES)
OPTIONS = {"newstyle_gettext": "true", "trimmed": "true"}
RULES = Path(rules.__file__).parent
KEYWORDS = {"say": None, "written": None, "count": (1, 2)}
"""The words by which a text of a rule is found."""
PLACE = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de_AT"),
        ("fr-FR,de;q=0.4,en;q=0.2", "de"),
        ("en;q=0.3,de;q=0.7", "de"),
        ("xx,yy", "en"),
        ("de;q=0, en-GB", "en_GB"),
        ("de;q=nonsense,en", "en"),
        ("*", "en"),
        ("de-XX", "de"),
        ("de-zzzzzzzz-x", "de"),
        ("../../etc/passwd", "en"),
    ],
)
def test_the_reader_gets_the_language_that_suits_best(header: str, locale: str) -> None:
    """A header's weights decide, a region is kept for figures, and nonsense reads English."""
    assert locale == str(language_of(header))


def texts() -> set[str]:
    """Return every text that a template or a rule of a plan says."""
    found = [*extract_from_dir(TEMPLATES, [("**.html", "jinja2")], {"**.html": OPTIONS})]
    found += extract_from_dir(RULES, [("**.py", "python")], keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def messages(language: str) -> Iterator[tuple[str, Message]]:
    """Yield the entries of a catalogue by their first form."""
    with (LOCALES / f"{language}.po").open("rb") as source:
        for message in read_po(source, locale=language):
            if message.id:
                yield (message.id if isinstance(message.id, str) else message.id[0]), message


@pytest.mark.parametrize("language", languages())
def test_every_text_stands_in_every_catalogue(language: str) -> None:
    """What a template says stands in each catalogue, and nothing else does but the reasons that standings name."""
    assert texts() == {text for text, _ in messages(language) if not text.startswith("reason.")}


@pytest.mark.parametrize("language", [one for one in languages() if one != "en"])
def test_every_text_is_said_in_every_language(language: str) -> None:
    """No entry of a translation is empty or fuzzy, and each fills the same places as the original."""
    for text, message in messages(language):
        places = set(PLACE.findall(str(message.id)))
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(said), text
        assert not message.fuzzy, text
        assert all(set(PLACE.findall(one)) <= places for one in said), text


def test_reasons_are_said_in_every_language() -> None:
    """The reasons of leg health are keys, so English says them too."""
    by_language = [
        {text: message.string for text, message in messages(language) if text.startswith("reason.")}
        for language in languages()
    ]
    assert all(reasons.keys() == by_language[0].keys() for reasons in by_language)
    assert all(all(reasons.values()) for reasons in by_language)


class Marked:
    """A catalogue that wraps each text, so that what is not wrapped has escaped it."""

    def gettext(self, text: str) -> str:
        """Wrap a text."""
        return f"⟦{text}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Wrap the form of a number."""
        return f"⟦{one if number == 1 else many}⟧"


OWN = {"Handrail", "GV", "PV", "CV", "as", "of"}
"""The product's name, and the plan's abbreviations."""


@pytest.mark.parametrize("screen", ["today", "company", "plan"])
def test_no_text_escapes_the_catalogues(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a page whose texts are all marked, what stays unmarked is names, figures and the plan's own words."""
    for speaking in (rendering, voice):
        monkeypatch.setattr(speaking, "catalogue", lambda _: Marked())
    rendering.environment.cache_clear()
    locale = Locale("ja")  # months and units in a script that no template is written in
    if screen == "today":
        html = today.draw(cast.member_page(), cast.terms(), locale)
    elif screen == "plan":
        html = plan.draw(cast.plan_page(), locale, market=0, home="/today", step=4)
    else:
        html = company.draw(cast.company_page(), cast.terms(), locale)
    rendering.environment.cache_clear()
    assert set() == _unmarked(html) - OWN - _names()


def _unmarked(html: str) -> set[str]:
    """Return the Latin words outside of marks, tags, attributes and the plan's own text."""
    body = re.sub(r'<p lang="en">.*?</p>', "", html[html.index("<body") :], flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", body)
    while (within := re.sub(r"⟦[^⟦⟧]*⟧", " ", shown)) != shown:
        shown = within
    return set(re.findall(r"[A-Za-zÀ-ɏḀ-ỿ]{2,}", shown))


def _names() -> set[str]:
    """Return the words of the cast's names, and of what the plan names."""
    page, firm, law = cast.member_page(), cast.company_page(), cast.plan_page()
    said = [
        page.name,
        firm.name,
        law.title,
        *(leg.name for leg in page.legs),
        *(one.member_name for one in firm.orders),
    ]
    for terms in (cast.terms(), law.terms):
        named = (*terms.titles, *terms.overrides, *terms.pools)
        said += [*(one.name for one in named), *(step.id for step in terms.steps), *(one.id for one in terms.markets)]
    return {word for name in said for word in re.findall(r"\w{2,}", name)}
