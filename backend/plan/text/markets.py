"""
What holds where, in words: markets, what a point is worth, and rounding.
"""

from backend.kernel.points import HUNDREDTHS, points_text
from backend.plan.currencies import DECIMALS
from backend.plan.phrases import minor_words
from backend.plan.terms import Market, Split, Terms
from backend.plan.text.layout import rule, table

ROUNDINGS = ("half and more up", "halves to the even side", "cut off")


def market_lines(terms: Terms) -> list[str]:
    """Draw the markets side by side; columns in which none differs from what is usual are left out."""
    columns = {
        "market": [market.id for market in terms.markets],
        "a point is worth": [_money(market, market.minor_per_point) for market in terms.markets],
        "a point in CV": [points_text(market.cv_per_point) for market in terms.markets],
        "lines rounded to": [_money(market, market.rounding_minor) for market in terms.markets],
        "return days": [str(market.return_days) for market in terms.markets],
        "pool weight": [str(market.pool_weight) for market in terms.markets],
        "clause": [market.clause for market in terms.markets],
    }
    if all(market.cv_per_point == HUNDREDTHS for market in terms.markets):
        columns.pop("a point in CV")
    if all(market.rounding_minor == 1 for market in terms.markets):
        columns.pop("lines rounded to")
    if all(pool.split is not Split.POINTS for pool in terms.pools):
        columns.pop("pool weight")
    rows = [tuple(columns), *zip(*columns.values(), strict=True)]
    right = set(range(1, len(columns) - 1))
    return [*table(rows, right=right), f"Members of no market here follow {terms.markets[0].id}."]


def _money(market: Market, amount_minor: int) -> str:
    return minor_words(amount_minor, market.currency, DECIMALS[market.currency])


def rounding_lines(terms: Terms, clause: str) -> list[str]:
    """Return the sentence that says what becomes of a fraction of the least unit of money."""
    whole = all(market.rounding_minor == 1 for market in terms.markets)
    if terms.rounded_on_sum:
        units = "whole minor units" if whole else "a multiple of the least paid"
        what = "The sum of a member's lines of one bonus"
    else:
        units = "whole minor units of its currency" if whole else "a multiple of what its market pays at least"
        what = "Each line of pay"
    return [rule(f"{what} becomes {units}: {ROUNDINGS[terms.rounding]}.", clause)]
