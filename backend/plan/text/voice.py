"""
The voice of the command line: a plan's rules in English, with figures as a terminal shows them.
"""

from calendar import month_name
from collections.abc import Mapping

from backend.kernel.points import percent_text, points_text
from backend.plan.currencies import DECIMALS
from backend.plan.rules.said import Amount, Count, MonthOfYear, Percent, Points, Said, Word, spoken


class Plain:
    """How rules are said to who reads a terminal: as they are written, in plain text."""

    def text(self, said: Said, places: Mapping[str, str]) -> str:
        """Return the English text, its places filled."""
        return (said.many if said.many and said.number != 1 else said.text) % places

    def figure(self, word: Points | Percent | Amount | Count | MonthOfYear) -> str:
        """Return a figure with thousands set apart, a rate with its sign, money with its currency's code."""
        match word:
            case Points():
                return _grouped(word.hundredths)
            case Percent():
                return percent_text(word.basis_points, word.finer)
            case Amount():
                return _money(word)
            case Count():
                return f"{word.number:,}"
        return month_name[word.number]

    def name(self, name: str) -> str:
        """Return a name as the plan has it."""
        return name


def in_plain(word: Word) -> str:
    """Return a word as the command line prints it."""
    return spoken(word, Plain())


def _grouped(hundredths: int) -> str:
    whole, _, rest = points_text(hundredths).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _money(amount: Amount) -> str:
    decimals = DECIMALS[amount.currency]
    whole, rest = divmod(amount.minor, 10**decimals)
    return f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "") + f" {amount.currency}"
