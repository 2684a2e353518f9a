"""
Standings: an outcome's columns turned into one `Standing` a member, as the phone shows it.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from msgspec import Struct

from backend.engine.amounts.pauses import paused
from backend.engine.gates.measures import Measures, all_measures
from backend.engine.outcome import Bonus, Outcome, State, Upkeep
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.forecast.gap import nearest
from backend.forecast.health import Signs, health_of
from backend.forecast.pace import pace
from backend.forecast.projection import Projection, minor_by_bonus
from backend.forecast.standing import Check, Earning, Keeping, Pace, Standing, Target
from backend.kernel.points import BASIS
from backend.plan.needs import title_requirement, volume_needed
from backend.plan.terms import Terms

EARNED = tuple(bonus for bonus in Bonus if bonus != Bonus.RETAIL)
"""What a member earns; the margin of a sale is the member's already and stands in no total."""


PAUSES = (State.HELD_COMPLIANCE, State.HELD_PAYMENT)


class PeriodFacts(Struct, frozen=True, kw_only=True):
    """
    What the snapshot leaves out: the day of the period (1 to `days`), today, and each member's last sale.

    `today` and `last_sale` are ordinals of `date.toordinal`; `last_sale` is the member's own and own customers' last
    order of any period, 0 where there is none.
    """

    day: int
    days: int
    today: int
    last_sale: Indexes


def standings(
    facts: PeriodFacts,
    snapshot: Snapshot,
    terms: Terms,
    *,
    outcome: Outcome,
    projection: Projection | None,
    usual_gv: Mapping[str, int],
) -> list[Standing]:
    """
    Return each member's standing, in the snapshot's order; `usual_gv` is last period's GV by member id.

    A title is reached at once and lost only at the period's end: until then the one at stake is shown and kept.
    """
    drawing = _Drawing(facts, snapshot, terms, outcome=outcome, projection=projection, usual_gv=usual_gv)
    measured = all_measures(snapshot, terms, outcome)
    return [drawing.standing(index, measures) for index, measures in enumerate(measured)]


def leg_people(snapshot: Snapshot) -> Indexes:
    """Return how many people stand in each member's leg: the member and everyone below."""
    people = [1] * len(snapshot.members)
    sponsors = snapshot.sponsor.tolist()
    for index in range(len(people) - 1, -1, -1):
        if sponsors[index] >= 0:
            people[sponsors[index]] += people[index]
    return np.array(people, dtype=np.int32)


def group_last_sale(own: Indexes, snapshot: Snapshot, outcome: Outcome) -> Indexes:
    """Return the latest last sale of each group: the member's own and of all below up to legs that broke away."""
    latest = own.tolist()
    sponsors, broken_away = snapshot.sponsor.tolist(), outcome.broken_away.tolist()
    for index in range(len(latest) - 1, -1, -1):
        if sponsors[index] >= 0 and not broken_away[index]:
            latest[sponsors[index]] = max(latest[sponsors[index]], latest[index])
    return np.array(latest, dtype=np.int32)


def held_by_pauses(outcome: Outcome) -> Ints:
    """Return what pauses hold of each member's lines, in minor units."""
    held = np.zeros(len(outcome.active), dtype=np.int64)
    lines = outcome.lines
    paused = np.isin(lines.state, PAUSES)
    np.add.at(held, lines.earner[paused], lines.amount_minor[paused])
    return held


