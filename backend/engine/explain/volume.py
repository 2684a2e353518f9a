"""
Volume, explained: own purchases up to the plan's limit and customers' purchases; first orders stand where they count.
"""

from collections.abc import Iterator

from backend.engine.columns.first_orders import cv_alone
from backend.engine.explain.parts import points, reason, summed
from backend.engine.gates.measures import Member
from backend.kernel.trace import Trace


def explained(member: Member) -> Iterator[Trace]:
    """Yield PV and CV."""
    yield _pv(member)
    yield _cv(member)


def _pv(member: Member) -> Trace:
    """Own purchases, what of them is beyond the limit, and customers' purchases."""
    own, customers = member.of("own_pv"), member.of("customer_pv")
    beyond = member.of("pv") - own - customers
    parts = [points("own_pv", own), points("customer_pv", customers)]
    if beyond:
        clause = member.terms.own_pv_limit_clause
        parts.insert(1, Trace(name="beyond_limit", value=beyond, unit="points", rule=clause))
        parts.append(reason("own_purchases_limit", clause))
    return summed("pv", parts, unit="points")


def _cv(member: Member) -> Trace:
    parts = [points("own_cv", member.of("own_cv")), points("customer_cv", member.of("customer_cv"))]
    if alone := int(cv_alone(member.snapshot, member.plan)[member.index]):
        parts.append(points("first_order_alone", -alone))
        parts += paid_alone(member)
    if member.terms.personal.first_orders_to_sponsor:
        rule = member.terms.personal.clause
        if first := member.of("first_cv"):
            parts.append(points("first_order_at_sponsor", -first))
            parts.append(reason("first_order_at_sponsor", rule))
        legs = [member.at(index) for index in range(member.legs.start, member.legs.stop)]
        parts += [points("first_order_of_leg", leg.of("first_cv"), member=leg.id) for leg in legs if leg.of("first_cv")]
    return summed("cv", parts, unit="points")


def paid_alone(member: Member) -> Iterator[Trace]:
    """Yield the level bonus that the member's first order pays alone, as the reason why nothing else is paid on it."""
    if cv_alone(member.snapshot, member.plan)[member.index]:
        rule = next(level for level in member.terms.levels if level.alone)
        yield reason("first_order_alone", rule.clause)
