"""
Who is paid what on whom, as it is said: own volume, the margin at a sale, legs, overrides and production.
"""

from collections.abc import Iterator

from backend.plan.rules.gates import label, mark_said, requirement_said, volume_said
from backend.plan.rules.said import (
    Count,
    Percent,
    Word,
    listed,
    ordinal,
    percents,
    points_said,
    say,
    sentences,
    written,
)
from backend.plan.rules.sheet import Rule, Table, gate
from backend.plan.terms import (
    Against,
    Charged,
    Counting,
    Groups,
    Override,
    Production,
    RatesBy,
    Terms,
    VolumeNumber,
)

NONE = "–"
"""Stands in a table where nothing is paid."""

EARN_IT = written("To earn it: %(asked)s.")


def percent_rules(terms: Terms) -> Iterator[Rule]:
    """Say what the percent pays: on own volume, at the sale, and on legs."""
    yield from _personal(terms)
    yield from _retail(terms)
    yield from _differential(terms)


def _personal(terms: Terms) -> Iterator[Rule]:
    found = terms.personal
    pays: Word = say("On own PV: the step's percent of its CV.") if found.pays else say("On own PV: nothing.")
    asked: list[Word] = []
    if found.customer_share_bp:
        asked.append(say("less than %(share)s of it is sold to customers", share=Percent(found.customer_share_bp)))
    if found.verified_share_bp:
        asked.append(say("less than %(share)s of it is verified as sold", share=Percent(found.verified_share_bp)))
    if asked:
        short = say("In part where %(short)s: by the smaller share of that.", short=_either(asked))
        pays = sentences([pays, short])
    yield Rule(pays, found.clause)
    if found.first_orders_to_sponsor:
        yield Rule(say("A member's first order is paid to the sponsor, as the sponsor's own."), found.clause)


def _either(asked: list[Word]) -> Word:
    return say("%(first)s or %(second)s", first=asked[0], second=asked[1]) if len(asked) > 1 else asked[0]


def _retail(terms: Terms) -> Iterator[Rule]:
    found = terms.retail
    if found:
        base = say("the customer's price") if found.of_price else say("cost")
        orders = say("all own volume") if found.own_too else say("orders of own customers")
        rate = Percent(found.rate_bp)
        yield Rule(
            say("Kept at the sale: %(rate)s of %(base)s, on %(orders)s.", rate=rate, base=base, orders=orders),
            found.clause,
        )


def _differential(terms: Terms) -> Iterator[Rule]:
    found = terms.differential
    if not found.pays:
        yield Rule(say("On legs: no difference is paid."), found.clause)
        return
    yield Rule(sentences(list(_difference(terms))), found.clause)
    yield from gate(written("To earn on legs: %(asked)s."), found.gate, terms)


def _difference(terms: Terms) -> Iterator[Word]:
    found = terms.differential
    highest = found.against is Against.HIGHEST_PAID
    if highest:
        yield say("On legs: the own percent less the highest paid below, never less than zero.")
    else:
        yield say("On legs: the own percent less that of the leg's frontline member, never less than zero.")
    if found.deducts_in_full:
        yield say("Who is not paid counts at the percent reached.")
    if found.from_level > 1:
        yield say("What the frontline itself bought is left out.")
    if found.less_deductions:
        yield say("One line a member: on the whole group, less each leg's own, each cut off.")
    if terms.personal.pays and highest:
        yield say("Both together at most %(share)s.", share=Percent(terms.steps[-1].percent_bp))


def override_parts(terms: Terms) -> Iterator[Rule | Table]:
    """Say of each override on whose groups it is paid, at which rates, and who earns it."""
    for override in terms.overrides:
        yield _groups(override, terms)
        yield from _rates(override, terms)
        yield _earners(override, terms)
        yield from _exceptions(override)
        yield from _guarantee(override)


def _groups(override: Override, terms: Terms) -> Rule:
    groups: Word = say("groups that broke away")
    if override.groups is Groups.MARKED:
        groups = say("groups of those with %(mark)s", mark=mark_said(terms, override.mark))
    if override.groups is Groups.SAME_PERCENT:
        groups = say("groups on the earner's own percent or a higher one")
    if override.groups is Groups.SAME_TITLE:
        groups = say("groups of the earner's own title or a higher one")
    if override.volume != VolumeNumber.GROUP:
        volume = volume_said(override.volume, terms)
        groups = say("%(groups)s (%(volume)s)", groups=groups, volume=volume)
    text = written("%(name)s, on the CV of %(groups)s, by generation, counted upward:")
    return Rule(say(text, name=override.name, groups=groups), override.clause)


def _rates(override: Override, terms: Terms) -> Iterator[Table]:
    named = list(_rows(override, terms))
    wide = max((len(rates) for _, rates in named), default=0)
    rows = tuple((name, *_fine(override, rates), *[NONE] * (wide - len(rates))) for name, rates in named)
    if rows:
        yield Table((_head(override), *map(ordinal, range(wide))), rows)


def _fine(override: Override, rates: tuple[int, ...]) -> Iterator[Percent]:
    yield from (Percent(rate, override.finer) for rate in rates)


def _head(override: Override) -> Word:
    if override.by is RatesBy.STEP:
        return say("from the step")
    if override.by is RatesBy.LEGS_BROKEN_AWAY:
        return say("legs broken away")
    return say("title") if override.depth_by_title or override.by is RatesBy.TITLE else ""


def _rows(override: Override, terms: Terms) -> Iterator[tuple[Word, tuple[int, ...]]]:
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
            yield _row_name(override, terms, index), rates


