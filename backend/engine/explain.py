"""
Explain: why a member's numbers are what they are, and what kept them from being higher.

Every number of an outcome opens into a Trace whose parts add up to it exactly. The reasons stand beside the parts as
parts of value zero, so that they never change a sum. Plain Python on one member: nothing is computed again that a
kernel has computed.
"""

from msgspec.structs import replace

from backend.engine.earned import bonuses, differential, gathered, override, personal, pool
from backend.engine.measures import Measures, Member, holds, nearest_way
from backend.engine.outcome import Outcome, Upkeep
from backend.engine.snapshot import Snapshot
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Condition, Measure, Requirement, Terms

LEG_QUESTIONS = (Measure.LEGS_WITH_VOLUME, Measure.LEGS_WITH_STEP)

UNITS = {
    Measure.PV: "points",
    Measure.GV: "points",
    Measure.TGV: "points",
    Measure.SIDE_VOLUME: "points",
    Measure.CUSTOMER_PV: "points",
    Measure.TRAINING: "yes",
    Measure.ACTIVE: "yes",
}


def explain(snapshot: Snapshot, terms: Terms, outcome: Outcome, member_id: str) -> tuple[Trace, ...]:
    """
    Return a trace for each of a member's numbers, from the volume to the total.

    Where a trace says that it adds up, its parts give its value exactly. Raises KeyError for an id that is nobody's.
    """
    if member_id not in snapshot.members:
        raise KeyError(member_id)
    member = Member(snapshot=snapshot, terms=terms, outcome=outcome, index=snapshot.members.index(member_id))
    earned = (personal(member), differential(member), override(member), pool(member), *bonuses(member))
    sums = tuple(replace(one, parts=(), adds_up=False) for one in earned)
    total = Trace(name="total", value=sum(one.value for one in sums), unit="minor", parts=sums, adds_up=True)
    return (_pv(member), _cv(member), _active(member), *_volumes(member), *_standing(member), *earned, total)


def conditions(member: Member, requirement: Requirement) -> tuple[Trace, ...]:
    """Return the conditions of a requirement's nearest way: each with what there is, and whether it holds."""
    measures = member.measures
    return tuple(_condition(condition, measures) for condition in nearest_way(requirement, measures))


def _condition(condition: Condition, measures: Measures) -> Trace:
    about = {
        "measure": condition.measure.name.lower(),
        "at_least": _amount(condition.at_least, condition.measure),
        **({"of": _of(condition)} if condition.measure in LEG_QUESTIONS else {}),
        "met": "yes" if measures.met(condition) else "no",
    }
    unit = UNITS.get(condition.measure, "count")
    return Trace(name="condition", value=measures.have(condition), unit=unit, rule=condition.clause, about=about)


def _amount(value: int, measure: Measure) -> str:
    return points_text(value) if UNITS.get(measure) == "points" else str(value)


def _of(condition: Condition) -> str:
    return points_text(condition.of) if condition.measure == Measure.LEGS_WITH_VOLUME else str(condition.of)


def _points(name: str, value: int, **about: str) -> Trace:
    return Trace(name=name, value=value, unit="points", about=about)


def _pv(member: Member) -> Trace:
    """Own purchases, what of them is beyond the limit, and customers' purchases."""
    own, customers = member.of("own_pv"), member.of("customer_pv")
    beyond = member.of("pv") - own - customers
    parts = [_points("own_pv", own), _points("customer_pv", customers)]
    if beyond:
        limit = Trace(name="beyond_limit", value=beyond, unit="points", rule=member.terms.own_pv_limit_clause)
        parts.insert(1, limit)
    return Trace(name="pv", value=member.of("pv"), unit="points", parts=tuple(parts), adds_up=True)


def _cv(member: Member) -> Trace:
    parts = (_points("own_cv", member.of("own_cv")), _points("customer_cv", member.of("customer_cv")))
    return Trace(name="cv", value=member.of("cv"), unit="points", parts=parts, adds_up=True)


