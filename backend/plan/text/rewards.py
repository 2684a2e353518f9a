"""
What is paid beside percentages, in words: pools, matches, bonuses that are paid once, and caps.
"""

from collections.abc import Iterator

from backend.kernel.points import percent_text
from backend.plan.phrases import FOSTERS, grouped, mark_words, requirement_words, volume_words
from backend.plan.resolve.rewards import BONUSES
from backend.plan.terms import Cap, Fund, Line, Match, Pool, Split, Terms, VolumeNumber
from backend.plan.text.layout import gate, listed, money, months, percents, rule

FUNDS = {
    Fund.COMPANY: "the company's CV",
    Fund.MARKET: "each market's CV, for the market's members",
    Fund.DOWNLINES: "the CV of all below those who share in it, each counted once",
}
BONUS_WORDS = {number: word for word, number in BONUSES.items()}


def pool_lines(terms: Terms) -> list[str]:
    """Say where the money of each pool comes from, and how it is split."""
    return [line for pool in terms.pools for line in _pool(pool, terms)]


def _pool(pool: Pool, terms: Terms) -> Iterator[str]:
    own = pool.fund_volume == VolumeNumber.OWN
    volume = "" if own else f" ({volume_words(pool.fund_volume, terms)})"
    fund = f"{percent_text(pool.share_bp)} of {FUNDS[pool.fund]}{volume}"
    source = f"{money(pool.share_minor, terms)} for each share" if pool.share_minor else fund
    paid = " Paid in the last month of the year." if pool.in_last_period_of_year else ""
    yield rule(f"{pool.name}: {source}, {_split(pool, terms)}.{paid}", pool.clause)
    yield from gate("To share in it", pool.gate, terms)


def _split(pool: Pool, terms: Terms) -> str:
    counted = f"{pool.leg_periods} of the last {months(pool.periods)}"
    held = f"leg whose leader had {mark_words(terms, pool.mark)} in {counted}" if terms.marks else "leg"
    legs = held + FOSTERS[pool.fosters]
    match pool.split:
        case Split.POINTS:
            return f"by points: {_points(pool, terms)}"
        case Split.VOLUME:
            return f"by the CV of {volume_words(pool.volume, terms)}"
        case Split.LEG_TIERS:
            volume = volume_words(pool.volume, terms)
            return f"by points for each {legs}, on the CV of the leader's {volume}: {_tiers(pool)}"
        case Split.LEG_UNITS:
            units = [f"{units:,} from {count} legs on" for count, units in pool.units]
            return f"by units for each {legs}, and for each such month: {listed(units)}"
    return "in equal shares"


def _points(pool: Pool, terms: Terms) -> str:
    points = [f"{title.name} {title.pool_points}" for title in terms.titles if title.pool_points]
    leg = [f"{pool.leg_points} for each leg broken away"] if pool.leg_points else []
    return ", and ".join([part for part in (", ".join(points), *leg) if part])


def _tiers(pool: Pool) -> str:
    tiers = [
        f"{points} for each {grouped(per)}" + (f" up to {grouped(up_to)}" if up_to else " beyond")
        for up_to, points, per in pool.tiers
    ]
    return listed(tiers)


def match_lines(terms: Terms) -> list[str]:
    """Say what is matched of what others earn."""
    return [line for match in terms.matches for line in _match(match, terms)]


def _match(match: Match, terms: Terms) -> Iterator[str]:
    line = "enrolled" if match.line is Line.ENROLLER else "sponsored"
    earned = f"what {line} members earn by level as {_bonuses(match.bonuses)}"
    who = "is passed over" if match.compressed else "uses up a level"
    yield rule(f"{match.name}: {percents(match.rates_bp)} of {earned}. Who does not qualify {who}.", match.clause)
    yield from gate("To earn it", match.gate, terms)


def _bonuses(bonuses: tuple[int, ...]) -> str:
    return listed([BONUS_WORDS[bonus] for bonus in bonuses]) if bonuses else "all bonuses"


def once_lines(terms: Terms) -> list[str]:
    """Say what is paid once: for a title reached early, for a target, for a title held."""
    lines = []
    if any(title.fast_start_minor for title in terms.titles):
        days = terms.fast_start.within_days
        paid = _amounts(terms, {title.name: title.fast_start_minor for title in terms.titles})
        lines.append(rule(f"Fast start, for a title within {days} days of joining: {paid}.", terms.fast_start.clause))
    for one_time in terms.one_times:
        within = f", within {one_time.within_days} days of joining" if one_time.within_days else ""
        asked = requirement_words(one_time.requirement, terms)
        paid = money(one_time.amount_minor, terms)
        lines.append(rule(f"{one_time.name}: {paid}, once, for {asked}{within}.", one_time.clause))
    return [*lines, *_held(terms)]


def _held(terms: Terms) -> Iterator[str]:
    found = terms.title_held
    if any(title.held_bonus_minor for title in terms.titles):
        paid = _amounts(terms, {title.name: title.held_bonus_minor for title in terms.titles})
        after = " after the month of achievement" if found.after_achievement else ""
        parts = f" Paid in {found.instalments} monthly parts while the title is held." if found.instalments > 1 else ""
        held = f"Once, for a title held {months(found.successive_periods)} in a row{after}: {paid}."
        yield rule(f"{held}{parts}", found.clause)


def _amounts(terms: Terms, amounts: dict[str, int]) -> str:
    return ", ".join(f"{name} {money(minor, terms)}" for name, minor in amounts.items() if minor)


def cap_lines(terms: Terms) -> list[str]:
    """Say what bonuses pay at most."""
    return [rule(f"{cap.name}: {_cap(cap, terms)}.", cap.clause) for cap in terms.caps]


def _cap(cap: Cap, terms: Terms) -> str:
    member = [f"at most {money(cap.member_minor, terms)} to a member in a month"] if cap.member_minor else []
    whole = [f"at most {percent_text(cap.share_bp)} of the company's CV in all"] if cap.share_bp else []
    verb = "pays" if len(cap.bonuses) == 1 else "pay"
    return f"{_bonuses(cap.bonuses)} {verb} {', and '.join([*member, *whole])}"
