"""
A change as a screen shows it: the ways to a step or title, each as customers' sales, group volume and legs.

Nobody is ever told to buy or to recruit: what sales to customers cannot bring is named with what it needs, no more.
"""

from enum import StrEnum

from msgspec import Struct

from backend.forecast.standing import Check


class NeedKind(StrEnum):
    """What kind of thing is missing."""

    OWN_CUSTOMERS = "own_customers"
    """Points that only the member's own customers can bring."""
    GROUP_VOLUME = "group_volume"
    """Points that own customers bring, or that are sold in the legs."""
    LEG_VOLUME = "leg_volume"
    """Points that count only where they are sold in the legs."""
    LEG_COUNT = "leg_count"
    """Legs that have what a condition asks of a leg."""
    ENROLLED = "enrolled"
    """Members whom the member enrolled, and who are not active."""
    CUSTOMERS = "customers"
    """Own customers who buy in the period."""


class Seller(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member whose own customers may bring so many points, hundredths; `leg` is its frontline leg, or empty."""

    member: str
    leg: str
    points: int


class Need(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One thing that is missing: `points` in hundredths in all, `count` of legs or people.

    The sellers of GROUP_VOLUME are the nearest legs in any one of which all of it may be sold in place of own
    customers; those of other kinds are the nearest who bring it together. `check` is the condition behind a count.
    """

    kind: NeedKind
    points: int
    count: int = 0
    sellers: tuple[Seller, ...] = ()
    check: Check | None = None


class Way(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One way: all of its needs together. `points` is what customers would have to buy in all, `sales` from whom.

    `unsold` is what no sale brings: a title, a training, periods, people who are not there. A way without any was
    tried: with these sales the engine reaches what was asked.
    """

    needs: tuple[Need, ...]
    points: int
    sales: dict[str, int]
    customers: int = 0
    unsold: tuple[Check, ...] = ()


class Change(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is missing for a member: `what` is step, title, keep or breakaway, `index` the step's or title's.

    The cheapest way stands first, by points; those with something that no sale brings stand last. Everything else is
    held as it is today: nobody else sells more, and nothing comes back.
    """

    member: str
    what: str
    index: int
    met: bool
    ways: tuple[Way, ...] = ()

    @property
    def cheapest(self) -> Way | None:
        """The cheapest way that sales alone bring, or None."""
        return next((way for way in self.ways if not way.unsold), None)


class Changes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of a member's changes; None where there is no step or title above, or nothing has to be kept."""

    next_step: Change | None
    next_title: Change | None
    keeping: Change | None
    breakaways: tuple[Change, ...]
