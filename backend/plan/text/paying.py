"""
Who is paid what on whom, in words: personal commission, margin, differential, overrides, production and level bonuses.
"""

from collections.abc import Iterator

from backend.kernel.points import percent_text
from backend.plan.phrases import label, mark_words, points_words, requirement_words, volume_words
from backend.plan.terms import (
    Against,
    Charged,
    Counting,
    Groups,
    LevelBonus,
    Line,
    Override,
    Production,
    RatesBy,
    Terms,
    VolumeNumber,
)
from backend.plan.text.layout import gate, listed, ordinal, percents, rule, table

COUNTING = {
    Counting.PASSED_OVER: "is passed over",
    Counting.USES_ONE: "uses up a generation",
    Counting.ENDS: "ends the line: nobody above is paid on the group",
}
LINES = {Line.SPONSOR: "sponsors", Line.ENROLLER: "enrollers"}


def percent_lines(terms: Terms) -> list[str]:
    """Say what the percent pays: on own volume, at the sale, and on legs."""
    return [*_personal(terms), *_retail(terms), *_differential(terms)]


def _personal(terms: Terms) -> Iterator[str]:
    found = terms.personal
    text = "On own PV: the step's percent of its CV." if found.pays else "On own PV: nothing."
    shares = ((found.customer_share_bp, "sold to customers"), (found.verified_share_bp, "verified as sold"))
    asked = [f"{percent_text(share)} of it is {what}" for share, what in shares if share]
    if asked:
        text += f" In part where less than {' or less than '.join(asked)}: by the smaller share of that."
    yield rule(text, found.clause)
    if found.first_orders_to_sponsor:
        yield rule("A member's first order is paid to the sponsor, as the sponsor's own.", found.clause)


def _retail(terms: Terms) -> Iterator[str]:
    found = terms.retail
    if found:
        base = "the customer's price" if found.of_price else "cost"
        orders = "all own volume" if found.own_too else "orders of own customers"
        yield rule(f"Kept at the sale: {percent_text(found.rate_bp)} of {base}, on {orders}.", found.clause)


def _differential(terms: Terms) -> Iterator[str]:
    found = terms.differential
    if not found.pays:
        yield rule("On legs: no difference is paid.", found.clause)
        return
    highest = found.against is Against.HIGHEST_PAID
    below = "the highest paid below" if highest else "that of the leg's frontline member"
    text = f"On legs: the own percent less {below}, never less than zero."
    text += " Who is not paid counts at the percent reached." if found.deducts_in_full else ""
    text += " What the frontline itself bought is left out." if found.from_level > 1 else ""
    text += (
        " One line a member: on the whole group, less each leg's own, each cut off." if found.less_deductions else ""
    )
    both = terms.personal.pays and highest
    text += f" Both together at most {percent_text(terms.steps[-1].percent_bp)}." if both else ""
    yield rule(text, found.clause)
    yield from gate("To earn on legs", found.gate, terms)


def override_lines(terms: Terms) -> list[str]:
    """Say of each override on whose groups it is paid, at which rates, and who earns it."""
    return [line for override in terms.overrides for line in _override(override, terms)]


def _override(override: Override, terms: Terms) -> Iterator[str]:
    groups = _groups(override, terms)
    volume = "" if override.volume == VolumeNumber.GROUP else f" ({volume_words(override.volume, terms)})"
    yield rule(f"{override.name}, on the CV of {groups}{volume}, by generation, counted upward:", override.clause)
    yield from _rates(override, terms)
    yield from _earners(override, terms)
    yield from _paid(override)
    yield from _guarantee(override)


def _groups(override: Override, terms: Terms) -> str:
    if override.groups is Groups.MARKED:
        return f"groups of those with {mark_words(terms, override.mark)}"
    same = override.groups is Groups.SAME_PERCENT
    return "groups on the earner's own percent or a higher one" if same else "groups that broke away"


def _rates(override: Override, terms: Terms) -> list[str]:
    named = list(_rows(override, terms))
    wide = max((len(rates) for _, rates in named), default=0)
    rows = [(_head(override), *[ordinal(number) for number in range(wide)], "")]
    for name, rates in named:
        rows.append((name, *[percent_text(rate) for rate in rates], *["–"] * (wide - len(rates)), ""))
    return table(rows, right=set(range(1, wide + 1))) if named else []


def _head(override: Override) -> str:
    heads = {RatesBy.STEP: "from the step", RatesBy.LEGS_BROKEN_AWAY: "legs broken away"}
    return heads.get(override.by, "title" if override.depth_by_title or override.by is RatesBy.TITLE else "")


