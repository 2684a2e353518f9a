"""
The terms of one day: every dated value looked up, every id an index, every word a whole number.

A pure function of a document without findings; what holds on a day depends on that day alone. The modules go by the
document's: `gates`, `ladder`, `paying` and `rewards` here make the terms of the same name.
"""

from datetime import date
from typing import Any

import msgspec

from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.points import HUNDREDTHS, Rounding
from backend.plan import document as written
from backend.plan.document import Document
from backend.plan.resolve.gates import mark_of, requirement_of, volume_of
from backend.plan.resolve.ladder import breakaway_of, ladder_of, maintenance_of, step_of, title_of
from backend.plan.resolve.lookup import Lookup, exists, lookup
from backend.plan.resolve.paying import (
    FAILING,
    differential_of,
    late_orders_of,
    leavers_of,
    override_of,
    pause_of,
    personal_of,
    production_of,
    retail_of,
    returns_of,
)
from backend.plan.resolve.rewards import (
    cap_of,
    fast_start_of,
    level_of,
    match_of,
    multiplier_of,
    one_time_of,
    pool_of,
    title_held_of,
)
from backend.plan.terms import Market, Terms

ROUNDINGS = {
    "half up": Rounding.HALF_UP,
    "half even": Rounding.HALF_EVEN,
    "truncate": Rounding.TRUNCATE,
}


def terms_on(document: Document, day: date) -> Terms:
    """Return what the plan says on a day; raises Refused before the plan begins, and from the day it ends."""
    _assert_holds(document, day)
    look = lookup(document, day)
    terms = _terms(document, look)
    regional = {index: _terms(document, lookup(document, day, market.id)) for index, market in enumerate(look.markets)}
    elsewhere = {index: found for index, found in regional.items() if found != terms}
    return msgspec.structs.replace(terms, elsewhere=elsewhere)


def _assert_holds(document: Document, day: date) -> None:
    if exists(document, day):
        return
    place = Place(source=document.name)
    until = f" and ends on {document.ends}" if document.ends else ""
    message = f'The plan "{document.name}" does not hold on {day}: it begins on {document.begins}{until}.'
    raise Refused([Finding(code="plan-not-held", place=place, message=message, remedy="Ask for a day within it.")])


def _terms(plan: Document, look: Lookup) -> Terms:
    own = plan.own_purchases
    return Terms(
        plan=plan.name,
        on=look.day.isoformat(),
        rounding=ROUNDINGS[look.on(plan.rounding.mode)],
        rounded_on_sum=plan.rounding.on == "the sum",
        own_pv_limit=look.number(own.counted_up_to) if own else 0,
        own_pv_limit_clause=own.clause if own else "",
        year_begins_month=plan.year_begins_month,
        active=requirement_of(look, plan.active.requires, plan.active.clause),
        **_bookkeeping(plan),
        products=look.products,
        pause=pause_of(plan.pause),
        unqualified=FAILING[plan.active.otherwise],
        volumes=tuple(volume_of(look, volume) for volume in plan.volumes),
        marks=tuple(mark_of(look, mark) for mark in plan.marks),
        steps=tuple(step_of(look, step) for step in look.steps),
        ladder=ladder_of(look, plan.ladder),
        breakaway=breakaway_of(look, plan.breakaway),
        titles=tuple(title_of(look, title, plan.maintenance) for title in look.titles),
        maintenance=maintenance_of(look, plan.maintenance),
        personal=personal_of(look, plan.personal),
        retail=retail_of(look, plan.retail),
        differential=differential_of(look, plan.differential),
        overrides=tuple(override_of(look, override) for override in plan.overrides),
        productions=tuple(production_of(look, production) for production in plan.productions),
        levels=tuple(level_of(look, level) for level in plan.levels),
        pools=tuple(pool_of(look, pool) for pool in plan.pools),
        matches=tuple(match_of(look, match) for match in plan.matches),
        multipliers=tuple(multiplier_of(look, multiplier) for multiplier in plan.multipliers),
        fast_start=fast_start_of(look, plan.fast_start),
        one_times=tuple(one_time_of(look, one_time) for one_time in plan.one_times),
        title_held=title_held_of(look, plan.title_held),
        caps=tuple(cap_of(look, cap) for cap in plan.caps),
        markets=tuple(_market(look, market) for market in look.markets),
    )


def _bookkeeping(plan: Document) -> dict[str, Any]:
    """Return what becomes of returns, of late orders and of leavers' legs: a plan may leave out each."""
    return {
        "returns": returns_of(plan.returns),
        "returns_clause": plan.returns.clause if plan.returns else "",
        "late_orders": late_orders_of(plan.late_orders),
        "late_orders_clause": plan.late_orders.clause if plan.late_orders else "",
        "leavers": leavers_of(plan.leaving),
        "leavers_clause": plan.leaving.clause if plan.leaving else "",
    }


def _market(look: Lookup, market: written.Market) -> Market:
    point_value = look.on(market.point_value)
    return Market(
        id=market.id,
        currency=point_value.currency,
        minor_per_point=point_value.amount_minor,
        return_days=look.on(market.return_days),
        cv_per_point=look.number(market.cv_per_point, HUNDREDTHS),
        rounding_minor=look.minor(market.rounded_to, 1),
        pool_weight=look.number(market.pool_weight, 1),
        clause=market.clause,
    )
