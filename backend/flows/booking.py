"""
Booking: into which period an order or a return counts, and whether it is volume there or corrects an earlier one.

The line of a closed period is drawn for good. What arrives for it afterwards counts in the first period that is not
closed, or corrects the closed one there, as the plan says; and a plan that recovers returns takes each out of the
period of its order.
"""

from msgspec import Struct

from backend.kernel.period import Period
from backend.plan.terms import LateOrders, Returns, Terms


class Booked(Struct, frozen=True, kw_only=True):
    """The period in whose books an entry lies, and the earlier period that it corrects, where it is no volume here."""

    period: Period
    origin: Period | None = None


def booked(happened: Period, bought: Period | None, *, terms: Terms, closed: Period | None) -> Booked:
    """
    Return where an entry counts that happened in a period.

    `bought` is the period in which the order of a return counts, None for an order; `closed` is the last period under
    which a line was drawn.
    """
    first_open = happened if closed is None else max(happened, closed.plus(1))
    if bought is not None and bought < happened and terms.returns is Returns.RECOVERED:
        return Booked(period=first_open, origin=bought)
    if first_open > happened and terms.late_orders is LateOrders.OWN_PERIOD:
        return Booked(period=first_open, origin=happened)
    return Booked(period=first_open)
