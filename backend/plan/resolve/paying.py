"""
What is paid on whom on one day: personal commission, retail margin, differential, overrides, production bonuses.
"""

from collections.abc import Iterator

from backend.plan.document import paying as written
from backend.plan.document.rewards import MultiplierRow
from backend.plan.forms import FINE
from backend.plan.resolve.gates import requirement_of
from backend.plan.resolve.lookup import Lookup
from backend.plan.terms import (
    Against,
    Charged,
    Counting,
    Differential,
    Failing,
    Groups,
    Guarantee,
    LateOrders,
    Leavers,
    Override,
    Pause,
    Personal,
    Production,
    RatesBy,
    Retail,
    Returns,
    VolumeNumber,
)

FAILING = {
    "compress up": Failing.COMPRESS_UP,
    "forfeit": Failing.FORFEIT,
    "own sales only": Failing.OWN_SALES_ONLY,
    "pass up": Failing.PASS_UP,
    "carry forward": Failing.CARRY_FORWARD,
}
AGAINST = {"highest paid below": Against.HIGHEST_PAID, "frontline": Against.FRONTLINE}
GROUPS = {
    "broken away": Groups.BROKEN_AWAY,
    "with mark": Groups.MARKED,
    "same percent": Groups.SAME_PERCENT,
    "same title": Groups.SAME_TITLE,
}
COUNTING = {
    "passed over": Counting.PASSED_OVER,
    "use a generation": Counting.USES_ONE,
    "end the line": Counting.ENDS,
}
CHARGED = {"on the own group": Charged.OWN_GROUP, "on frontline groups": Charged.FRONTLINE_GROUPS}


def personal_of(look: Lookup, found: written.Personal) -> Personal:
    """Return the rule of the own percent on own volume."""
    return Personal(
        pays=found.pays == "yes",
        first_orders_to_sponsor=found.first_orders == "sponsor",
        customer_share_bp=look.number(found.customer_share),
        verified_share_bp=look.number(found.verified_share),
        clause=found.clause,
    )


def returns_of(found: written.Returns | None) -> Returns:
    """Return what a return of an earlier period's order does."""
    paid_back = found is not None and found.count == "at the rate that was paid"
    return Returns.RECOVERED if paid_back else Returns.LOWER_THE_PERIOD


def late_orders_of(found: written.LateOrders | None) -> LateOrders:
    """Return where an order counts that arrives after its period was closed."""
    own = found is not None and found.count == "in their own period"
    return LateOrders.OWN_PERIOD if own else LateOrders.OPEN_PERIOD


def leavers_of(found: written.Leaving | None) -> Leavers:
    """Return what becomes of the legs of a member who leaves."""
    return Leavers.STAY if found is not None and found.legs == "stay in place" else Leavers.MOVE_UP


def pause_of(found: written.Pause | None) -> Pause:
    """Return what pauses pay by itself; nothing where the plan names nothing."""
    if found is None:
        return Pause()
    return Pause(
        while_unpaid=found.while_fees_are_outstanding == "yes",
        while_uncleared=found.while_not_cleared == "yes",
        clause=found.clause,
    )


def retail_of(look: Lookup, found: written.Retail | None) -> Retail | None:
    """Return the margin at the sale; None where the plan names none."""
    if found is None:
        return None
    return Retail(
        rate_bp=look.on(found.rate),
        of_price=found.share_of == "price",
        own_too=found.on == "own volume",
        clause=found.clause,
    )


def differential_of(look: Lookup, found: written.Differential) -> Differential:
    """Return the rule of the own percent less what is paid below."""
    return Differential(
        pays=found.pays == "yes",
        against=AGAINST[found.against],
        deducts_in_full=found.deducts == "reached",
        from_level=look.number(found.from_level, 1),
        gate=requirement_of(look, found.requires, found.clause),
        less_deductions=found.rounded == "gross less deductions",
        clause=found.clause,
    )


