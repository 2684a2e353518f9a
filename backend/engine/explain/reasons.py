"""
Reasons: what each reason why a number is not higher means, as a change that removes it.

Each changes what the company states of one member, or one rule of the plan; `proof` runs the engine without it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from backend.engine.snapshot import UNSTATED, Snapshot
from backend.kernel.points import BASIS, HUNDREDTHS
from backend.kernel.trace import Trace
from backend.plan.terms import Requirement, Terms

TOGETHER = "together"
"""The code of a reason that is made of several: none of them alone keeps the number down, all together do."""


class Case(NamedTuple):
    """A reason that is to be removed for one member."""

    snapshot: Snapshot
    terms: Terms
    member: int
    about: dict[str, str]

    def at(self, key: str) -> int:
        """Return the index of the member whom the reason names."""
        return self.snapshot.members.index(self.about[key])

    def place(self, listed: str, key: str = "id") -> int:
        """Return the index of what the reason names in a list of the terms."""
        return [each.id for each in getattr(self.terms, listed)].index(self.about[key])


Changed = tuple[Snapshot, Terms]


def without(trace: Trace, snapshot: Snapshot, terms: Terms, member: int) -> Changed:
    """Return the company and the terms in which a reason does not hold; the member is an index."""
    if trace.about["reason"] == TOGETHER:
        for part in trace.parts:
            snapshot, terms = without(part, snapshot, terms, member)
        return snapshot, terms
    return REMOVALS[trace.about["reason"]](Case(snapshot, terms, member, trace.about))


def everywhere(terms: Terms, change: Callable[[Terms], Terms]) -> Terms:
    """Return the terms with a change made to those of every market."""
    elsewhere = {market: change(there) for market, there in terms.elsewhere.items()}
    return replace(change(terms), elsewhere=elsewhere)


def _stated(column: str, value: Callable[[Case], int]) -> Callable[[Case], Changed]:
    """Return the removal that says something else of the member."""

    def removed(case: Case) -> Changed:
        return _with(case.snapshot, case.member, **{column: value(case)}), case.terms

    return removed


def _ruled(change: Callable[[Case, Terms], Terms]) -> Callable[[Case], Changed]:
    """Return the removal that changes a rule of the plan."""
    return lambda case: (case.snapshot, everywhere(case.terms, lambda there: change(case, there)))


def _with(snapshot: Snapshot, member: int, **values: int) -> Snapshot:
    columns = {}
    for name, value in values.items():
        columns[name] = getattr(snapshot, name).copy()
        columns[name][member] = value
    return replace(snapshot, **columns)


def _listed(listed: str, **changes: Any) -> Callable[[Case, Terms], Terms]:
    """Return the change of one entry of a list of the terms: the one that the reason names."""

    def change(case: Case, there: Terms) -> Terms:
        at, entries = case.place(listed), getattr(there, listed)
        changed = replace(entries[at], **changes)
        return replace(there, **{listed: (*entries[:at], changed, *entries[at + 1 :])})

    return change


def _points(case: Case) -> Changed:
    """Let own customers have bought so many points more; they qualify, and no CV comes with them."""
    whole, _, rest = case.about["points"].partition(".")
    more = int(whole) * HUNDREDTHS + int(rest.ljust(2, "0") if rest else 0)
    who = case.at("leg") if "leg" in case.about else case.member
    return _with(case.snapshot, who, customer_pv=int(case.snapshot.customer_pv[who]) + more), case.terms


def _carries(case: Case) -> Changed:
    """Let the member carry a title into the period, its clocks new."""
    title = case.place("titles", "title")
    best = max(title, int(case.snapshot.best_title_before[case.member]))
    carried = {"title_before": title, "best_title_before": best, "held_before": 1, "missed_before": 0}
    return _with(case.snapshot, case.member, **carried), case.terms


def _pays_nothing(case: Case) -> Changed:
    """Let the percent of everybody in a leg be none, and leave all others at the percent that they have."""
    snapshot, leg = case.snapshot, case.at("leg")
    held = snapshot.percent_held_bp.copy()
    if not case.terms.ladder.stated:
        held[:] = UNSTATED
    inside = np.zeros(held.size, dtype=np.bool_)
    inside[leg] = True
    for at in range(leg + 1, held.size):
        inside[at] = snapshot.sponsor[at] >= 0 and inside[snapshot.sponsor[at]]
    held[inside] = 0
    terms = everywhere(case.terms, lambda there: replace(there, ladder=replace(there.ladder, stated=True)))
    return replace(snapshot, percent_held_bp=held), terms


def _keeps_what_was_paid(case: Case) -> Changed:
    """Let the lost title have paid nothing that it could take back."""
    title, paid = case.place("titles", "title"), case.snapshot.held_paid_before.copy()
    paid[case.member, 2 * title : 2 * title + 2] = 0
    return replace(case.snapshot, held_paid_before=paid), case.terms


def _unsettled(case: Case) -> Changed:
    """Let the bonus of a title not have been settled before."""
    bit, before = 1 << 2 * case.place("titles", "title") + 1, int(case.snapshot.bonuses_before[case.member])
    return _with(case.snapshot, case.member, bonuses_before=before & ~bit), case.terms


def _titled(case: Case, there: Terms) -> Terms:
    at = case.place("titles", "title")
    free = replace(there.titles[at], requirement=Requirement(), requalify=None)
    return replace(there, titles=(*there.titles[:at], free, *there.titles[at + 1 :]))


def _stepped(case: Case, there: Terms) -> Terms:
    at = int(case.about["step"])
    free = replace(there.steps[at], requirement=Requirement())
    return replace(there, steps=(*there.steps[:at], free, *there.steps[at + 1 :]))


def _paid_at_once(_: Case, there: Terms) -> Terms:
    return replace(there, steps=tuple(replace(step, paid=Requirement()) for step in there.steps))


def _never_breaks(_: Case, there: Terms) -> Terms:
    return replace(there, breakaway=replace(there.breakaway, never=True))


def _anyone_breaks(_: Case, there: Terms) -> Terms:
    return replace(there, breakaway=replace(there.breakaway, requirement=Requirement()))


def _in_full(case: Case, there: Terms) -> Terms:
    """Let groups in a guarantee's band be asked for all that they leave short."""
    at = case.place("overrides")
    found = there.overrides[at].guarantee
    full = None if found is None else replace(found, band_from=0, band_part_bp=0)
    return _listed("overrides", guarantee=full)(case, there)


