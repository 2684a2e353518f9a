"""
The path of a leg to its breakaway and beyond it: which sales lead there, what has to be assumed, and any point of it.
"""

from typing import Any

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from backend.engine.gates.measures import Member
from backend.engine.laws.of_lines import UNCOUNTED
from backend.engine.outcome import Bonus, Upkeep
from backend.engine.pipeline import run
from backend.forecast.change import Way
from backend.forecast.changes import to_breakaway
from backend.forecast.preview import Moment
from backend.forecast.sales import with_sales
from backend.forecast.standing import Check
from backend.plan.terms import Stays


class Path(Struct, kw_only=True):
    """
    One leg under one upline: `others` in the leg sell first, then the leader's own customers buy `own`, and more.

    `before` is the period up to the day, `after` that from the day on; they differ where something has to be stated
    which no sale brings. Moments are kept, since each costs a run of the engine.
    """

    upline: int
    leg: int
    before: Member
    after: Member
    others: dict[int, int]
    own: int
    leads_there: bool
    unsold: tuple[Check, ...] = ()
    assumptions: tuple[str, ...] = ()
    known: dict[tuple[bool, int], Moment] = field(default_factory=dict)

    def early(self, points: int) -> Moment:
        """Return the moment at which the leader's own customers have bought so much, before the day."""
        return self._at(points, late=False)

    def late(self, points: int) -> Moment:
        """Return the moment at which the leader's own customers have bought so much, from the day on."""
        return self._at(points, late=True)

    def on_the_day(self) -> Member:
        """Return the upline in the period in which the leg has just broken away."""
        return _sold(self.after, {**self.others, self.leg: self.own}).at(self.upline)

    def sold_before(self, others: dict[int, int], points: int) -> Member:
        """Return the upline with so much sold in the leg, before the day."""
        return _sold(self.before, {**others, self.leg: points}).at(self.upline)

    def sales_by_id(self) -> dict[str, int]:
        """Return the sales up to the day by who sells."""
        members = self.before.snapshot.members
        sales = {**self.others, self.leg: self.own}
        return {members[index]: points for index, points in sales.items() if points}

    def _at(self, points: int, *, late: bool) -> Moment:
        if (late, points) not in self.known:
            period = self.after if late else self.before
            sold = _sold(period, {**self.others, self.leg: points})
            self.known[late, points] = moment(sold.at(self.upline), self.leg)
        return self.known[late, points]


def path_of(member: Member, leg: int) -> Path:
    """
    Return the path of a leg: by sales alone, or with what no sale brings stated of its leader.

    That is the training first, else that the leader has broken away already, where the plan lets a leg stay so.
    """
    if member.plan.breakaway.never:
        return _nowhere(member, leg, ())
    ways = to_breakaway(member.at(leg)).ways
    unsold = ways[0].unsold if ways else ()
    if ways and not unsold:
        return _path(member, leg, ways[0], after=member)
    if ways and {check.measure for check in unsold} == {"training"}:
        trained = _stating(member, leg, training=True)
        ways = to_breakaway(trained.at(leg)).ways
        if not ways or not ways[0].unsold:
            way = ways[0] if ways else None
            return replace(_path(trained, leg, way, after=trained), unsold=unsold, assumptions=("training_done",))
    return _stated(member, leg, ways[0]) if ways else _nowhere(member, leg, ())


def moment(upline: Member, leg: int) -> Moment:
    """Return what an upline has and earns in a computed period, and what of it comes through one leg."""
    outcome, lines = upline.outcome, upline.outcome.lines
    mine = (lines.earner == upline.index) & ~np.isin(lines.state, UNCOUNTED)
    amounts = {bonus: int(lines.amount_minor[mine & (lines.bonus == bonus)].sum()) for bonus in Bonus}
    through = {
        bonus: int(lines.amount_minor[mine & (lines.bonus == bonus) & (lines.leg == leg)].sum())
        for bonus in (Bonus.DIFFERENTIAL, Bonus.OVERRIDE)
    }
    return Moment(
        leg_points=int(outcome.gv[leg]),
        leg_percent_bp=int(outcome.paid_bp[leg]),
        leg_broken_away=bool(outcome.broken_away[leg]),
        step=upline.of("step"),
        title=upline.of("title"),
        upkeep=Upkeep(upline.of("upkeep")).name.lower(),
        percent_bp=upline.of("paid_bp"),
        gv_points=upline.of("gv"),
        side_volume_points=upline.of("side_volume"),
        amounts_minor={bonus.name.lower(): amount for bonus, amount in amounts.items() if amount},
        total_minor=sum(amounts.values()),
        leg_differential_minor=through[Bonus.DIFFERENTIAL],
        leg_override_minor=through[Bonus.OVERRIDE],
    )


def _path(member: Member, leg: int, way: Way | None, *, after: Member) -> Path:
    position = {code: at for at, code in enumerate(member.snapshot.members)}
    sales = {position[code]: points for code, points in way.sales.items()} if way else {}
    own = sales.pop(leg, 0)
    return Path(upline=member.index, leg=leg, before=member, after=after, others=sales, own=own, leads_there=True)


def _nowhere(member: Member, leg: int, unsold: tuple[Check, ...]) -> Path:
    return replace(_path(member, leg, None, after=member), leads_there=False, unsold=unsold)


def _stated(member: Member, leg: int, way: Way) -> Path:
    """Return the path on which the leg counts as broken away once its volume is there, whatever else is missing."""
    breakaway = member.plan.breakaway
    if breakaway.stays == Stays.FOR_GOOD:
        after, assumed = _stating(member, leg, broke_away_before=True), "broke_away_before"
    elif breakaway.stays == Stays.WITH_TITLE:
        title = {"title_before": breakaway.title, "held_before": 0, "missed_before": 0}
        after, assumed = _stating(member, leg, **title), "title_carried"
    else:
        return _nowhere(member, leg, way.unsold)
    path = _path(member, leg, way, after=after)
    if not path.late(path.own).leg_broken_away:
        return _nowhere(member, leg, way.unsold)
    return replace(path, unsold=way.unsold, assumptions=(assumed,))


def _stating(member: Member, leg: int, **facts: Any) -> Member:
    """Return the period computed with other facts of one leader."""
    columns = {name: getattr(member.snapshot, name).copy() for name in facts}
    for name, value in facts.items():
        columns[name][leg] = value
    snapshot = replace(member.snapshot, **columns)
    return replace(member, snapshot=snapshot, outcome=run(snapshot, member.plan))


def _sold(member: Member, sales: dict[int, int]) -> Member:
    if not any(sales.values()):
        return member
    snapshot = with_sales(member.snapshot, member.plan, sales)
    return replace(member, snapshot=snapshot, outcome=run(snapshot, member.plan))
