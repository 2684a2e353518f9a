"""
Standings: an outcome's columns turned into one `Standing` a member, as the phone shows it.

A standing is drawn from one row of `Readings`, and from nothing else that differs between members.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from backend.engine.gates.measures import Measures
from backend.engine.outcome import Bonus, State, Upkeep
from backend.engine.snapshot import Indexes, Snapshot
from backend.forecast.gap import nearest
from backend.forecast.health import Signs, health_of
from backend.forecast.pace import pace
from backend.forecast.projection import Spread
from backend.forecast.readings import EARNED, Name, Readings
from backend.forecast.standing import Check, Earning, Keeping, Pace, Range, Standing, Target
from backend.kernel.points import BASIS
from backend.plan.needs import title_requirement


def drawn(readings: Readings, indexes: Sequence[int]) -> list[Standing]:
    """
    Return the standings of these members.

    A title is reached at once and lost only at the period's end: until then the one at stake is shown and kept.
    """
    width = len(readings.names)
    pages = []
    for index, row in zip(indexes, readings.rows[indexes].tolist(), strict=True):
        own = dict(zip(readings.names, row[:width], strict=True))
        measures = Measures(values=dict(zip(readings.keys, row[width:], strict=True)))
        pages.append(_Page(readings, own, measures).standing(readings.members[index]))
    return pages


def leg_people(snapshot: Snapshot) -> Indexes:
    """Return how many people stand in each member's leg: the member and everyone below."""
    people = [1] * len(snapshot.members)
    sponsors = snapshot.sponsor.tolist()
    for index in range(len(people) - 1, -1, -1):
        if sponsors[index] >= 0:
            people[sponsors[index]] += people[index]
    return np.array(people, dtype=np.int32)


class _Page:
    """One member's row, and the standing drawn from it."""

    def __init__(self, readings: Readings, own: Mapping[Name, int], measures: Measures) -> None:
        self.of_all, self.own, self.measures = readings, own, measures
        self.terms = readings.terms.of(own["market"])
        self.title = max(own["title_before"], own["title"])

    def standing(self, member: str) -> Standing:
        own, next_step = self.own, self.next_step()
        health, health_reason = health_of(self.signs())
        return Standing(
            member=member,
            period=self.of_all.period,
            currency=self.of_all.terms.markets[own["market"]].currency,
            active=bool(own["active"]),
            pv_points=own["pv"],
            provisional_pv_points=own["provisional_pv"],
            customer_pv_points=own["customer_pv"],
            gv_points=own["gv"],
            tgv_points=own["tgv"],
            side_volume_points=own["side_volume"],
            step=own["step"],
            paid_step=own["paid_step"],
            title=self.title,
            broken_away=bool(own["broken_away"]),
            to_breakaway_bp=self.to_breakaway_bp(),
            next_step=next_step,
            next_title=self.next_title(),
            keeping=self.keeping(),
            pace=self.pace(next_step),
            projected_gv=self.range_of("gv"),
            projected_step=self.range_of("step"),
            earnings=tuple(self.earning(bonus) for bonus in EARNED),
            held_minor=own["held_minor"],
            held_state=State(own["paused"]).name.lower() if own["paused"] else "",
            leg_count=own["leg_count"],
            health=health,
            health_reason=health_reason,
            last_sale_day=_day(own["last_sale"]),
            usual_gv_points=own["usual_gv"],
        )

    def next_step(self) -> Target | None:
        steps, above = self.terms.steps, self.own["step"] + 1
        if above == len(steps):
            return None
        return Target(index=above, checks=nearest(steps[above].requirement, self.measures))

    def next_title(self) -> Target | None:
        if self.title + 1 == len(self.terms.titles):
            return None
        asked = title_requirement(self.terms, self.title + 1, best_before=self.own["best_title_before"])
        return Target(index=self.title + 1, checks=nearest(asked, self.measures))

    def keeping(self) -> Keeping:
        """Count the misses of closed periods, and none once this period has met the title's maintenance."""
        upkeep = Upkeep(self.own["upkeep"])
        settled = upkeep in (Upkeep.NONE_NEEDED, Upkeep.MET)
        return Keeping(
            state=upkeep.name.lower(),
            checks=nearest(self.terms.titles[self.title].keep, self.measures),
            missed_periods=0 if settled else self.own["missed_before"],
            window_periods=self.terms.maintenance.window_periods,
            grace_periods=self.terms.maintenance.grace_periods,
        )

    def to_breakaway_bp(self) -> int:
        if self.of_all.terms.breakaway.never:
            return 0
        points = self.of_all.breakaway_points[self.own["market"]]
        if not points:
            return BASIS if self.own["broken_away"] else 0
        return min(BASIS, max(0, self.own["gv"]) * BASIS // points)

    def pace(self, next_step: Target | None) -> Pace:
        checks: tuple[Check, ...] = next_step.checks if next_step else ()
        return pace(
            gv_points=self.own["gv"],
            day=self.of_all.day,
            days=self.of_all.days,
            need_points=max((check.at_least for check in checks if check.measure == "gv"), default=0),
        )

    def range_of(self, what: str | Bonus) -> Range | None:
        """Return the member's range of a number; None where history is too short for one."""
        periods = self.own.get("past_periods", 0)
        if not periods:
            return None
        low, middle, high = (self.own[end, what] for end in Spread.__struct_fields__)
        return Range(low=low, middle=middle, high=high, past_periods=periods)

    def earning(self, bonus: Bonus) -> Earning:
        return Earning(
            bonus=bonus.name.lower(), to_date_minor=self.own["earned", bonus], projected=self.range_of(bonus)
        )

    def signs(self) -> Signs:
        own, has_range = self.own, self.own.get("past_periods", 0) > 0
        return Signs(
            broken_away=bool(own["broken_away"]),
            upkeep=Upkeep(own["upkeep"]),
            missed_before=own["missed_before"],
            quiet_days=own["quiet_days"],
            gv_ahead=own["middle", "gv"] if has_range else None,
            upkeep_ahead=Upkeep(own["upkeep_ahead"]) if has_range else None,
            usual_gv=own["usual_gv"] if own["has_usual_gv"] else None,
        )


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat() if ordinal else ""