def _active(member: Member) -> Trace:
    requirement = member.terms.active
    joined = {} if member.of("days_since_joining") >= 0 else {"reason": "not_joined"}
    return Trace(
        name="active",
        value=member.of("active"),
        unit="yes",
        rule=requirement.clause,
        about=joined,
        parts=conditions(member, requirement),
    )


def _volumes(member: Member) -> tuple[Trace, ...]:
    """GV and TGV by leg; a leg that has broken away stands in GV with nothing, and says how much it has."""
    legs = [member.at(index) for index in range(member.legs.start, member.legs.stop)]
    group, whole, side = [_points("pv", member.of("pv"))], [_points("pv", member.of("pv"))], []
    for leg in legs:
        broken = bool(leg.of("broken_away"))
        whole.append(_points("leg", leg.of("tgv"), member=leg.id))
        group.append(
            _points("leg_broken_away", 0, member=leg.id, own_group=points_text(leg.of("gv")))
            if broken
            else _points("leg", leg.of("gv"), member=leg.id)
        )
        if not broken and 0 < leg.of("step") == len(member.terms.steps) - 1:
            side.append(_points("leg_on_top_step", -leg.of("gv"), member=leg.id))
    return (
        Trace(name="gv", value=member.of("gv"), unit="points", parts=gathered(group), adds_up=True),
        Trace(name="tgv", value=member.of("tgv"), unit="points", parts=gathered(whole), adds_up=True),
        Trace(
            name="side_volume",
            value=member.of("side_volume"),
            unit="points",
            parts=gathered([_points("gv", member.of("gv")), *side]),
            adds_up=True,
        ),
    )


def _standing(member: Member) -> tuple[Trace, ...]:
    terms, step = member.terms, member.of("step")
    reached = _rung("step_reached", step, terms.steps[step].requirement, member)
    above = [_rung("step_missed", n, terms.steps[n].requirement, member) for n in range(step + 1, len(terms.steps))][:1]
    unpaid = {} if member.of("active") else {"reason": "inactive"}
    return (
        Trace(name="step", value=step, unit="count", rule=terms.steps[step].clause, parts=(reached, *above)),
        Trace(name="paid_step", value=member.of("paid_step"), unit="count", about=unpaid),
        _broken_away(member),
        _title(member),
    )


def _rung(name: str, index: int, requirement: Requirement, member: Member) -> Trace:
    parts = conditions(member, requirement)
    return Trace(name=name, value=index, unit="count", rule=requirement.clause, parts=parts)


def _broken_away(member: Member) -> Trace:
    """Whether the requirement holds this period, or only the title carried in still holds the group apart."""
    requirement = member.terms.breakaway
    by_title = member.of("broken_away") and not holds(requirement, member.measures)
    return Trace(
        name="broken_away",
        value=member.of("broken_away"),
        unit="yes",
        rule=requirement.clause,
        about={"reason": "title_kept"} if by_title else {},
        parts=conditions(member, requirement),
    )


def _title(member: Member) -> Trace:
    """Return the title with what was carried in, what keeps it, what is achieved, and the next one."""
    titles, title, before = member.terms.titles, member.of("title"), member.of("title_before")
    keeps = _rung("title_carried", before, titles[before].keep, member)
    achieved = _rung(
        "title_achieved", member.of("achieved_title"), titles[member.of("achieved_title")].requirement, member
    )
    above = [_rung("title_missed", n, titles[n].requirement, member) for n in range(title + 1, len(titles))][:1]
    state = Upkeep(member.of("upkeep")).name.lower()
    about = {"upkeep": state, "held": str(member.of("held")), "missed": str(member.of("missed"))}
    rule = titles[title].clause
    return Trace(name="title", value=title, unit="count", rule=rule, about=about, parts=(keeps, achieved, *above))
