"""
Standing, explained: group volumes leg by leg with what they leave out, legs counted, marks, the step and breakaway.
"""

from collections.abc import Iterator

from backend.engine.explain import named
from backend.engine.explain.parts import asks, conditions, points, reason, rung, summed
from backend.engine.explain.supply import points_reason
from backend.engine.gates.measures import Member, holds
from backend.engine.snapshot import UNSTATED
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement, Stays

GROUPS = (("gv", "pv"), ("group_cv", "cv"))
WHOLES = (("tgv", "pv"), ("total_cv", "cv"))
SIDES = (("side_volume", "gv"), ("side_cv", "group_cv"))


def explained(member: Member) -> Iterator[Trace]:
    """Yield the group's volumes, named volumes, counts of legs, marks, the step, its percent, and breakaway."""
    legs = [member.at(index) for index in range(member.legs.start, member.legs.stop)]
    yield from (_group(member, legs, group, own) for group, own in GROUPS)
    yield from (_whole(member, legs, whole, own) for whole, own in WHOLES)
    yield from (_side(member, legs, side, group) for side, group in SIDES)
    yield from named.explained(member)
    yield _legs_selling(legs)
    yield _legs_broken_away(member, legs)
    yield from (_mark(member, at) for at in range(len(member.terms.marks)))
    yield _step(member)
    yield _percent(member)
    yield _broken_away(member)


def _group(member: Member, legs: list[Member], group: str, own: str) -> Trace:
    """Own and each leg's; a leg that has broken away stands there with nothing, and says how much it has."""
    parts = [points(own, member.of(own))]
    closes = member.terms.breakaway.closes_volume
    for leg in legs:
        if leg.of("broken_away") and closes:
            parts.append(points("leg_broken_away", 0, member=leg.id, own_group=points_text(leg.of(group))))
        else:
            parts.append(points("leg", leg.of(group), member=leg.id))
    if any(part.name == "leg_broken_away" for part in parts):
        parts.append(reason("leg_broken_away", member.terms.breakaway.clause))
    return summed(group, parts, unit="points")


def _whole(member: Member, legs: list[Member], whole: str, own: str) -> Trace:
    parts = [points(own, member.of(own)), *(points("leg", leg.of(whole), member=leg.id) for leg in legs)]
    return summed(whole, parts, unit="points")


def _side(member: Member, legs: list[Member], side: str, group: str) -> Trace:
    """Return the group's volume less the legs that have broken away, if it has them, and those on the highest step."""
    top, closes = len(member.terms.steps) - 1, member.terms.breakaway.closes_volume
    parts = [points(group, member.of(group))]
    for leg in legs:
        if leg.of("broken_away") and not closes:
            of_leg = points_text(leg.of(group))
            parts.append(points("leg_broken_away", -leg.of(group), member=leg.id, own_group=of_leg))
        elif 0 < leg.of("step") == top and not leg.of("broken_away"):
            parts.append(points("leg_on_top_step", -leg.of(group), member=leg.id))
    return summed(side, parts, unit="points")


def _legs_selling(legs: list[Member]) -> Trace:
    selling = [leg for leg in legs if leg.of("tgv") > 0]
    return summed("legs_selling", [_counted(leg) for leg in selling], unit="count")


def _legs_broken_away(member: Member, legs: list[Member]) -> Trace:
    """Legs in which the leader, or anyone below, has broken away."""
    broken = named.with_anyone(member, member.outcome.broken_away)
    return summed("legs_broken_away", [_counted(leg) for leg in legs if leg.index in broken], unit="count")


def _counted(leg: Member) -> Trace:
    return Trace(name="leg", value=1, unit="count", about={"member": leg.id})


def _mark(member: Member, at: int) -> Trace:
    """Return a named yes or no, by the requirement or by what the company states."""
    mark = member.terms.marks[at]
    held = member.of("marks") >> at & 1
    stated = mark.stated and member.of("qualified") != UNSTATED
    about = {"id": mark.id, "called": mark.name} | ({"reason": "stated"} if stated else {})
    parts = conditions(member, mark.requirement)
    found = (
        ()
        if held or stated
        else (*_missing(member, at), asks("mark_requirement", member, mark.requirement, mark.clause, id=mark.id))
    )
    rule = mark.clause or mark.requirement.clause
    return Trace(name="mark", value=held, unit="yes", rule=rule, about=about, parts=(*parts, *found))


