"""
What is paid beside percentages, as it is said: pools, matches, bonuses that are paid once, and caps.
"""

from collections.abc import Iterator, Mapping

from backend.plan.resolve.rewards import BONUSES
from backend.plan.rules.gates import foster_said, mark_said, requirement_said, volume_said
from backend.plan.rules.paying import EARN_IT
from backend.plan.rules.said import (
    Count,
    Percent,
    Points,
    Said,
    Word,
    count,
    listed,
    months,
    percents,
    row_of,
    say,
    sentences,
    written,
)
from backend.plan.rules.sheet import Rule, gate, money
from backend.plan.terms import Cap, Fund, Line, Match, OneTime, Pool, Split, Terms, TitleHeld, VolumeNumber

FUNDS = {
    Fund.COMPANY: say("the company's CV"),
    Fund.MARKET: say("each market's CV, for the market's members"),
    Fund.DOWNLINES: say("the CV of all below those who share in it, each counted once"),
}
WORDS: dict[str, Said] = {
    "personal": say("personal"),
    "differential": say("differential"),
    "override": say("override"),
    "pool": say("pool"),
    "fast start": say("fast start"),
    "title held": say("title held"),
    "production": say("production"),
    "level": say("level"),
    "match": say("match"),
    "one time": say("one time"),
    "multiplier": say("multiplier"),
}
KINDS = {number: WORDS[word] for word, number in BONUSES.items()}


def pool_rules(terms: Terms) -> Iterator[Rule]:
    """Say where the money of each pool comes from, and how it is split."""
    for pool in terms.pools:
        text = written("%(name)s: %(source)s, %(split)s.")
        said: list[Word] = [say(text, name=pool.name, source=_source(pool, terms), split=_split(pool, terms))]
        if pool.in_last_period_of_year:
            said.append(say("Paid in the last month of the year."))
        yield Rule(sentences(said), pool.clause)
        yield from gate(written("To share in it: %(asked)s."), pool.gate, terms)


def _source(pool: Pool, terms: Terms) -> Word:
    if pool.share_minor:
        return say("%(amount)s for each share", amount=money(pool.share_minor, terms))
    fund = say("%(share)s of %(fund)s", share=Percent(pool.share_bp), fund=FUNDS[pool.fund])
    if pool.fund_volume == VolumeNumber.OWN:
        return fund
    return say("%(fund)s (%(volume)s)", fund=fund, volume=volume_said(pool.fund_volume, terms))


def _split(pool: Pool, terms: Terms) -> Word:
    match pool.split:
        case Split.POINTS:
            return say("by points: %(points)s", points=_points(pool, terms))
        case Split.VOLUME:
            return say("by the CV of %(volume)s", volume=volume_said(pool.volume, terms))
        case Split.LEG_TIERS:
            volume, legs = volume_said(pool.volume, terms), _counting_leg(pool, terms)
            text = written("by points for each %(leg)s, on the CV of the leader's %(volume)s: %(tiers)s")
            return say(text, leg=legs, volume=volume, tiers=_tiers(pool))
        case Split.LEG_UNITS:
            text = written("by units for each %(leg)s, and for each such month: %(units)s")
            return say(text, leg=_counting_leg(pool, terms), units=_units(pool))
    return say("in equal shares")


def _counting_leg(pool: Pool, terms: Terms) -> Word:
    return foster_said(_held_leg(pool, terms), pool.fosters)


def _held_leg(pool: Pool, terms: Terms) -> Word:
    if not terms.marks:
        return say("leg")
    of_last: dict[str, Word] = {"count": Count(pool.leg_periods), "months": months(pool.periods)}
    text = written("leg whose leader had %(mark)s in %(count)s of the last %(months)s")
    return say(text, mark=mark_said(terms, pool.mark), **of_last)


def _points(pool: Pool, terms: Terms) -> Word:
    points: list[Word] = [
        say("%(name)s %(points)s", name=title.name, points=Count(title.pool_points))
        for title in terms.titles
        if title.pool_points
    ]
    legs = say("%(points)s for each leg broken away", points=Count(pool.leg_points))
    if not points:
        return legs
    row = row_of(points)
    return say("%(first)s, and %(second)s", first=row, second=legs) if pool.leg_points else row


def _tiers(pool: Pool) -> Word:
    return listed([_tier(*tier) for tier in pool.tiers])


def _tier(up_to: int, points: int, per: int) -> Word:
    of: dict[str, Word] = {"points": Count(points), "per": Points(per)}
    if up_to:
        return say("%(points)s for each %(per)s up to %(most)s", most=Points(up_to), **of)
    return say("%(points)s for each %(per)s beyond", **of)


