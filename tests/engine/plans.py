"""
Random plans, drawn from a seed: the whole space of terms, from the ladder to the differential.
"""

from random import Random
from typing import Any

from msgspec.structs import replace

from backend.kernel.points import Rounding
from backend.plan.terms import (
    Against,
    Breakaway,
    Condition,
    Differential,
    Failing,
    FallsTo,
    Ladder,
    LevelBonus,
    Maintenance,
    Mark,
    Market,
    Measure,
    Pause,
    Personal,
    Requirement,
    Retail,
    Stays,
    Step,
    Terms,
    Title,
    Unpaid,
)
from tests.engine.drawing import FIRST, OFTEN, ON_MARKS, ON_STEP, PERSONAL, Draw

PERCENTS = (0, 300, 500, 777, 1200, 1601, 2500)


def core_of(draw: Draw) -> dict[str, Any]:
    """Draw everything of a plan up to its differential."""
    random = draw.random
    rounding = random.choice(list(Rounding))
    unqualified = random.choice((Failing.COMPRESS_UP, *Failing))
    breakaway = _breakaway(draw)
    differential = _differential(draw, rounding, unqualified, breakaway)
    return {
        "rounding": rounding,
        "rounded_on_sum": not differential.less_deductions and draw.maybe(0.25),
        "own_pv_limit": random.choice((0, 0, 50_00, 123_45)),
        "year_begins_month": random.choice((1, 10, 11)),
        "active": draw.requirement(PERSONAL),
        "unqualified": unqualified,
        "pause": Pause(while_unpaid=draw.maybe(0.3), while_uncleared=draw.maybe(0.3)),
        "volumes": draw.volumes,
        "marks": tuple(_mark(draw, index) for index in range(draw.marks)),
        "steps": _ladder(draw),
        "ladder": Ladder(
            never_lost=draw.maybe(0.3),
            frontline_floor=draw.maybe(0.2),
            stated=draw.maybe(0.2),
            fast_track_at_once=draw.maybe(0.5),
            unpaid=draw.random.choice(list(Unpaid)),
        ),
        "breakaway": breakaway,
        "titles": tuple(_title(draw, index) for index in range(draw.titles)),
        "maintenance": Maintenance(
            window_periods=random.randint(0, 4),
            grace_periods=random.randint(0, 3),
            falls_to=random.choice(list(FallsTo)),
            locked_periods=random.choice((0, 1, 3)),
        ),
        "personal": Personal(
            pays=unqualified == Failing.OWN_SALES_ONLY or draw.maybe(0.85),
            first_orders_to_sponsor=draw.maybe(0.2),
            customer_share_bp=random.choice((0, 0, 7000)),
            verified_share_bp=random.choice((0, 0, 6000)),
        ),
        "retail": Retail(rate_bp=2500, of_price=draw.maybe(0.5), own_too=draw.maybe(0.5)) if draw.maybe(0.3) else None,
        "differential": differential,
        "markets": tuple(_market(random, index) for index in range(random.randint(1, 3))),
    }


def _ladder(draw: Draw) -> tuple[Step, ...]:
    percents = sorted(draw.random.choice(PERCENTS) for _ in range(draw.steps))
    measures = FIRST + ON_MARKS
    tracks = [draw.maybe(0.2) and index > 0 for index in range(draw.steps)]
    return tuple(
        Step(
            id=f"s{index}",
            name=f"Step {index}",
            percent_bp=percent,
            requirement=draw.requirement(measures, marks=draw.early_marks) if index else Requirement(),
            fast_track=draw.requirement(measures, marks=draw.early_marks) if tracks[index] else None,
            paid=draw.requirement(OFTEN) if index and draw.maybe(0.3) else Requirement(),
        )
        for index, percent in enumerate(percents)
    )


def _mark(draw: Draw, index: int) -> Mark:
    """Draw a mark that asks only for marks before it; only a late one, which no step asks for, asks for the step."""
    measures = FIRST + ON_MARKS + (ON_STEP if index >= draw.early_marks else ())
    requirement = draw.requirement(measures, marks=index)
    return Mark(id=f"q{index}", name=f"Mark {index}", requirement=requirement, stated=draw.maybe(0.3))


def _breakaway(draw: Draw) -> Breakaway:
    at_least = draw.random.randint(max(0, draw.steps - 2), draw.steps)
    on_step = Requirement(any_of=((Condition(measure=Measure.STEP, at_least=at_least),),))
    return Breakaway(
        requirement=draw.requirement(tuple(Measure)) if draw.maybe(0.3) else on_step,
        never=draw.maybe(0.1),
        stays=draw.random.choice((Stays.WITH_TITLE, *Stays)),
        title=draw.random.randint(1, draw.titles - 1),
        closes_volume=draw.maybe(0.8),
        closes_differential=draw.maybe(0.8),
    )


