"""
The plan of every setting, its terms, and what stands in them at a path.
"""

import tomllib
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

from backend.plan.decode import Decoder
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.source import index
from backend.plan.terms import Terms, VolumeNumber

TEXT = (Path(__file__).parent / "every.toml").read_text()
DAY = date(2026, 10, 31)
TERMS = terms_on(read_plan(TEXT, "every.toml"), DAY)
BRACKET, SINCE_APRIL = int(VolumeNumber.NAMED), int(VolumeNumber.NAMED) + 2
"""The numbers of two of its volumes."""


def read(text: str) -> Document:
    """Return the document of a text that is well formed, whether or not its rules make sense side by side."""
    decoder = Decoder(index(text, "plan.toml"), mended=False)
    document: Document = decoder.read(Document, tomllib.loads(text), ())
    assert [] == list(map(str, decoder.findings))
    return document


def at(path: str | tuple[str | int, ...], terms: Terms = TERMS) -> Any:
    """Return what stands in the terms at a path, such as `pools.0.share_bp`."""
    parts = path.split(".") if isinstance(path, str) else path
    return reduce(_inner, parts, terms)


def _inner(value: Any, part: str | int) -> Any:
    return value[int(part)] if isinstance(value, tuple) else getattr(value, str(part))