def _rows(override: Override, terms: Terms) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield who earns by each row, and the rates that are open to them."""
    rows = override.rates_bp
    if override.by is RatesBy.TITLE or (override.depth_by_title and override.by is RatesBy.NOTHING):
        for index, title in enumerate(terms.titles):
            rates = _opened(override, rows[min(index, len(rows) - 1)], title.generations)
            if rates and index >= override.lowest_title:
                yield title.name, rates
        return
    for index, rates in enumerate(rows):
        if rates and (index == 0 or rates != rows[index - 1]):
            yield _row_name(override, index, terms), rates


def _opened(override: Override, rates: tuple[int, ...], generations: int) -> tuple[int, ...]:
    if not override.depth_by_title:
        return rates
    goes_on = rates[-1:] * generations if override.last_rate_goes_on else ()
    return (rates + goes_on)[:generations]


def _row_name(override: Override, index: int, terms: Terms) -> str:
    if override.by is RatesBy.STEP:
        return label(terms.steps[index])
    return f"from {index}" if override.by is RatesBy.LEGS_BROKEN_AWAY else "everybody"


def _earners(override: Override, terms: Terms) -> Iterator[str]:
    title = [f"the title {label(terms.titles[override.lowest_title])} or above"] if override.lowest_title else []
    asked = title + ([requirement_words(override.gate, terms)] if override.gate.any_of else [])
    who = f"To earn it: {'; and '.join(asked)}. Who does not have that" if asked else "Who is not active"
    yield rule(f"    {who} {COUNTING[override.counting]}.", override.gate.clause)


def _paid(override: Override) -> Iterator[str]:
    by_step_or_legs = override.by in {RatesBy.STEP, RatesBy.LEGS_BROKEN_AWAY}
    said = [
        (override.depth_by_title and by_step_or_legs, "As deep as the earner's title opens generations."),
        (override.last_rate_goes_on, "Deeper generations earn the last rate."),
        (override.first_only, "Only the first who is paid on a group earns on it."),
        (not override.pays_skipped, "The group of a leader who is passed over is not paid on."),
        (not override.empty_counts, "A leader whose group has no volume uses up no generation."),
        (override.least_difference_bp >= 0, _difference(override)),
        (bool(override.distance_bp), _distance(override)),
    ]
    text = " ".join(sentence for holds, sentence in said if holds)
    if text:
        yield rule(f"    {text}", override.clause)


def _difference(override: Override) -> str:
    least = f" and at least {percent_text(override.least_difference_bp)}" if override.least_difference_bp > 0 else ""
    return f"Paid is the earner's rate less that of the group's leader{least}."


def _distance(override: Override) -> str:
    places = listed([str(number) for number in range(len(override.distance_bp))])
    parts = percents(override.distance_bp)
    return f"A leader whose title lies {places} or more below the earner's brings {parts} of the rate."


def _guarantee(override: Override) -> Iterator[str]:
    found = override.guarantee
    if found is None:
        return
    own = found.charged is Charged.OWN_GROUP
    group = "a leader's group" if own else "each first-generation group of who earns below"
    text = f"Guarantee: for {group} the next earner above receives at least the rate on {points_words(found.points)}."
    text += " What is short is made up out of the override that comes in, never below zero."
    text += " One line gives at most what it brings." if found.at_most_incoming else ""
    text += " Several lines that all bring less give their average." if found.average else ""
    yield rule(f"    {text}", found.clause)


def production_lines(terms: Terms) -> list[str]:
    """Say what is paid on one of a member's volumes, by brackets."""
    return [line for production in terms.productions for line in _production(production, terms)]


def _production(production: Production, terms: Terms) -> Iterator[str]:
    brackets = [f"{percent_text(rate)} from {points_words(least)} on" for least, rate in production.brackets]
    volume = volume_words(production.volume, terms)
    yield rule(f"{production.name}, on the CV of {volume}: {listed(brackets)}.", production.clause)
    yield from gate("To earn it", production.gate, terms)


def level_lines(terms: Terms) -> list[str]:
    """Say what is paid by level on single orders."""
    return [line for level in terms.levels for line in _level(level, terms)]


def _level(level: LevelBonus, terms: Terms) -> Iterator[str]:
    orders = "first orders" if level.first_orders else "orders"
    of = f" in the first {level.within_days} days of a member" if level.within_days else ""
    count = len(level.rates_bp)
    line = f"to {count} {LINES[level.line]} upward" if count > 1 else f"to the {level.line.name.lower()}"
    text = f"{level.name}, on the CV of {orders}{of}: {percents(level.rates_bp)}, {line}."
    text += " Who does not qualify is passed over." if level.compressed else " Who does not qualify uses up a level."
    text += " A member is paid the higher of this and the difference." if level.or_differential else ""
    yield rule(text, level.clause)
    yield from gate("To earn it", level.gate, terms)