def _missing(member: Member, at: int) -> Iterator[Trace]:
    mark = member.terms.marks[at]
    if found := points_reason(member, mark.requirement, mark.clause):
        yield found


def _step(member: Member) -> Trace:
    """Return the step with what reaches it, what else set it, and the next one with what it asks for."""
    terms, step = member.terms, member.of("step")
    reached = rung("step_reached", step, terms.steps[step].requirement, member, terms.steps[step].clause)
    above = [
        rung("step_missed", at, terms.steps[at].requirement, member, terms.steps[at].clause)
        for at in range(step + 1, len(terms.steps))
    ][:1]
    reasons = next_step(member)
    about = {"set_by": by} if (by := _set_by(member)) else {}
    parts = (reached, *above, *reasons)
    return Trace(name="step", value=step, unit="count", rule=terms.steps[step].clause, about=about, parts=parts)


def next_step(member: Member, *, pays_more: bool = False) -> list[Trace]:
    """Return why the member is not on the next step, or on the next that pays more: missing points, or all it asks."""
    steps, step = member.terms.steps, member.of("step")
    higher = (
        at for at in range(step + 1, len(steps)) if not pays_more or steps[at].percent_bp > steps[step].percent_bp
    )
    above = next(higher, None)
    if above is None or member.of("closed"):
        return []
    requirement, clause, about = steps[above].requirement, steps[above].clause, {"step": str(above)}
    by_points = points_reason(member, requirement, clause, **about)
    asked = asks("next_step", member, requirement, clause, **about)
    return [by_points, asked] if by_points else [asked]


def _set_by(member: Member) -> str:
    """Return what else than its requirement set the step: carried in, the fast track, the frontline, the company."""
    terms, step = member.terms, member.of("step")
    if member.of("closed"):
        return "closed"
    if terms.ladder.stated and member.of("percent_held_bp") != UNSTATED:
        return "stated"
    if step == 0 or holds(terms.steps[step].requirement, member.measures):
        return ""
    if member.of("step_before") == step:
        return "carried_step"
    if terms.ladder.fast_track_at_once and member.of("fast_step") == step:
        return "fast_track"
    return "frontline_floor"


def _percent(member: Member) -> Trace:
    """Return the step's percent, and what the company states instead."""
    step = member.terms.steps[member.of("step")]
    of_step = step.percent_bp if not member.of("closed") else 0
    parts = [
        Trace(
            name="percent_of_step", value=of_step, unit="bp", rule=step.clause, about={"step": str(member.of("step"))}
        )
    ]
    if stated := member.of("percent_bp") - of_step:
        parts.append(Trace(name="percent_stated", value=stated, unit="bp", rule=member.terms.ladder.clause))
        parts.append(reason("percent_stated", member.terms.ladder.clause))
    return summed("percent", [*parts, *next_step(member, pays_more=True)], unit="bp")


def _broken_away(member: Member) -> Trace:
    """Whether the requirement holds this period, or the title carried in or an earlier period holds the group apart."""
    breakaway = member.terms.breakaway
    requirement = Requirement() if breakaway.never else breakaway.requirement
    broken = member.of("broken_away")
    now = not breakaway.never and holds(requirement, member.measures)
    kept = "title_kept" if breakaway.stays == Stays.WITH_TITLE else "for_good"
    why = kept if broken and not now else "never" if breakaway.never else ""
    found = list[Trace]()
    if not broken and not breakaway.never and not member.of("closed"):
        by_points = points_reason(member, requirement, breakaway.clause)
        found = [
            *([by_points] if by_points else []),
            asks("breakaway_requirement", member, requirement, breakaway.clause),
        ]
    return Trace(
        name="broken_away",
        value=broken,
        unit="yes",
        rule=breakaway.requirement.clause or breakaway.clause,
        about={"reason": why} if why else {},
        parts=(*conditions(member, requirement), *found),
    )