class _Drawing:
    """One period's columns, laid out once, and the standing of each member drawn from them."""

    def __init__(
        self,
        facts: PeriodFacts,
        snapshot: Snapshot,
        terms: Terms,
        *,
        outcome: Outcome,
        projection: Projection | None,
        usual_gv: Mapping[str, int],
    ) -> None:
        self.facts, self.snapshot, self.terms = facts, snapshot, terms
        self.outcome, self.projection, self.usual_gv = outcome, projection, usual_gv
        self.last_sale = group_last_sale(facts.last_sale, snapshot, outcome)
        self.earned_minor = minor_by_bonus(outcome)
        self.paused = paused(snapshot, terms)
        self.held_minor = held_by_pauses(outcome)
        self.breakaway_points = [
            volume_needed(there.breakaway.requirement, there) for there in map(terms.of, range(len(terms.markets)))
        ]

    def standing(self, index: int, measures: Measures) -> Standing:
        outcome, snapshot, projection = self.outcome, self.snapshot, self.projection
        title = self.title(index)
        next_step = self.next_step(index, measures)
        health, health_reason = health_of(self.signs(index))
        return Standing(
            member=snapshot.members[index],
            period=snapshot.period,
            currency=self.terms.markets[snapshot.market[index]].currency,
            active=bool(outcome.active[index]),
            pv_points=int(outcome.pv[index]),
            provisional_pv_points=int(snapshot.provisional_pv[index]),
            customer_pv_points=int(snapshot.customer_pv[index]),
            gv_points=int(outcome.gv[index]),
            tgv_points=int(outcome.tgv[index]),
            side_volume_points=int(outcome.side_volume[index]),
            step=int(outcome.step[index]),
            paid_step=int(outcome.paid_step[index]),
            title=title,
            broken_away=bool(outcome.broken_away[index]),
            to_breakaway_bp=self.to_breakaway_bp(index),
            next_step=next_step,
            next_title=self.next_title(index, title, measures),
            keeping=self.keeping(index, title, measures),
            pace=self.pace(index, next_step),
            projected_gv=projection.range_of(projection.gv, index) if projection else None,
            projected_step=projection.range_of(projection.step, index) if projection else None,
            earnings=tuple(self.earning(index, bonus) for bonus in EARNED),
            held_minor=int(self.held_minor[index]),
            held_state=State(int(self.paused[index])).name.lower() if self.paused[index] else "",
            leg_count=int(snapshot.leg_count[index]),
            health=health,
            health_reason=health_reason,
            last_sale_day=_day(int(self.last_sale[index])),
            usual_gv_points=self.usual_gv.get(snapshot.members[index], 0),
        )

    def title(self, index: int) -> int:
        return max(int(self.snapshot.title_before[index]), int(self.outcome.title[index]))

    def of(self, index: int) -> Terms:
        """Return the terms of a member's market."""
        return self.terms.of(int(self.snapshot.market[index]))

    def next_step(self, index: int, measures: Measures) -> Target | None:
        steps, above = self.of(index).steps, int(self.outcome.step[index]) + 1
        return Target(index=above, checks=nearest(steps[above].requirement, measures)) if above < len(steps) else None

    def next_title(self, index: int, title: int, measures: Measures) -> Target | None:
        if title + 1 == len(self.terms.titles):
            return None
        asked = title_requirement(self.of(index), title + 1, best_before=int(self.snapshot.best_title_before[index]))
        return Target(index=title + 1, checks=nearest(asked, measures))

    def keeping(self, index: int, title: int, measures: Measures) -> Keeping:
        """Count the misses of closed periods, and none once this period has met the title's maintenance."""
        upkeep = Upkeep(int(self.outcome.upkeep[index]))
        settled = upkeep in (Upkeep.NONE_NEEDED, Upkeep.MET)
        return Keeping(
            state=upkeep.name.lower(),
            checks=nearest(self.of(index).titles[title].keep, measures),
            missed_periods=0 if settled else int(self.snapshot.missed_before[index]),
            window_periods=self.of(index).maintenance.window_periods,
            grace_periods=self.of(index).maintenance.grace_periods,
        )

    def to_breakaway_bp(self, index: int) -> int:
        if self.terms.breakaway.never:
            return 0
        points = self.breakaway_points[int(self.snapshot.market[index])]
        if not points:
            return BASIS if self.outcome.broken_away[index] else 0
        return min(BASIS, max(0, int(self.outcome.gv[index])) * BASIS // points)

    def pace(self, index: int, next_step: Target | None) -> Pace:
        checks: tuple[Check, ...] = next_step.checks if next_step else ()
        return pace(
            gv_points=int(self.outcome.gv[index]),
            day=self.facts.day,
            days=self.facts.days,
            need_points=max((check.at_least for check in checks if check.measure == "gv"), default=0),
        )

    def earning(self, index: int, bonus: Bonus) -> Earning:
        projection = self.projection
        return Earning(
            bonus=bonus.name.lower(),
            to_date_minor=int(self.earned_minor[bonus, index]),
            projected=projection.range_of(projection.earnings_minor[bonus], index) if projection else None,
        )

    def signs(self, index: int) -> Signs:
        projection, outcome = self.projection, self.outcome
        ranged = projection if projection and projection.past_periods[index] else None
        return Signs(
            broken_away=bool(outcome.broken_away[index]),
            upkeep=Upkeep(int(outcome.upkeep[index])),
            missed_before=int(self.snapshot.missed_before[index]),
            quiet_days=self.quiet_days(index),
            gv_ahead=int(ranged.gv.middle[index]) if ranged else None,
            upkeep_ahead=Upkeep(int(ranged.upkeep[index])) if ranged else None,
            usual_gv=self.usual_gv.get(self.snapshot.members[index]),
        )

    def quiet_days(self, index: int) -> int:
        """Count from the group's last sale; where there never was one, from the member's joining."""
        last_sale = int(self.last_sale[index])
        days_left = self.facts.days - self.facts.day
        joined_days = int(self.snapshot.days_since_joining[index]) - days_left
        return max(0, self.facts.today - last_sale if last_sale else joined_days)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else ""
