"""
The ladder, breakaway and the titles of one day.
"""

from backend.plan.document import ladder as written
from backend.plan.resolve.gates import requirement_given, requirement_of
from backend.plan.resolve.lookup import Lookup
from backend.plan.terms import Breakaway, FallsTo, Ladder, Maintenance, Requirement, Stays, Step, Title, Unpaid

STAYS = {
    "while the title is kept": Stays.WITH_TITLE,
    "in this period": Stays.PERIOD,
    "for good": Stays.FOR_GOOD,
}
FALLS_TO = {"achieved": FallsTo.ACHIEVED, "one down": FallsTo.ONE_DOWN}
UNPAID = {"lower step": Unpaid.LOWER_STEP, "as inactive": Unpaid.AS_INACTIVE}


def step_of(look: Lookup, step: written.Step) -> Step:
    """Return a step with its percent, what reaches it, and what lets it be paid."""
    return Step(
        id=step.id,
        name=step.name,
        percent_bp=look.on(step.percent),
        requirement=requirement_of(look, step.requires, step.clause),
        fast_track=requirement_given(look, step.fast_track, step.clause),
        paid=requirement_of(look, step.paid_requires, step.clause),
        clause=step.clause,
    )


def ladder_of(look: Lookup, ladder: written.Ladder | None) -> Ladder:
    """Return what settles a step beside its requirement; nothing does where the plan says nothing."""
    if ladder is None:
        return Ladder()
    return Ladder(
        never_lost=ladder.never_lost == "yes",
        frontline_floor=ladder.frontline_floor == "yes",
        stated=ladder.stated == "yes",
        fast_track_at_once=look.maybe(ladder.fast_track_counts) != "from the next period",
        unpaid=UNPAID[ladder.unpaid],
        clause=ladder.clause,
    )


def breakaway_of(look: Lookup, found: written.Breakaway | None) -> Breakaway:
    """Return when a leg breaks away; never where the plan knows no breakaway. No title is one above the highest."""
    none = len(look.titles)
    if found is None:
        return Breakaway(never=True, requirement=Requirement(), stays=Stays.PERIOD, title=none)
    stays = STAYS[found.stays]
    kept = look.maybe(found.kept_with_title) if stays is Stays.WITH_TITLE else None
    return Breakaway(
        requirement=requirement_of(look, found.requires, found.clause),
        stays=stays,
        title=none if kept is None else look.title_index[kept],
        closes_volume=found.closes != "differential",
        closes_differential=found.closes != "volume",
        clause=found.clause,
    )


def title_of(look: Lookup, title: written.Title, maintenance: written.Maintenance | None) -> Title:
    """Return a title: what earns and keeps it, and what it opens. Keeping it follows the clause of maintenance."""
    return Title(
        id=title.id,
        name=title.name,
        requirement=requirement_of(look, title.requires, title.clause),
        keep=requirement_of(look, title.keep, maintenance.clause if maintenance else title.clause),
        requalify=requirement_given(look, title.requalify, title.clause),
        generations=look.number(title.generations),
        pool_points=look.number(title.pool_points),
        held_bonus_minor=look.minor(title.held_bonus),
        fast_start_minor=look.minor(title.fast_start),
        clause=title.clause,
    )


def maintenance_of(look: Lookup, found: written.Maintenance | None) -> Maintenance:
    """Return how titles are kept; without a rule none is ever taken."""
    if found is None:
        return Maintenance(window_periods=0, grace_periods=0)
    return Maintenance(
        window_periods=look.on(found.window_periods),
        grace_periods=look.on(found.grace_periods),
        falls_to=FALLS_TO[found.falls_to],
        locked_periods=look.number(found.locked_periods),
        clause=found.clause,
    )
