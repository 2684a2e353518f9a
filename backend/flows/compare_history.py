"""
Compare a history with the plan: each of its periods computed by the engine, beside what the other system paid.

Where orders of a period lie in the database it is computed as the product computes it. Where none do, the personal
volumes of the history stand for them, and the periods carry into each other from the first one on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from msgspec import Struct, field

from backend.engine.outcome import Outcome
from backend.engine.periods.assemble import Volumes, brought, snapshot_of
from backend.engine.periods.carryover import Carryover, carryover_of
from backend.engine.pipeline import run
from backend.engine.snapshot import Carried, Ints, Snapshot
from backend.flows.close_behind import close_behind, snapshot_at
from backend.flows.memory import Memory
from backend.flows.networks import network_of
from backend.flows.recall import recall
from backend.forecast.deviation import Compared, Former, compared
from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period
from backend.kernel.points import HUNDREDTHS, Rounding, divided
from backend.plan.terms import Terms
from backend.store.company import company
from backend.store.former import former_in, former_periods
from backend.store.periods import sealed
from backend.store.rolls import brought_into, roll_of, volumes_of


async def compare_history(chosen: Sequence[Period] = (), *, tolerance_minor: int = 0) -> list[Compared]:
    """
    Return the periods of the history, or some of them, beside what the plan computes.

    Amounts that differ by at most the tolerance are not listed. Raises Refused where there is no company, or no history
    of a chosen period.
    """
    there = await company()
    known = await former_periods() if there is not None else []
    if there is None or not known or (missing := [each for each in chosen if each not in known]):
        raise Refused(list(_unknown(known, missing if there is not None and known else ())))
    now = there.clock.now()
    memory = await recall(now)
    assert memory is not None, "the company is there"
    await close_behind(memory, now)
    course, found = _Course(memory=memory, now=now), []
    markets = dict(zip(memory.members.codes, memory.members.markets, strict=True))
    for period in (each for each in known if each <= max(chosen or known)):
        former = await former_in(period)
        one = await course.computed(period, former)
        if not chosen or period in chosen:
            found.append(
                compared(
                    former,
                    one.snapshot,
                    one.terms,
                    outcome=one.outcome,
                    from_orders=one.from_orders,
                    markets=markets,
                    tolerance_minor=tolerance_minor,
                )
            )
    return found


class _Computed(Struct, frozen=True, kw_only=True):
    """A period of the history as the plan computes it."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome
    from_orders: bool


class _Course(Struct, kw_only=True):
    """The periods of a history in their order; `carried` is what those without orders hand on."""

    memory: Memory
    now: datetime
    carried: dict[Period, Carryover] = field(default_factory=dict)

    async def computed(self, period: Period, former: Mapping[str, Former]) -> _Computed:
        """Compute a period from its orders, or from the volumes of the history where there are none."""
        kept = await sealed(period)
        if kept is not None:
            return _Computed(snapshot=kept.snapshot, terms=kept.terms, outcome=kept.outcome, from_orders=True)
        terms = self.memory.company.terms_of(period)
        sold = await volumes_of(period, now=self.now)
        from_orders = bool(sold.members)
        snapshot = (
            await snapshot_at(self.memory, period, self.now)
            if from_orders
            else await self._of_history(period, terms, former)
        )
        outcome = run(snapshot, terms)
        if not from_orders:
            self.carried[period] = carryover_of(snapshot, terms, outcome)
        return _Computed(snapshot=snapshot, terms=terms, outcome=outcome, from_orders=from_orders)

    async def _of_history(self, period: Period, terms: Terms, former: Mapping[str, Former]) -> Snapshot:
        network = await network_of(self.memory, period)
        roll = roll_of(network.members, terms, period, self.memory.facts)
        market = dict(zip(roll.ids, roll.market.tolist(), strict=True))
        return snapshot_of(
            period=str(period),
            roll=roll,
            volumes=_volumes(former, market, terms),
            carried=await self._brought(period, terms, former),
            terms=terms,
            tree=network.tree,
        )

    async def _brought(self, period: Period, terms: Terms, former: Mapping[str, Former]) -> Mapping[str, Carried]:
        """Return what is carried into a period without orders: the first begins with the titles that it says itself."""
        before = self.carried.get(period.plus(-1))
        if before is not None:
            return before.under(terms)
        if period == (await former_periods())[0]:
            titles = [one.title for one in former.values()]
            none = [0] * len(former)
            return brought(ids=list(former), titles=titles, held=none, missed=none, terms=terms)
        network = await network_of(self.memory, period)
        return await brought_into(period, network.members, terms)


def _volumes(former: Mapping[str, Former], market: Mapping[str, int], terms: Terms) -> Volumes:
    """
    Return a history's personal volumes as own purchases, with the CV that a point of the market brings.

    What goes beyond the plan's limit of own purchases has counted as PV, so customers have bought it.
    """

    def column(values: Iterable[int]) -> Ints:
        return np.fromiter(values, dtype=np.int64, count=len(former))

    limits = [terms.of(at).own_pv_limit for at in range(len(terms.markets))]
    most = column(limits[market[code]] for code in former)
    rate = column(terms.markets[market[code]].cv_per_point for code in former)
    pv = column(one.pv_points for one in former.values())
    own = np.where(most > 0, np.minimum(pv, most), pv)
    cv, own_cv = (
        column(
            divided(points * per_point, HUNDREDTHS, Rounding.HALF_UP)
            for points, per_point in zip(each.tolist(), rate.tolist(), strict=True)
        )
        for each in (pv, own)
    )
    return Volumes(
        members=list(former),
        own_pv=own,
        customer_pv=pv - own,
        own_cv=own_cv,
        customer_cv=cv - own_cv,
        provisional_pv=np.zeros(len(former), dtype=np.int64),
    )


def _unknown(known: Sequence[Period], missing: Sequence[Period]) -> Iterator[Finding]:
    for period in missing:
        message, remedy = f"The history says nothing of {period}.", f"It has {', '.join(map(str, known))}."
        yield Finding(code="history-period-missing", place=Place(source="history"), message=message, remedy=remedy)
    if not known:
        message = "There is no history from another system here."
        remedy = "Bring one with `handrail history import FILE`, after the company itself."
        yield Finding(code="history-missing", place=Place(source="history"), message=message, remedy=remedy)