def _both_bonuses(_: Case, there: Terms) -> Terms:
    return replace(there, levels=tuple(replace(level, or_differential=False) for level in there.levels))


def _paid_beside(_: Case, there: Terms) -> Terms:
    return replace(there, levels=tuple(replace(level, alone=False) for level in there.levels))


def _cut_last(_: Case, there: Terms) -> Terms:
    return replace(there, caps=tuple(replace(cap, before_matches=False) for cap in there.caps))


def _shares(case: Case) -> Changed:
    whole = {"customer_share_bp": BASIS, "verified_share_bp": BASIS}
    return _with(case.snapshot, case.member, **whole), case.terms


def _compressed(case: Case, there: Terms) -> Terms:
    listed = "levels" if any(level.id == case.about["id"] for level in there.levels) else "matches"
    return _listed(listed, compressed=True)(case, there)


def _unpaused(case: Case) -> Changed:
    """State nothing against the member that the company or the plan pauses pay for."""
    return _with(case.snapshot, case.member, paused=0, fees_paid=1, cleared=1), case.terms


REMOVALS: dict[str, Callable[[Case], Changed]] = {
    "inactive": _stated("active_stated", lambda _: 1),
    "stated_inactive": _stated("active_stated", lambda _: 1),
    "not_joined": _stated("days_since_joining", lambda _: 0),
    "closed": _stated("closed", lambda _: 0),
    "active_requirement": _stated("active_stated", lambda _: 1),
    "gate_missed": _stated("granted", lambda _: 1),
    "paused": _unpaused,
    "too_late": _stated("days_since_joining", lambda case: int(case.about["days"])),
    "not_held_long_enough": _stated("held_before", lambda case: int(case.about["periods"])),
    "taken_back": _keeps_what_was_paid,
    "title_settled": _unsettled,
    "shares_short": _shares,
    "points_missing": _points,
    "leg_short_of_breakaway": _points,
    "no_leader_title": _carries,
    "title_opens_fewer_generations": _carries,
    "title_has_fewer_points": _carries,
    "title_multiplies_less": _carries,
    "same_or_higher_percent_below": _pays_nothing,
    "percent_stated": _stated("percent_held_bp", lambda _: UNSTATED),
    "own_purchases_limit": _ruled(lambda _, there: replace(there, own_pv_limit=0)),
    "first_order_at_sponsor": _ruled(
        lambda _, there: replace(there, personal=replace(there.personal, first_orders_to_sponsor=False))
    ),
    "first_order_alone": _ruled(_paid_beside),
    "closed_by_breakaway": _ruled(_never_breaks),
    "leg_broken_away": _ruled(_never_breaks),
    "breakaway_requirement": _ruled(_anyone_breaks),
    "next_step": _ruled(_stepped),
    "step_not_paid": _ruled(_paid_at_once),
    "next_title": _ruled(_titled),
    "title_lost": _ruled(lambda _, there: replace(there, maintenance=replace(there.maintenance, window_periods=0))),
    "mark_requirement": _ruled(_listed("marks", requirement=Requirement())),
    "leg_left_out": _ruled(_listed("volumes", less=())),
    "leg_limit": _ruled(_listed("volumes", leg_limit=0)),
    "without_mark": _ruled(_listed("volumes", only_with_mark=-1)),
    "guarantee_given": _ruled(_listed("overrides", guarantee=None)),
    "guarantee_in_band": _ruled(_in_full),
    "of_first_amount": _ruled(_listed("overrides", of_first_amount=False)),
    "first_blocks": _ruled(_listed("overrides", first_only=False)),
    "title_far_away": _ruled(_listed("overrides", distance_bp=())),
    "levels_used_up": _ruled(_compressed),
    "joined_too_long_ago": _ruled(_listed("levels", within_days=0)),
    "frontline_left_out": _ruled(
        lambda _, there: replace(there, differential=replace(there.differential, from_level=1))
    ),
    "level_bonus_instead": _ruled(_both_bonuses),
    "target_missed": _ruled(_listed("one_times", requirement=Requirement())),
    "cap_before_matches": _ruled(_cut_last),
    "cap": _ruled(lambda _, there: replace(there, caps=())),
}
"""What it means that a reason does not hold."""
