"""
Money: whole minor units of one currency, and splitting without loss.
"""

from collections.abc import Sequence

from msgspec import Struct


class Money(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount in minor units (cents, yen, fils) of one ISO 4217 currency."""

    amount_minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency; another currency is a programmer's mistake."""
        assert self.currency == other.currency, (self.currency, other.currency)
        return Money(amount_minor=self.amount_minor + other.amount_minor, currency=self.currency)


def split(fund_minor: int, weights: Sequence[int]) -> list[int]:
    """
    Split a fund by weights so that the shares add up to it to the last minor unit (largest remainder).

    What division leaves over goes to the largest remainders, one unit each, ties to the earlier weight. Weights are not
    negative and not all zero. Rule: Hamilton's method of apportionment.
    """
    whole = sum(weights)
    assert whole > 0 and min(weights) >= 0, "a split needs weights that are not negative and not all zero"
    sign = -1 if fund_minor < 0 else 1
    shares = [abs(fund_minor) * weight // whole for weight in weights]
    remainders = [abs(fund_minor) * weight % whole for weight in weights]
    left = abs(fund_minor) - sum(shares)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        shares[index] += 1
    return [sign * share for share in shares]
