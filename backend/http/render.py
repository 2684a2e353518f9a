"""
Render: templates to text, in the reader's language. Everything is escaped, and an unknown name is an error.

One template serves the first paint and the stream, so a fragment on an open page is what a reload would draw.
"""

from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.http.assets import address
from backend.http.figures import figures
from backend.http.folding import folded
from backend.http.words import catalogue

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


@cache
def environment(locale: Locale) -> Environment:
    """Return the templates bound to one locale: its words, its figures, and the addresses of assets."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(catalogue(locale.language), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(figures(locale), folded=folded)
    made.globals.update(asset=address, language=locale.language, direction=locale.text_direction)
    return made


def render(template: str, locale: Locale, **names: Any) -> str:
    """Draw a template with the names that it needs."""
    return environment(locale).get_template(template).render(**names)