def _opened(override: Override, rates: tuple[int, ...], generations: int) -> tuple[int, ...]:
    if not override.depth_by_title:
        return rates
    goes_on = rates[-1:] * generations if override.last_rate_goes_on else ()
    return (rates + goes_on)[:generations]


def _row_name(override: Override, terms: Terms, index: int) -> Word:
    if override.by is RatesBy.STEP:
        return label(terms.steps[index])
    return say("from %(count)s", count=Count(index)) if override.by is RatesBy.LEGS_BROKEN_AWAY else say("everybody")


QUALIFIED = {
    Counting.PASSED_OVER: written("To earn it: %(asked)s. Who does not have that is passed over."),
    Counting.USES_ONE: written("To earn it: %(asked)s. Who does not have that uses up a generation."),
    Counting.ENDS: written(
        "To earn it: %(asked)s. Who does not have that ends the line: nobody above is paid on the group."
    ),
}
ACTIVE = {
    Counting.PASSED_OVER: say("Who is not active is passed over."),
    Counting.USES_ONE: say("Who is not active uses up a generation."),
    Counting.ENDS: say("Who is not active ends the line: nobody above is paid on the group."),
}


def _earners(override: Override, terms: Terms) -> Rule:
    asked: Word = requirement_said(override.gate, terms)
    if override.lowest_title:
        title = say("the title %(title)s or above", title=label(terms.titles[override.lowest_title]))
        asked = say("%(first)s; and %(second)s", first=title, second=asked) if override.gate.any_of else title
    gated = bool(override.lowest_title or override.gate.any_of)
    said = say(QUALIFIED[override.counting], asked=asked) if gated else ACTIVE[override.counting]
    return Rule(said, override.gate.clause, below=True)


PASSES_ON = {
    (False, True): written(
        "A leader who does not earn it passes on what comes in from below and the own group's share."
    ),
    (False, False): written(
        "A leader who does not earn it passes on what comes in from below; the own group is not paid on."
    ),
    (True, True): written("A leader who does not earn it passes on the own group's share alone."),
    (True, False): written("A leader who does not earn it passes on nothing; the own group is not paid on."),
}
"""What a leader who does not qualify passes on: by whether that ends the line, and whether the own group is paid on."""


def _exceptions(override: Override) -> Iterator[Rule]:
    said: list[Word] = []
    if override.depth_by_title and override.by in {RatesBy.STEP, RatesBy.LEGS_BROKEN_AWAY}:
        said.append(say("As deep as the earner's title opens generations."))
    if override.last_rate_goes_on:
        said.append(say("Deeper generations earn the last rate."))
    if override.first_only:
        said.append(say("Only the first who is paid on a group earns on it."))
    if override.of_first_amount:
        text = written("From the second generation on the rates are of what the first one earns on the group.")
        said.append(say(text))
    said.append(say(PASSES_ON[override.counting is Counting.ENDS, override.pays_skipped]))
    if not override.empty_counts:
        said.append(say("A leader whose group has no volume uses up no generation."))
    if override.least_difference_bp >= 0:
        said.append(_less_the_leaders(override.least_difference_bp))
    if override.distance_bp:
        said.append(_distance(override))
    yield Rule(sentences(said), override.clause, below=True)


def _less_the_leaders(least_bp: int) -> Word:
    if not least_bp:
        return say("Paid is the earner's rate less that of the group's leader.")
    return say(
        "Paid is the earner's rate less that of the group's leader and at least %(rate)s.", rate=Percent(least_bp)
    )


def _distance(override: Override) -> Word:
    places = listed([Count(number) for number in range(len(override.distance_bp))])
    text = written("A leader whose title lies %(places)s or more below the earner's brings %(parts)s of the rate.")
    return say(text, places=places, parts=percents(override.distance_bp))


def _guarantee(override: Override) -> Iterator[Rule]:
    found = override.guarantee
    if found is None:
        return
    own = written(
        "Guarantee: for a leader's group the next earner above receives at least the rate on %(points)s. "
        "What is short is made up out of the override that comes in, never below zero."
    )
    frontline = written(
        "Guarantee: for each first-generation group of who earns below the next earner above receives at least the "
        "rate on %(points)s. What is short is made up out of the override that comes in, never below zero."
    )
    text = own if found.charged is Charged.OWN_GROUP else frontline
    said: list[Word] = [say(text, points=points_said(found.points))]
    if found.at_most_incoming:
        said.append(say("One line gives at most what it brings."))
    if found.average:
        said.append(say("Several lines that all bring less give their average."))
    if found.band_from:
        text = written("A group from %(least)s up to that is asked for %(part)s of what it leaves short.")
        said.append(say(text, least=points_said(found.band_from), part=Percent(found.band_part_bp)))
    yield Rule(sentences(said), found.clause, below=True)


def production_rules(terms: Terms) -> Iterator[Rule]:
    """Say what is paid on one of a member's volumes, by brackets."""
    for production in terms.productions:
        yield from _production(production, terms)


def _production(production: Production, terms: Terms) -> Iterator[Rule]:
    brackets = [
        say("%(rate)s from %(points)s on", rate=Percent(rate), points=points_said(least))
        for least, rate in production.brackets
    ]
    volume = volume_said(production.volume, terms)
    text = written("%(name)s, on the CV of %(volume)s: %(brackets)s.")
    yield Rule(say(text, name=production.name, volume=volume, brackets=listed(brackets)), production.clause)
    yield from gate(EARN_IT, production.gate, terms)
