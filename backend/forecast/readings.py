"""
Readings: what the standings of a period are drawn from, one row a member.

Whatever differs between two members' pages stands in their rows. So where a row is as it was, the page is as it was.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from backend.engine.amounts.pauses import paused
from backend.engine.gates.measures import measure_rows
from backend.engine.gates.requirements import Key
from backend.engine.outcome import Bonus, Outcome, State
from backend.engine.snapshot import Indexes, Ints, Snapshot
from backend.forecast.projection import Projection, Spread, minor_by_bonus
from backend.plan.needs import volume_needed
from backend.plan.terms import Terms

EARNED = tuple(bonus for bonus in Bonus if bonus != Bonus.RETAIL)
"""What a member earns; the margin of a sale is the member's already and stands in no total."""


Name = str | tuple[str, str | Bonus]
"""What a column is called; of money, and of a range, with whose it is."""

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


class Readings(Struct, frozen=True, kw_only=True):
    """
    What standings are drawn from: n rows of what a page may show of a member, and what is the same for all.

    The first columns of `rows` are `names`, the others what the conditions of the plan look at, `keys`.
    """

    period: str
    members: tuple[str, ...]
    terms: Terms
    day: int
    days: int
    names: tuple[Name, ...]
    keys: tuple[Key, ...]
    rows: Ints
    breakaway_points: tuple[int, ...]
    """The volume that breaking away needs in each market, 0 where it needs none."""

    def differing(self, before: "Readings | None") -> Sequence[int]:
        """Return the indexes of those whose standing may be another: of all, where more than their rows differ."""
        if before is None or not self._is_beside(before):
            return range(len(self.members))
        differs: list[int] = np.flatnonzero((self.rows != before.rows).any(axis=1)).tolist()
        return differs

    def _is_beside(self, before: "Readings") -> bool:
        return (
            self.members is before.members
            and self.terms is before.terms
            and (self.period, self.day, self.days) == (before.period, before.day, before.days)
            and (self.names, self.keys) == (before.names, before.keys)
        )


def readings(
    facts: PeriodFacts,
    snapshot: Snapshot,
    terms: Terms,
    *,
    outcome: Outcome,
    projection: Projection | None,
    usual_gv: Mapping[str, int],
) -> Readings:
    """Return what the standings of a period are drawn from; `usual_gv` is last period's GV by member id."""
    own = _own(facts, snapshot, terms, outcome, usual_gv) | (_projected(projection) if projection else {})
    keys, measured = measure_rows(snapshot, terms, outcome)
    columns = [column.astype(np.int64)[:, np.newaxis] for column in own.values()]
    return Readings(
        period=snapshot.period,
        members=snapshot.members,
        terms=terms,
        day=facts.day,
        days=facts.days,
        names=tuple(own),
        keys=keys,
        rows=np.concatenate([*columns, measured], axis=1),
        breakaway_points=tuple(
            volume_needed(there.breakaway.requirement, there) for there in map(terms.of, range(len(terms.markets)))
        ),
    )


OF_OUTCOME = ("active", "pv", "gv", "tgv", "side_volume", "step", "paid_step", "title", "broken_away", "upkeep")
OF_SNAPSHOT = ("provisional_pv", "customer_pv", "title_before", "best_title_before", "missed_before", "market")


def _own(
    facts: PeriodFacts, snapshot: Snapshot, terms: Terms, outcome: Outcome, usual_gv: Mapping[str, int]
) -> dict[Name, Any]:
    last_sale = group_last_sale(facts.last_sale, snapshot, outcome)
    usual = [usual_gv.get(member) for member in snapshot.members]
    earned_minor = minor_by_bonus(outcome)
    return {
        **{name: getattr(outcome, name) for name in OF_OUTCOME},
        **{name: getattr(snapshot, name) for name in (*OF_SNAPSHOT, "leg_count")},
        "paused": paused(snapshot, terms),
        "held_minor": held_by_pauses(outcome),
        "last_sale": last_sale,
        "quiet_days": _quiet_days(facts, snapshot, last_sale),
        "has_usual_gv": np.array([one is not None for one in usual]),
        "usual_gv": np.array([one or 0 for one in usual]),
        **{("earned", bonus): earned_minor[bonus] for bonus in EARNED},
    }


def _projected(projection: Projection) -> dict[Name, Any]:
    """Return the columns of ranges; of who has none, nothing of them is shown."""
    columns: dict[Name, Any] = {"past_periods": projection.past_periods, "upkeep_ahead": projection.upkeep}
    spreads = {"gv": projection.gv, "step": projection.step}
    for what, spread in (spreads | {bonus: projection.earnings_minor[bonus] for bonus in EARNED}).items():
        columns |= {(end, what): getattr(spread, end) for end in Spread.__struct_fields__}
    return columns


def _quiet_days(facts: PeriodFacts, snapshot: Snapshot, last_sale: Indexes) -> Ints:
    """Count from the group's last sale; where there never was one, from the member's joining."""
    joined_days = snapshot.days_since_joining.astype(np.int64) - (facts.days - facts.day)
    return np.maximum(0, np.where(last_sale != 0, facts.today - last_sale, joined_days))


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
