"""
What is said of a rule, before anybody has said it: a sentence with named places, and what stands in each of them.

The command line and the screens say the same sentences, each in its reader's language and with that reader's figures.
A text is written once, in English, and is the key under which manifest/locales has it in every other language.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Protocol

from msgspec import Struct

from backend.kernel.points import HUNDREDTHS


class Points(Struct, frozen=True):
    """A volume, in hundredths of a point."""

    hundredths: int


class Percent(Struct, frozen=True):
    """A rate, in basis points, or in `finer` parts of one."""

    basis_points: int
    finer: int = 1


class Amount(Struct, frozen=True):
    """Money, in minor units of a currency."""

    minor: int
    currency: str


class Count(Struct, frozen=True):
    """A whole number."""

    number: int


class MonthOfYear(Struct, frozen=True):
    """A month by its number, from 1."""

    number: int


class Said(Struct, frozen=True, kw_only=True):
    """A sentence or a part of one: its text, its text for other numbers than one, and what stands in its places."""

    text: str
    many: str = ""
    number: int = 1
    places: dict[str, "Word"] = {}


Word = Said | Points | Percent | Amount | Count | MonthOfYear | str


class Voice(Protocol):
    """How a reader is spoken to: the texts of a language, and how it writes figures."""

    def text(self, said: Said, places: Mapping[str, str], /) -> str:
        """Return a text in the reader's language, its places filled."""

    def figure(self, word: Points | Percent | Amount | Count | MonthOfYear, /) -> str:
        """Return a figure as the reader writes it."""

    def name(self, name: str, /) -> str:
        """Return a name of the plan as it is written."""


def spoken(word: Word, voice: Voice) -> str:
    """Return a word in a voice, what stands in its places first."""
    match word:
        case Said():
            return voice.text(word, {name: spoken(each, voice) for name, each in word.places.items()})
        case str():
            return voice.name(word)
    return voice.figure(word)


def say(text: str, /, **places: Word) -> Said:
    """Return a text with what stands in its places, `%(name)s` each."""
    return Said(text=text, places=places)


def written(text: str, /) -> str:
    """Return a text that is said later, where a rule decides which; by this word it is found and translated."""
    return text


def count(one: str, many: str, number: int, /, **places: Word) -> Said:
    """Return a text that depends on a number, which stands in `%(count)s`."""
    return Said(text=one, many=many, number=number, places={"count": Count(number), **places})


def all_of(words: Sequence[Word]) -> Word:
    """Join words that hold together: `a and b and c`."""
    return reduce(lambda first, second: say("%(first)s and %(second)s", first=first, second=second), words)


def any_of(words: Sequence[Word]) -> Word:
    """Join ways of which one is enough: `a, or b`."""
    return reduce(lambda first, second: say("%(first)s, or %(second)s", first=first, second=second), words)


def row_of(words: Sequence[Word]) -> Word:
    """Join words by commas."""
    return reduce(lambda first, second: say("%(first)s, %(second)s", first=first, second=second), words)


def listed(words: Sequence[Word]) -> Word:
    """Return words as a list in a sentence: `a, b and c`."""
    return all_of([row_of(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def sentences(words: Sequence[Word]) -> Word:
    """Return sentences one after the other."""
    return reduce(lambda first, second: say("%(first)s %(second)s", first=first, second=second), words)


def percents(rates_bp: Sequence[int]) -> Word:
    """Return rates in basis points as a list: `5 %, 4 % and 3 %`."""
    return listed([Percent(rate) for rate in rates_bp])


def months(number: int) -> Said:
    """Return a number of months."""
    return count("%(count)s month", "%(count)s months", number)


def points_said(hundredths: int) -> Said:
    """Return points with their unit."""
    one = 1 if hundredths == HUNDREDTHS else 2
    return count("%(points)s point", "%(points)s points", one, points=Points(hundredths))


def ordinal(number: int) -> Said:
    """Return the word for a place that is counted from zero: 0 is `first`."""
    return ORDINALS[number] if number < len(ORDINALS) else say("no. %(number)s", number=Count(number + 1))


ORDINALS = (
    say("first"),
    say("second"),
    say("third"),
    say("fourth"),
    say("fifth"),
    say("sixth"),
    say("seventh"),
    say("eighth"),
    say("ninth"),
    say("tenth"),
)
