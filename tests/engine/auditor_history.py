"""
The auditor's last page: what everybody takes into the next period, by name as a snapshot has it before.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from backend.plan.terms import Condition, Measure, Stays, Terms, Window
from tests.engine.auditor_gates import Company, earlier

KEPT = ("title", "held", "missed", "bonuses", "instalments", "one_times", "carried_minor", "held_paid")
LONGEST = (1 << 62) - 1
OF_PERIODS = (Measure.PERIODS, Measure.PERIODS_IN_A_ROW, Measure.LEGS_WITH_PERIODS)


def handed_on(terms: Terms, company: Company, found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """
    Return the columns of what was before as the next period has them.

    A step is kept for good where the plan never takes it; one reached on the fast track where that counts from the next
    period on. Marks are remembered of which anything asks in how many periods they held.
    """
    members = range(len(company["sponsor"]))
    for_good = terms.breakaway.stays == Stays.FOR_GOOD
    kept = [found["step"][one] if terms.ladder.never_lost else 0 for one in members]
    fast = [0 if terms.ladder.fast_track_at_once else found["fast_step"][one] for one in members]
    return {
        **{f"{name}_before": found[name] for name in KEPT},
        "step_before": [max(both) for both in zip(kept, fast, strict=True)],
        "best_title_before": [max(found["title"][one], company["best_title_before"][one]) for one in members],
        "broke_away_before": [
            for_good and bool(found["broken_away"][one] or company["broke_away_before"][one]) for one in members
        ],
        "marks_before": [marks(terms, company["marks_before"][one], found["marks"][one]) for one in members],
        "volumes_before": [volumes(terms, company, found, one) for one in members],
    }


def marks(terms: Terms, before: list[int], now: int) -> list[int]:
    """Return the history of each mark, this period as its lowest bit; nothing of one that nobody asks about."""
    asked = {condition.of for condition in conditions(terms) if condition.measure in OF_PERIODS}
    asked |= {pool.mark for pool in terms.pools if pool.leg_periods}
    both = zip(range(len(terms.marks)), before, strict=True)
    return [(past << 1 & LONGEST) | (now >> mark & 1) if mark in asked else 0 for mark, past in both]


def conditions(part: Any) -> Iterator[Condition]:
    """Yield every condition of a plan, wherever it stands."""
    if isinstance(part, Condition):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from conditions(each)
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from conditions(getattr(part, name))


def volumes(terms: Terms, company: Company, found: dict[str, list[Any]], member: int) -> list[int]:
    """Return a member's slots: of the last periods each by itself, this one first; else the sum so far."""
    slots, first = [], 0
    for index, volume in enumerate(terms.volumes):
        count = earlier(volume.window, volume.periods)
        for name in ("named_points", "named_cv"):
            before = company["volumes_before"][member][first : first + count]
            now = found[name][member][index]
            if volume.window == Window.LAST:
                slots += [now - sum(before), *before][:count]
            else:
                slots += [now][:count]
            first += count
    return slots
