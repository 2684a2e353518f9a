"""
Pools, level bonuses, matches, one-time bonuses and caps of one day.
"""

from backend.plan.document import rewards as written
from backend.plan.resolve.gates import FOSTERS, requirement_of
from backend.plan.resolve.lookup import Lookup
from backend.plan.resolve.paying import chosen_by, index_of
from backend.plan.terms import (
    Cap,
    FastStart,
    Fund,
    LevelBonus,
    Line,
    Match,
    Multiplier,
    OneTime,
    Pool,
    ProductAmounts,
    RatesBy,
    Split,
    TitleHeld,
    VolumeNumber,
)

BONUSES: dict[str, int] = {
    "personal": 0,
    "differential": 1,
    "override": 2,
    "pool": 3,
    "fast start": 4,
    "title held": 5,
    "production": 6,
    "level": 7,
    "one time": 9,
    "multiplier": 11,
}
"""The numbers of the engine's kinds of bonus, which a plan cannot import; a test holds the two together."""

FUNDS = {"company": Fund.COMPANY, "market": Fund.MARKET, "downlines": Fund.DOWNLINES}
SPLITS = {
    "points": Split.POINTS,
    "equal": Split.EQUAL,
    "volume": Split.VOLUME,
    "leg tiers": Split.LEG_TIERS,
    "leg units": Split.LEG_UNITS,
}
LINES = {"sponsor": Line.SPONSOR, "enroller": Line.ENROLLER}


def pool_of(look: Lookup, found: written.Pool) -> Pool:
    """Return a pool: its fund, who shares in it, and by what."""
    return Pool(
        id=found.id,
        name=found.name,
        share_bp=look.number(found.share),
        fund=FUNDS[found.fund],
        fund_volume=look.volume(found.fund_volume, VolumeNumber.OWN),
        split=SPLITS[found.split],
        gate=requirement_of(look, found.requires, found.clause),
        leg_points=look.number(found.leg_points),
        volume=look.volume(found.volume, VolumeNumber.GROUP),
        mark=look.mark(found.leg_mark),
        periods=look.number(found.of_last),
        leg_periods=look.number(found.leg_periods),
        fosters=FOSTERS[found.fosters],
        tiers=tuple((tier.up_to or 0, tier.points, tier.per) for tier in look.maybe(found.tiers) or ()),
        units=tuple((each.legs, each.units) for each in look.maybe(found.units) or ()),
        share_minor=look.minor(found.set_amount),
        in_last_period_of_year=found.paid == "in the last period of the year",
        clause=found.clause,
    )


def level_of(look: Lookup, found: written.LevelBonus) -> LevelBonus:
    """Return a bonus by level on orders."""
    return LevelBonus(
        id=found.id,
        name=found.name,
        rates_bp=look.maybe(found.rates) or (),
        products=tuple(_amounts(look, each) for each in look.maybe(found.products) or ()),
        line=LINES[found.line],
        alone=found.other_bonuses == "not paid on it",
        first_orders=found.orders == "first",
        within_days=look.number(found.within_days),
        gate=requirement_of(look, found.requires, found.clause),
        compressed=found.compressed == "yes",
        or_differential=found.or_differential == "yes",
        clause=found.clause,
    )


def _amounts(look: Lookup, found: written.ProductAmounts) -> ProductAmounts:
    return ProductAmounts(
        product=look.products.index(found.product),
        amounts_minor=tuple(amount.amount_minor for amount in found.amounts),
    )


def multiplier_of(look: Lookup, found: written.Multiplier) -> Multiplier:
    """Return a rate on the own bonuses: each row goes on up to the next one, and below the first it is nothing."""
    rows = look.maybe(found.rows) or ()
    begins = {index_of(look, row): row.rate for row in rows}
    rates: list[int] = []
    for index in range(max(begins) + 1 if begins else 0):
        rates.append(begins.get(index, rates[-1] if rates else 0))
    return Multiplier(
        id=found.id,
        name=found.name,
        rates_bp=tuple(rates) or (look.number(found.rate),),
        bonuses=tuple(BONUSES[bonus] for bonus in found.bonuses),
        by=chosen_by(rows[0]) if rows else RatesBy.NOTHING,
        gate=requirement_of(look, found.requires, found.clause),
        clause=found.clause,
    )


def match_of(look: Lookup, found: written.Match) -> Match:
    """Return a match by level on what members below earn."""
    return Match(
        id=found.id,
        name=found.name,
        rates_bp=look.on(found.rates),
        bonuses=tuple(BONUSES[bonus] for bonus in found.bonuses),
        line=LINES[found.line],
        gate=requirement_of(look, found.requires, found.clause),
        compressed=found.compressed == "yes",
        clause=found.clause,
    )


def fast_start_of(look: Lookup, found: written.FastStart | None) -> FastStart:
    """Return the days of the fast start; 0 where the plan has none."""
    if found is None:
        return FastStart(within_days=0)
    return FastStart(within_days=look.on(found.within_days), clause=found.clause)


def one_time_of(look: Lookup, found: written.OneTime) -> OneTime:
    """Return an amount that a target pays once."""
    return OneTime(
        id=found.id,
        name=found.name,
        requirement=requirement_of(look, found.requires, found.clause),
        amount_minor=look.on(found.amount).amount_minor,
        within_days=look.number(found.within_days),
        clause=found.clause,
    )


def title_held_of(look: Lookup, found: written.TitleHeld | None) -> TitleHeld:
    """Return the periods after which a title pays its bonus; 0 where the plan has none."""
    if found is None:
        return TitleHeld(successive_periods=0)
    return TitleHeld(
        successive_periods=look.on(found.successive_periods),
        after_achievement=found.counted == "after it",
        instalments=look.number(found.instalments, 1),
        restarts=found.interrupted == "begins anew",
        clawback_periods=look.number(found.clawback_periods),
        clause=found.clause,
    )


def cap_of(look: Lookup, found: written.Cap) -> Cap:
    """Return the most that some bonuses pay."""
    return Cap(
        id=found.id,
        name=found.name,
        bonuses=tuple(BONUSES[bonus] for bonus in found.bonuses),
        member_minor=look.minor(found.per_member),
        share_bp=look.number(found.share),
        before_matches=found.cuts == "before matches",
        clause=found.clause,
    )