def _title(draw: Draw, index: int) -> Title:
    random = draw.random
    asked = draw.requirement(tuple(Measure) + OFTEN)
    return Title(
        id=f"t{index}",
        name=f"Title {index}",
        requirement=asked if index else Requirement(),
        keep=draw.requirement(OFTEN) if index or draw.maybe(0.2) else Requirement(),
        requalify=draw.requirement(OFTEN) if index and draw.maybe(0.3) else None,
        generations=random.choice((0, 2, 4, 5, 5)),
        pool_points=random.randint(0, 4),
        held_bonus_minor=random.choice((0, 5000, 12_001)),
        fast_start_minor=random.choice((0, 2500, 4000)),
    )


def _differential(draw: Draw, rounding: Rounding, unqualified: Failing, breakaway: Breakaway) -> Differential:
    against = draw.random.choice((Against.HIGHEST_PAID, *Against))
    only_volume = breakaway.closes_volume and not breakaway.closes_differential and not breakaway.never
    one_line = against == Against.FRONTLINE and rounding == Rounding.TRUNCATE and not only_volume
    less_deductions = one_line and unqualified not in {Failing.OWN_SALES_ONLY, Failing.PASS_UP} and draw.maybe(0.7)
    return Differential(
        pays=draw.maybe(0.95),
        against=against,
        deducts_in_full=unqualified != Failing.COMPRESS_UP and draw.maybe(0.3),
        from_level=1 if less_deductions or draw.maybe(0.8) else 2,
        gate=draw.requirement(OFTEN) if draw.maybe(0.3) else Requirement(),
        less_deductions=less_deductions,
    )


def _market(random: Random, index: int) -> Market:
    return Market(
        id=f"m{index}",
        currency=random.choice(("USD", "JPY", "KWD")),
        minor_per_point=random.choice((1, 7, 92, 100, 137, 15_000)),
        return_days=30,
        cv_per_point=random.choice((100, 50, 300)),
        rounding_minor=random.choice((1, 1, 5, 100)),
        pool_weight=random.randint(0, 3),
    )


def with_markets_of_their_own(draw: Draw, terms: Terms) -> Terms:
    """Draw other numbers for some markets: percents, limits and what the steps and the active are asked for."""
    others = [market for market in range(len(terms.markets)) if draw.maybe(0.2)]
    return replace(terms, elsewhere={market: _other_numbers(draw, terms) for market in others})


def _other_numbers(draw: Draw, terms: Terms) -> Terms:
    percents = sorted(draw.random.choice(PERCENTS) for _ in terms.steps)
    level = 1 if terms.differential.less_deductions else draw.random.choice((1, 2))
    return replace(
        terms,
        own_pv_limit=draw.random.choice((0, 40_00)),
        title_held=replace(terms.title_held, clawback_periods=draw.random.choice((0, 2))),
        active=other_requirement(draw, terms.active),
        steps=tuple(
            replace(
                step,
                percent_bp=percent,
                requirement=other_requirement(draw, step.requirement),
                paid=other_requirement(draw, step.paid),
            )
            for step, percent in zip(terms.steps, percents, strict=True)
        ),
        differential=replace(terms.differential, from_level=level),
        maintenance=replace(
            terms.maintenance,
            window_periods=draw.random.randint(0, 4),
            grace_periods=draw.random.randint(0, 3),
            locked_periods=draw.random.choice((0, 1, 3)),
        ),
        breakaway=replace(terms.breakaway, requirement=other_requirement(draw, terms.breakaway.requirement)),
        marks=tuple(replace(mark, requirement=other_requirement(draw, mark.requirement)) for mark in terms.marks),
        levels=tuple(_other_level(draw, level) for level in terms.levels),
        titles=tuple(
            replace(
                title, requirement=other_requirement(draw, title.requirement), keep=other_requirement(draw, title.keep)
            )
            for title in terms.titles
        ),
    )


def _other_level(draw: Draw, level: LevelBonus) -> LevelBonus:
    products = [replace(each, amounts_minor=each.amounts_minor[::-1]) for each in level.products]
    return replace(level, within_days=draw.random.choice((0, 60)), products=tuple(products))


def other_requirement(draw: Draw, requirement: Requirement) -> Requirement:
    """Return the same conditions asking for other numbers."""
    return Requirement(
        any_of=tuple(
            tuple(replace(one, at_least=one.at_least // draw.random.choice((1, 2))) for one in way)
            for way in requirement.any_of
        )
    )