def _units(pool: Pool) -> Word:
    return listed(
        [say("%(units)s from %(legs)s legs on", units=Count(units), legs=Count(legs)) for legs, units in pool.units]
    )


def match_rules(terms: Terms) -> Iterator[Rule]:
    """Say what is matched of what others earn."""
    for match in terms.matches:
        yield Rule(_match(match), match.clause)
        yield from gate(EARN_IT, match.gate, terms)


def _match(match: Match) -> Word:
    enrolled = written("%(name)s: %(rates)s of what enrolled members earn by level as %(bonuses)s.")
    sponsored = written("%(name)s: %(rates)s of what sponsored members earn by level as %(bonuses)s.")
    text = enrolled if match.line is Line.ENROLLER else sponsored
    said = say(text, name=match.name, rates=percents(match.rates_bp), bonuses=bonuses_said(match.bonuses))
    if match.compressed:
        return sentences([said, say("Who does not qualify is passed over.")])
    return sentences([said, say("Who does not qualify uses up a level.")])


def bonuses_said(bonuses: tuple[int, ...]) -> Word:
    """Return kinds of bonus as a list; all where none is named."""
    return listed([KINDS[bonus] for bonus in bonuses]) if bonuses else say("all bonuses")


def once_rules(terms: Terms) -> Iterator[Rule]:
    """Say what is paid once: for a title reached early, for a target, for a title held."""
    early = {title.name: title.fast_start_minor for title in terms.titles if title.fast_start_minor}
    if early:
        days = Count(terms.fast_start.within_days)
        text = written("Fast start, for a title within %(count)s days of joining: %(amounts)s.")
        yield Rule(say(text, count=days, amounts=_amounts(early, terms)), terms.fast_start.clause)
    for one_time in terms.one_times:
        yield Rule(_one_time(one_time, terms), one_time.clause)
    yield from _held(terms)


def _one_time(one_time: OneTime, terms: Terms) -> Word:
    amount, asked = money(one_time.amount_minor, terms), requirement_said(one_time.requirement, terms)
    if not one_time.within_days:
        return say("%(name)s: %(amount)s, once, for %(asked)s.", name=one_time.name, amount=amount, asked=asked)
    text = written("%(name)s: %(amount)s, once, for %(asked)s, within %(count)s days of joining.")
    return say(text, name=one_time.name, amount=amount, asked=asked, count=Count(one_time.within_days))


def _held(terms: Terms) -> Iterator[Rule]:
    found = terms.title_held
    amounts = {title.name: title.held_bonus_minor for title in terms.titles if title.held_bonus_minor}
    if not amounts:
        return
    plain = written("Once, for a title held %(months)s in a row: %(amounts)s.")
    after = written("Once, for a title held %(months)s in a row after the month of achievement: %(amounts)s.")
    text = after if found.after_achievement else plain
    said: list[Word] = [say(text, months=months(found.successive_periods), amounts=_amounts(amounts, terms))]
    if found.instalments > 1:
        parts = Count(found.instalments)
        said.append(say("Paid in %(count)s monthly parts while the title is held.", count=parts))
    yield Rule(sentences([*said, *_lost(found)]), found.clause)


def _lost(found: TitleHeld) -> Iterator[Word]:
    """Say what becomes of the bonus where the title is lost."""
    if not found.restarts:
        yield say("Who loses the title before all is paid is never paid the rest.")
    if found.clawback_periods:
        text = written("Who falls below the title within %(months)s after a payment gives back all that it has paid.")
        yield say(text, months=months(found.clawback_periods))


def _amounts(amounts: Mapping[str, int], terms: Terms) -> Word:
    paid = [say("%(name)s %(amount)s", name=name, amount=money(minor, terms)) for name, minor in amounts.items()]
    return row_of(paid)


def cap_rules(terms: Terms) -> Iterator[Rule]:
    """Say what bonuses pay at most."""
    for cap in terms.caps:
        said = count(
            "%(name)s: %(bonuses)s pays %(most)s.",
            "%(name)s: %(bonuses)s pay %(most)s.",
            len(cap.bonuses),
            name=cap.name,
            bonuses=bonuses_said(cap.bonuses),
            most=_most(cap, terms),
        )
        first = say("It cuts before anything is matched, so that matches are of what is left.")
        yield Rule(sentences([said, first]) if cap.before_matches else said, cap.clause)


def _most(cap: Cap, terms: Terms) -> Word:
    most: list[Word] = []
    if cap.member_minor:
        most.append(say("at most %(amount)s to a member in a month", amount=money(cap.member_minor, terms)))
    if cap.share_bp:
        most.append(say("at most %(share)s of the company's CV in all", share=Percent(cap.share_bp)))
    return say("%(first)s, and %(second)s", first=most[0], second=most[1]) if len(most) > 1 else most[0]
