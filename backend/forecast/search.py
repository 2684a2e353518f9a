"""
Search: the ways of one member to what a requirement asks, worked out by running the engine with more customers' sales.

What legs and enrolled people miss is tried first, the nearest before the others, since it changes the group; then what
own customers have to bring is read off. Each way that sales alone bring is run once more as a whole.
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from backend.engine.gates.measures import Member, column_of
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.forecast.change import Need, NeedKind, Seller, Way
from backend.forecast.gap import check_of
from backend.forecast.reach import FAR, Legs, Missing, raised_by_own, steps_from
from backend.forecast.sales import with_sales
from backend.forecast.standing import Check
from backend.forecast.ways import Leaves, any_of, opened
from backend.plan.terms import LEG_MEASURES, Condition, Measure, Reach, Requirement, Terms, VolumeNumber

MOST_SHOWN = 3
"""So many ways are shown, and so many legs tried for volume."""

COUNTED = (Measure.ENROLLED_ACTIVE, Measure.LEGS_BROKEN_AWAY, *LEG_MEASURES)
"""The measures that count people: legs are settled first, those deep in a leg before its leader."""

VOLUMES = (Measure.PV, Measure.CUSTOMER_PV, Measure.GV, Measure.TGV, Measure.SIDE_VOLUME, Measure.VOLUME)

BY_ONESELF = (Measure.PV, Measure.CUSTOMER_PV)

SOLD_BY_ONESELF = (NeedKind.OWN_CUSTOMERS, NeedKind.GROUP_VOLUME, NeedKind.CUSTOMERS)

Reached = Callable[[Outcome], bool]


class Draft(Struct, kw_only=True):
    """A way while it is worked out; `sales` by index."""

    sales: dict[int, int] = field(default_factory=dict)
    customers: int = 0
    needs: list[Need] = field(default_factory=list)
    unsold: list[Check] = field(default_factory=list)

    def sell(self, sellers: Mapping[int, int]) -> None:
        """Add sales."""
        for index, points in sellers.items():
            self.sales[index] = self.sales.get(index, 0) + points

    def spare(self, member: str, points: int) -> None:
        """Take points that a seller need not bring from its needs; a need in which nobody is left is met."""
        for at, need in enumerate(self.needs):
            if points and any(seller.member == member for seller in need.sellers):
                cut = min(points, *(seller.points for seller in need.sellers if seller.member == member))
                points -= cut
                less = [_less(seller, cut) if seller.member == member else seller for seller in need.sellers]
                sellers = tuple(seller for seller in less if seller.points)
                self.needs[at] = replace(need, sellers=sellers, points=sum(seller.points for seller in sellers))
        self.needs[:] = [need for need in self.needs if need.sellers or need.kind in SOLD_BY_ONESELF]


class Search:
    """One member of a computed period, and the ways to whatever `reached` recognises."""

    def __init__(self, member: Member, reached: Reached, *, names_legs: bool = True) -> None:
        """Take the member; `names_legs` says whether legs are tried for group volume, which costs runs."""
        self.member, self.reached, self.names_legs = member, reached, names_legs
        self.index, self.market = member.index, member.of("market")
        self.last: tuple[object, Member] = (None, member)

    def ways(self, requirement: Requirement) -> tuple[Way, ...]:
        """Return the ways to a requirement, the cheapest first, without those that ask no less than another."""
        drawn = [self._way(leaves) for leaves in opened(self.member, requirement)]
        found = sorted((way for way in drawn if way is not None), key=lambda way: (len(way.unsold), way.points))
        kept: list[Way] = []
        for way in found:
            if not any(_asks_less(other, way) for other in kept):
                kept.append(way)
        return tuple(self._with_legs(way) if at == 0 else way for at, way in enumerate(kept[:MOST_SHOWN]))

    def after(self, sales: Mapping[int, int], customers: int = 0) -> Member:
        """Return the member in the period in which so much more is sold; the period itself where nothing is."""
        asked = (sorted((index, points) for index, points in sales.items() if points), customers)
        if asked == ([], 0):
            return self.member
        if self.last[0] != asked:
            now = self.member
            more = with_sales(now.snapshot, now.plan, sales, customers={self.index: customers})
            self.last = asked, Member(snapshot=more, plan=now.plan, outcome=run(more, now.plan), index=now.index)
        return self.last[1]

    def _way(self, leaves: Leaves) -> Way | None:
        draft = Draft()
        self._more_customers(leaves, draft)
        for leaf in sorted((each for each in leaves if each.measure in COUNTED), key=_first_below):
            self._people(leaf, draft)
        for leaf in leaves:
            if leaf.measure == Measure.VOLUME and not raised_by_own(self.member.plan, leaf.volume):
                self._in_legs(leaf, draft)
        self._own(leaves, draft)
        self._shave(draft)
        if not draft.unsold and not self.reached(self.after(draft.sales, draft.customers).outcome):
            return None
        members = self.member.snapshot.members
        sales = {members[index]: points for index, points in draft.sales.items() if points}
        return Way(
            needs=tuple(draft.needs),
            points=sum(sales.values()),
            sales=sales,
            customers=draft.customers,
            unsold=tuple(draft.unsold),
        )

    def _more_customers(self, leaves: Leaves, draft: Draft) -> None:
        asked = [leaf for leaf in leaves if leaf.measure == Measure.CUSTOMERS]
        have = self.member.of("customers")
        draft.customers = max((leaf.at_least - have for leaf in asked if leaf.at_least > have), default=0)
        if draft.customers:
            draft.needs.append(Need(kind=NeedKind.CUSTOMERS, points=0, count=draft.customers))

    def _people(self, leaf: Condition, draft: Draft) -> None:
        """Let the nearest people who do not count yet sell what they miss, as many as are missing."""
        now = self.after(draft.sales, draft.customers)
        have = self._have(now, leaf)
        count = leaf.at_least - have
        if count <= 0:
            return
        near = self._nearest(now, leaf)[:count]
        if len(near) < count:
            draft.unsold.append(check_of(leaf, have))
            return
        draft.sell({seller: points for _, seller, points in near})
        kind = NeedKind.ENROLLED if leaf.measure == Measure.ENROLLED_ACTIVE else NeedKind.LEG_COUNT
        sellers = tuple(self._seller(*each) for each in near)
        points = sum(each.points for each in sellers)
        draft.needs.append(Need(kind=kind, points=points, count=count, sellers=sellers, check=check_of(leaf, have)))

    def _nearest(self, now: Member, leaf: Condition) -> list[tuple[int, int, int]]:
        """Return who does not count yet and can by sales: the leg or person, who sells, and how much; nearest first."""
        missing = Missing(now.snapshot, now.plan, now.outcome)
        if leaf.measure == Measure.ENROLLED_ACTIVE:
            people, points = np.flatnonzero(now.snapshot.enroller == self.index), missing.to_be_active()
            found = Legs(points=points, seller=np.arange(points.size))
        else:
            people, found = np.arange(now.legs.start, now.legs.stop), missing.as_leg(leaf)
        points = found.points[people]
        near = people[(points > 0) & (points < FAR)]
        ordered = near[np.argsort(found.points[near], kind="stable")].tolist()
        return [(index, int(found.seller[index]), int(found.points[index])) for index in ordered[: leaf.at_least]]

    def _in_legs(self, leaf: Condition, draft: Draft) -> None:
        """Let one leg bring the whole of a volume that own sales do not count into: the nearest in which it counts."""
        now = self.after(draft.sales, draft.customers)
        have = self._have(now, leaf)
        if have >= leaf.at_least:
            return
        short = leaf.at_least - have
        for leg in self._open_legs(now):
            tried = Draft(sales=dict(draft.sales))
            tried.sell({leg: short})
            if self._have(self.after(tried.sales, draft.customers), leaf) >= leaf.at_least:
                draft.sell({leg: short})
                sellers = (self._seller(leg, leg, short),)
                draft.needs.append(Need(kind=NeedKind.LEG_VOLUME, points=short, sellers=sellers))
                return
        draft.unsold.append(check_of(leaf, have))

    def _own(self, leaves: Leaves, draft: Draft) -> None:
        """Read off what own customers have to bring, and what nothing brings."""
        now = self.after(draft.sales, draft.customers)
        missing = Missing(now.snapshot, now.plan, now.outcome)
        own = by_oneself = 0
        for leaf in leaves:
            short = self._short(missing, leaf)
            if short < FAR:
                own = max(own, short)
                by_oneself = max(by_oneself, short if _by_oneself(leaf) else 0)
            elif all(check.measure != leaf.measure.name.lower() for check in draft.unsold):
                draft.unsold.append(check_of(leaf, self._have(now, leaf)))
        draft.sell({self.index: own})
        if by_oneself:
            draft.needs.insert(0, Need(kind=NeedKind.OWN_CUSTOMERS, points=by_oneself))
        if own > by_oneself:
            draft.needs.append(Need(kind=NeedKind.GROUP_VOLUME, points=own - by_oneself))

    def _shave(self, draft: Draft) -> None:
        """Take from people what others' sales have made needless: one who sells for a leg may be active by it too."""
        if draft.unsold or sum(bool(need.sellers) for need in draft.needs) < 2:
            return
        for index in [each for each in draft.sales if each != self.index]:
            least = self._least(draft, index)
            draft.spare(self.member.snapshot.members[index], draft.sales[index] - least)
            draft.sales[index] = least

    def _least(self, draft: Draft, index: int) -> int:
        """Return the least sales of one seller with which the way is still one, by halving where it is less."""

        def enough(points: int) -> bool:
            return self.reached(self.after({**draft.sales, index: points}, draft.customers).outcome)

        low, high = 0, draft.sales[index]
        if not enough(high - 1):
            return high
        high = 0 if enough(0) else high - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high

    def _short(self, missing: Missing, leaf: Condition) -> int:
        """Return what own sales miss of a leaf: all that stands behind others has been opened, so volumes only."""
        short = int(missing.to_condition(self.market, leaf)[self.index])
        return short if leaf.measure in VOLUMES or short == 0 else FAR

    def _with_legs(self, way: Way) -> Way:
        """Name the nearest legs in any one of which the group volume of a way may be sold as well."""
        group = next((need for need in way.needs if need.kind == NeedKind.GROUP_VOLUME), None)
        if group is None or way.unsold or not self.names_legs:
            return way
        position = {member: at for at, member in enumerate(self.member.snapshot.members)}
        sales = {position[member]: points for member, points in way.sales.items()}
        sales[self.index] -= group.points
        sellers = []
        for leg in self._open_legs(self.member):
            tried = Draft(sales=dict(sales))
            tried.sell({leg: group.points})
            if self.reached(self.after(tried.sales, way.customers).outcome):
                sellers.append(self._seller(leg, leg, group.points))
        needs = tuple(replace(need, sellers=tuple(sellers)) if need is group else need for need in way.needs)
        return replace(way, needs=needs)

    def _open_legs(self, now: Member) -> list[int]:
        """Return legs that have not broken away, those first who are nearest to their own next step."""
        legs = np.arange(now.legs.start, now.legs.stop)
        legs = legs[~now.outcome.broken_away[legs] & ~now.snapshot.closed[legs]]
        missing = Missing(now.snapshot, now.plan, now.outcome)
        points = np.full(len(now.snapshot.members), FAR, dtype=np.int64)
        for above in range(1, len(now.plan.steps)):
            here = legs[now.outcome.step[legs] == above - 1]
            if here.size:
                points[here] = missing.to(partial(_step_or_higher, step=above))[here]
        order = np.lexsort([-now.outcome.gv[legs], points[legs]])
        nearest: list[int] = legs[order][:MOST_SHOWN].tolist()
        return nearest

    def _seller(self, leg: int, seller: int, points: int) -> Seller:
        snapshot = self.member.snapshot
        frontline = self.member.legs.start <= leg < self.member.legs.stop
        return Seller(member=snapshot.members[seller], leg=snapshot.members[leg] if frontline else "", points=points)

    def _have(self, now: Member, leaf: Condition) -> int:
        return int(column_of(now.snapshot, now.plan, now.outcome, leaf)[self.index])


def _step_or_higher(terms: Terms, step: int) -> Requirement:
    return any_of(steps_from(terms, step))


def _less(seller: Seller, points: int) -> Seller:
    return replace(seller, points=seller.points - points)


def _by_oneself(leaf: Condition) -> bool:
    return leaf.measure in BY_ONESELF or (leaf.measure == Measure.VOLUME and leaf.volume == VolumeNumber.OWN)


def _first_below(leaf: Condition) -> tuple[int, int]:
    anywhere = leaf.reach == Reach.ANYWHERE or leaf.measure == Measure.LEGS_BROKEN_AWAY
    return (1 if leaf.measure == Measure.ENROLLED_ACTIVE else 0, 0 if anywhere else 1)


def _asks_less(one: Way, other: Way) -> bool:
    """Say whether a way asks no more than another, of anyone or of anything."""
    sales = all(points <= other.sales.get(member, 0) for member, points in one.sales.items())
    return sales and one.customers <= other.customers and set(one.unsold) <= set(other.unsold)
