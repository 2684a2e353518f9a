"""
What a person probably meant: the nearest of the words that may stand in a place.
"""

from difflib import get_close_matches
from typing import Any

SHOWN = 16


def nearest(raw: Any, words: list[str]) -> str | None:
    """Return the word that looks like another one; None where none does."""
    return next(iter(get_close_matches(str(raw), words, n=1, cutoff=0.6)), None)


def one_of(raw: Any, words: list[str]) -> str:
    """Return the remedy for an unknown word: the one that looks like it, else all that may stand here."""
    close = nearest(raw, words)
    if close:
        return f'Did you mean "{close}"?'
    if not words:
        return "There is none yet."
    more = ", …" if len(words) > SHOWN else ""
    listed = ", ".join(f'"{word}"' for word in words[:SHOWN])
    return f"Write one of {listed}{more}."
