"""
Parts: the words in which every stage explains itself, and the traces that are made of them.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from backend.engine.gates.measures import Measures, Member, nearest_way
from backend.kernel.points import points_text
from backend.kernel.trace import Trace
from backend.plan.terms import Condition, Measure, Requirement, Terms, VolumeNumber

SHOWN = 60
"""How many parts of a number are shown one by one; a frontline may be 100,000 wide."""

NAMED = 8
"""How many people passed over are named; beyond these they are counted."""

REASON = "not_higher"
"""The name of a part that says why a number is not higher; its value is zero."""

UNITS = {
    Measure.PV: "points",
    Measure.GV: "points",
    Measure.TGV: "points",
    Measure.SIDE_VOLUME: "points",
    Measure.CUSTOMER_PV: "points",
    Measure.VOLUME: "points",
    Measure.CUSTOMER_SHARE: "bp",
    Measure.VERIFIED_SHARE: "bp",
    Measure.TRAINING: "yes",
    Measure.ACTIVE: "yes",
    Measure.FEES_PAID: "yes",
    Measure.CLEARED: "yes",
    Measure.MARK: "yes",
}

OF_MARKS = (
    Measure.MARK,
    Measure.PERIODS,
    Measure.PERIODS_IN_A_ROW,
    Measure.LEGS_WITH_MARK,
    Measure.LEGS_WITH_PERIODS,
)
OF_VOLUMES = (Measure.VOLUME, Measure.LEGS_WITH_VOLUME)

PLAIN_VOLUMES = {
    VolumeNumber.OWN: "pv",
    VolumeNumber.GROUP: "gv",
    VolumeNumber.TOTAL: "tgv",
    VolumeNumber.SIDE: "side_volume",
}


def points(name: str, value: int, **about: str) -> Trace:
    """Return a part in hundredths of a point."""
    return Trace(name=name, value=value, unit="points", about=about)


def minor(name: str, value: int, **about: str) -> Trace:
    """Return a part in minor units of the member's currency."""
    return Trace(name=name, value=value, unit="minor", about=about)


def fact(name: str, **about: str) -> Trace:
    """Return a part of value zero: it says something and never changes a sum."""
    return Trace(name=name, value=0, unit="minor", about=about)


def reason(code: str, rule: str = "", **about: str) -> Trace:
    """Return why a number may not be higher; `reasons.without` says what it means to remove it."""
    return Trace(name=REASON, value=0, unit="minor", rule=rule, about={"reason": code, **about})


def asks(code: str, member: Member, requirement: Requirement, rule: str = "", **about: str) -> Trace:
    """Return the reason that a requirement asks for more: its parts are what is missed, with have and need."""
    lacking = tuple(one for one in conditions(member, requirement) if one.about["met"] == "no")
    clause = next((one.rule for one in lacking if one.rule), requirement.clause or rule)
    return Trace(name=REASON, value=0, unit="minor", rule=clause, about={"reason": code, **about}, parts=lacking)


def summed(name: str, parts: Sequence[Trace], *, unit: str, rule: str = "", **about: str) -> Trace:
    """Return a number that is the sum of its parts."""
    value = sum(part.value for part in parts)
    return Trace(name=name, value=value, unit=unit, rule=rule, about=about, parts=gathered(parts), adds_up=True)


def money(member: Member, name: str, parts: Sequence[Trace], rule: str = "", **about: str) -> Trace:
    """Return an amount of the member's currency that is the sum of its parts."""
    return summed(name, parts, unit="minor", rule=rule, currency=currency(member), **about)


def currency(member: Member) -> str:
    """Return the currency of the member's market."""
    return member.terms.markets[member.of("market")].currency


def gathered(parts: Iterable[Trace]) -> tuple[Trace, ...]:
    """Return the parts as they are; of very many only the largest, and the others as one part with their sum."""
    every = tuple(parts)
    told = [part for part in every if part.name == REASON]
    summands = [part for part in every if part.name != REASON]
    if len(summands) <= SHOWN:
        return every
    ranked = sorted(range(len(summands)), key=lambda index: (-abs(summands[index].value), index))
    rest = [summands[index].value for index in ranked[SHOWN:]]
    others = Trace(name="others", value=sum(rest), unit=summands[0].unit, about={"count": str(len(rest))})
    return (*(summands[index] for index in sorted(ranked[:SHOWN])), others, *told)


def conditions(member: Member, requirement: Requirement) -> tuple[Trace, ...]:
    """Return the conditions of a requirement's nearest way: each with what there is, and whether it holds."""
    if not requirement.any_of:
        return ()
    measures = member.measures
    return tuple(_condition(condition, measures, member.terms) for condition in nearest_way(requirement, measures))


def missed(member: Member, requirement: Requirement) -> tuple[Condition, ...]:
    """Return the conditions that are not met on a requirement's nearest way; none where it holds."""
    if not requirement.any_of:
        return ()
    measures = member.measures
    return tuple(one for one in nearest_way(requirement, measures) if not measures.met(one))


def rung(name: str, index: int, requirement: Requirement, member: Member, rule: str = "") -> Trace:
    """Return a step or title with the conditions of what reaches it."""
    parts = conditions(member, requirement)
    return Trace(name=name, value=index, unit="count", rule=requirement.clause or rule, parts=parts)


def volume_name(terms: Terms, number: int) -> str:
    """Return what a volume is called by its number: a plain volume's name, or `volume:` and the id of a named one."""
    if number >= VolumeNumber.NAMED:
        return f"volume:{terms.volumes[number - VolumeNumber.NAMED].id}"
    return PLAIN_VOLUMES[VolumeNumber(number)]


def decimal(exact: Fraction) -> str:
    """Write a fraction exactly: as a decimal where it ends within twelve places, else as whole and fraction."""
    places = 10**12 * exact
    size = abs(exact)
    sign = "-" if exact < 0 else ""
    if places.denominator == 1:
        whole, rest = divmod(abs(places.numerator), 10**12)
        return f"{sign}{whole}.{rest:012d}".rstrip("0").rstrip(".")
    whole, part = int(size), size - int(size)
    return f"{sign}{whole} {part.numerator}/{part.denominator}"


def _condition(condition: Condition, measures: Measures, terms: Terms) -> Trace:
    measure = condition.measure
    about = {
        "measure": measure.name.lower(),
        "at_least": points_text(condition.at_least) if UNITS.get(measure) == "points" else str(condition.at_least),
        "met": "yes" if measures.met(condition) else "no",
        **_asked_of(condition, terms),
    }
    unit = UNITS.get(measure, "count")
    return Trace(name="condition", value=measures.have(condition), unit=unit, rule=condition.clause, about=about)


def _asked_of(condition: Condition, terms: Terms) -> dict[str, str]:
    """Return what tells conditions of one measure apart: which volume, mark, step, title, over how many periods."""
    measure, about = condition.measure, dict[str, str]()
    if measure in OF_VOLUMES:
        about["volume"] = volume_name(terms, condition.volume)
    if measure in OF_MARKS:
        about["mark"] = terms.marks[condition.of].name
    if measure == Measure.LEGS_WITH_VOLUME:
        about["of"] = points_text(condition.of)
    if measure in (Measure.LEGS_WITH_STEP, Measure.LEGS_WITH_TITLE):
        about["of"] = str(condition.of)
    if condition.periods:
        about["periods"] = str(condition.periods)
    if measure == Measure.LEGS_WITH_PERIODS:
        about["of"] = str(condition.leg_periods)
    return about
