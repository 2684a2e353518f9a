"""
What holds where, as it is said: markets, what a point is worth, and rounding.
"""

from collections.abc import Iterator

from backend.kernel.points import HUNDREDTHS, Rounding
from backend.plan.rules.said import Amount, Count, Points, Word, say
from backend.plan.rules.sheet import Rule, Table
from backend.plan.terms import Split, Terms

ROUNDINGS = {
    Rounding.HALF_UP: say("half and more up"),
    Rounding.HALF_EVEN: say("halves to the even side"),
    Rounding.TRUNCATE: say("cut off"),
}


def market_parts(terms: Terms) -> Iterator[Rule | Table]:
    """Draw the markets side by side; columns in which none differs from what is usual are left out."""
    heads, columns = zip(*_columns(terms), strict=True)
    yield Table(heads, tuple(zip(*columns, strict=True)), tuple(each.clause for each in terms.markets))
    yield Rule(say("Members of no market here follow %(market)s.", market=terms.markets[0].id))


def _columns(terms: Terms) -> Iterator[tuple[Word, list[Word]]]:
    markets = terms.markets
    yield say("market"), [each.id for each in markets]
    yield say("a point is worth"), [Amount(each.minor_per_point, each.currency) for each in markets]
    if any(each.cv_per_point != HUNDREDTHS for each in markets):
        yield say("a point in CV"), [Points(each.cv_per_point) for each in markets]
    if any(each.rounding_minor != 1 for each in markets):
        yield say("lines rounded to"), [Amount(each.rounding_minor, each.currency) for each in markets]
    yield say("return days"), [Count(each.return_days) for each in markets]
    if any(pool.split is Split.POINTS for pool in terms.pools):
        yield say("pool weight"), [Count(each.pool_weight) for each in markets]


def rounding_rules(terms: Terms, clause: str) -> Iterator[Rule]:
    """Say what becomes of a fraction of the least unit of money."""
    how = ROUNDINGS[terms.rounding]
    whole = all(market.rounding_minor == 1 for market in terms.markets)
    if terms.rounded_on_sum and whole:
        said = say("The sum of a member's lines of one bonus becomes whole minor units: %(how)s.", how=how)
    elif terms.rounded_on_sum:
        said = say("The sum of a member's lines of one bonus becomes a multiple of the least paid: %(how)s.", how=how)
    elif whole:
        said = say("Each line of pay becomes whole minor units of its currency: %(how)s.", how=how)
    else:
        said = say("Each line of pay becomes a multiple of what its market pays at least: %(how)s.", how=how)
    yield Rule(said, clause)