def override_of(look: Lookup, found: written.Override) -> Override:
    """Return one override with its rows of rates; what it leaves out keeps the terms' own default."""
    by, rates, finer = _rates(look, found)
    lowest = look.maybe(found.lowest_title)
    return Override(
        id=found.id,
        name=found.name,
        rates_bp=rates,
        finer=finer,
        by=by,
        depth_by_title=found.depth == "by title",
        last_rate_goes_on=found.deeper == "last rate",
        groups=GROUPS[found.groups],
        mark=look.mark(found.mark),
        volume=look.volume(found.volume, VolumeNumber.GROUP),
        lowest_title=0 if lowest is None else look.title_index[lowest],
        gate=requirement_of(look, found.requires, found.clause),
        counting=COUNTING[found.unqualified],
        first_only=found.earners == "the first only",
        least_difference_bp=look.number(found.least_difference, -1),
        distance_bp=look.maybe(found.distance) or (),
        of_first_amount=found.beyond_first == "of the first amount",
        pays_skipped=found.unqualified_groups == "paid",
        empty_counts=found.empty_groups == "count",
        guarantee=_guarantee(look, found.guarantee),
        clause=found.clause,
    )


def _rates(look: Lookup, found: written.Override) -> tuple[RatesBy, tuple[tuple[int, ...], ...], int]:
    """
    Return the rows by index, and in how many parts of a basis point their rates are counted.

    Each row goes on up to the next one, and below the first nothing is paid. A plan is finer where any of its rates is,
    on whatever day, so that the markets' own terms keep one shape.
    """
    finer = FINE if any(rate % FINE for rate in _all_rates(found)) else 1
    rows = look.maybe(found.rows)
    if not rows:
        return RatesBy.NOTHING, (_counted(look.maybe(found.rates) or (), finer),), finer
    begins = {index_of(look, row): _counted(row.rates, finer) for row in rows}
    table: list[tuple[int, ...]] = []
    for index in range(max(begins) + 1):
        table.append(begins.get(index, table[-1] if table else ()))
    return chosen_by(rows[0]), tuple(table), finer


def _all_rates(found: written.Override) -> Iterator[int]:
    """Yield every rate on every day in every market."""
    for _, _, rates in found.rates.every() if found.rates else ():
        yield from rates
    for _, _, rows in found.rows.every() if found.rows else ():
        for row in rows:
            yield from row.rates


def _counted(rates: tuple[int, ...], finer: int) -> tuple[int, ...]:
    """Return hundredths of a basis point in the parts that are counted."""
    return tuple(rate * finer // FINE for rate in rates)


def chosen_by(row: written.RateRow | MultiplierRow) -> RatesBy:
    """Return what chooses a row: whichever of the three it names."""
    if row.title is not None:
        return RatesBy.TITLE
    return RatesBy.STEP if row.step is not None else RatesBy.LEGS_BROKEN_AWAY


def index_of(look: Lookup, row: written.RateRow | MultiplierRow) -> int:
    """Return the index of the title or step that a row names, or its number of legs."""
    if row.title is not None:
        return look.title_index[row.title]
    return look.step_index[row.step] if row.step is not None else row.legs or 0


def _guarantee(look: Lookup, found: written.Guarantee | None) -> Guarantee | None:
    if found is None:
        return None
    return Guarantee(
        points=look.on(found.volume),
        charged=CHARGED[found.charged],
        at_most_incoming=found.of_one_line == "at most what it brings",
        average=found.of_several_lines == "their average where all are below",
        band_from=look.number(found.band_from),
        band_part_bp=look.number(found.band_part),
        clause=found.clause,
    )


def production_of(look: Lookup, found: written.Production) -> Production:
    """Return a rate by brackets of one volume."""
    return Production(
        id=found.id,
        name=found.name,
        volume=look.volume_number[found.volume],
        brackets=tuple((bracket.at_least, bracket.rate) for bracket in look.on(found.brackets)),
        gate=requirement_of(look, found.requires, found.clause),
        clause=found.clause,
    )
