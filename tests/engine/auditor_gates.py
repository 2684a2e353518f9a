"""
The auditor's gates: what a plan asks of a member, answered by looking at the member and walking through its legs.

Nothing of `backend.engine` is imported. A market's members are asked by the terms of that market.
"""

from collections.abc import Iterator
from typing import Any

from backend.plan.terms import Condition, Exclusion, Fosters, Measure, Reach, Requirement, Terms, VolumeNumber, Window

Company = dict[str, Any]
"""The columns of a Snapshot by name, as plain lists; `sponsor` and `enroller` are indexes or -1."""

NOBODY = -1
UNSTATED = -1
WHOLE_BP = 10_000

GIVEN = {
    Measure.CUSTOMER_PV: "customer_pv",
    Measure.TRAINING: "training",
    Measure.FEES_PAID: "fees_paid",
    Measure.CLEARED: "cleared",
    Measure.CUSTOMERS: "customers",
    Measure.TITLE: "title_before",
}
SHARES = {Measure.CUSTOMER_SHARE: "customer_share_bp", Measure.VERIFIED_SHARE: "verified_share_bp"}
FOUND = {
    Measure.ENROLLED_ACTIVE: "enrolled_active",
    Measure.ACTIVE: "active",
    Measure.LEGS_BROKEN_AWAY: "legs_broken_away",
}
VOLUMES = {
    Measure.PV: VolumeNumber.OWN,
    Measure.GV: VolumeNumber.GROUP,
    Measure.TGV: VolumeNumber.TOTAL,
    Measure.SIDE_VOLUME: VolumeNumber.SIDE,
}
POINTS = ("pv", "gv", "tgv", "side_volume")
CV = ("cv", "group_cv", "total_cv", "side_cv")


class Gates:
    """One company's period being worked out: the terms, the columns given, and the columns found so far."""

    def __init__(self, terms: Terms, company: Company) -> None:
        """Write down who stands in whose frontline, and who enrolled whom."""
        self.terms = terms
        self.given = company
        self.members = range(len(company["sponsor"]))
        self.found: dict[str, list[Any]] = {}
        self.legs: list[list[int]] = [[] for _ in self.members]
        self.enrolled: list[list[int]] = [[] for _ in self.members]
        self.steps_found: dict[int, int] = {}
        self.titles_found: dict[int, int] = {}
        self.marks_found: dict[tuple[int, int], bool] = {}
        for member in self.members:
            if company["sponsor"][member] != NOBODY:
                self.legs[company["sponsor"][member]].append(member)
            if company["enroller"][member] != NOBODY:
                self.enrolled[company["enroller"][member]].append(member)

    def blank(self, *names: str, value: int = 0) -> None:
        """Open columns that hold one value for everybody."""
        for name in names:
            self.found[name] = [value for _ in self.members]

    def terms_of(self, member: int) -> Terms:
        """Return the terms of a member's market."""
        return self.terms.of(self.given["market"][member])

    def upline(self, member: int) -> Iterator[tuple[int, int]]:
        """Yield everybody above a member, nearest first, each with the frontline leg in which the member stands."""
        leg, above = member, self.given["sponsor"][member]
        while above != NOBODY:
            yield above, leg
            leg, above = above, self.given["sponsor"][above]

    def everyone_in(self, leg: int) -> list[int]:
        """Return a leg's leader and everybody below."""
        found = [leg]
        for member in found:
            found.extend(self.legs[member])
        return found

    def from_the_leaves(self) -> list[int]:
        """Return the members, each after all of its legs: from the roots downward, and that backward."""
        order = [member for member in self.members if self.given["sponsor"][member] == NOBODY]
        for member in order:
            order.extend(self.legs[member])
        assert sorted(order) == list(self.members), "everybody stands under a root"
        return order[::-1]

    def opens(self, gate: Requirement, member: int) -> bool:
        """Say whether a bonus' gate stands open: never for a closed position, always for whom the company lets in."""
        if self.given["closed"][member]:
            return False
        return bool(self.given["granted"][member]) or self.holds(gate, member)

    def holds(self, requirement: Requirement, member: int) -> bool:
        """Say whether a member meets any one of the ways; no way at all always holds."""
        if not requirement.any_of:
            return True
        return any(all(self.met(condition, member) for condition in way) for way in requirement.any_of)

    def met(self, condition: Condition, member: int) -> bool:
        """Say whether the measure of a condition is at least what it asks for."""
        return self.measured(condition, member) >= condition.at_least

    def highest(self, requirements: list[Requirement], member: int) -> int:
        """Return the index of the highest requirement that holds, whether or not those between hold; 0 if none does."""
        return max([index for index, requirement in enumerate(requirements) if self.holds(requirement, member)] + [0])

    def measured(self, condition: Condition, member: int) -> int:
        """Return one measure of a member; a volume is itself or zero, whichever is more."""
        measure = condition.measure
        if measure in GIVEN:
            return max(0, int(self.given[GIVEN[measure]][member]))
        if measure in SHARES:
            stated: int = self.given[SHARES[measure]][member]
            return WHOLE_BP if stated == UNSTATED else stated
        if measure in FOUND:
            return int(self.found[FOUND[measure]][member])
        if measure in VOLUMES or measure == Measure.VOLUME:
            return max(0, self.points_of(VOLUMES.get(measure, condition.volume), member))
        if measure.name.startswith("LEGS"):
            return len([leg for leg in self.legs[member] if self.leg_counts(condition, leg)])
        return self.of_career(condition, member)

    def of_career(self, condition: Condition, member: int) -> int:
        """Return a member's step, or what its marks say, now and in the periods before."""
        if condition.measure == Measure.STEP:
            return self.step_of(member)
        history = self.mark_history(member, condition.of)
        if condition.measure == Measure.MARK:
            return int(history[0])
        if condition.measure == Measure.PERIODS:
            return sum(history[: condition.periods])
        assert condition.measure == Measure.PERIODS_IN_A_ROW
        return history.index(False)

    def leg_counts(self, condition: Condition, leg: int) -> bool:
        """
        Say whether a leg has what a condition asks for: its leader, or with Reach.ANYWHERE anyone in it.

        Whether the leg itself is a foster leg decides whether it may count.
        """
        asked = self.everyone_in(leg) if condition.reach == Reach.ANYWHERE else [leg]
        fitting = [member for member in asked if fosters_fit(condition.fosters, self.given["foster"][member])]
        return any(self.has_asked(condition, member) for member in fitting)

    def has_asked(self, condition: Condition, member: int) -> bool:
        """Say whether one member of a leg has the volume, step, title, mark or periods that a condition asks for."""
        if condition.measure == Measure.LEGS_WITH_VOLUME:
            return max(0, self.points_of(condition.volume, member)) >= condition.of
        if condition.measure == Measure.LEGS_WITH_STEP:
            return not self.given["closed"][member] and self.step_of(member) >= condition.of
        if condition.measure == Measure.LEGS_WITH_TITLE:
            return not self.given["closed"][member] and self.title_of(member) >= condition.of
        history = self.mark_history(member, condition.of)
        if condition.measure == Measure.LEGS_WITH_MARK or self.given["closed"][member]:
            return history[0]
        assert condition.measure == Measure.LEGS_WITH_PERIODS
        return sum(history[: condition.periods]) >= condition.leg_periods

    def left_out(self, exclusion: Exclusion, leg: int) -> bool:
        """
        Say whether an exclusion takes a leg's group out of a volume.

        Where anyone in the line is enough, that one must be the foster, not the leg's leader.
        """
        asked = self.everyone_in(leg) if exclusion.reach == Reach.ANYWHERE else [leg]
        fitting = [member for member in asked if fosters_fit(exclusion.fosters, self.given["foster"][member])]
        return any(self.is_excluded(exclusion, member) for member in fitting)

    def is_excluded(self, exclusion: Exclusion, member: int) -> bool:
        """Say whether a member has the breakaway, step, title or mark of an exclusion."""
        if exclusion.measure == Measure.LEGS_BROKEN_AWAY:
            return bool(self.found["broken_away"][member])
        if exclusion.measure == Measure.STEP:
            return not self.given["closed"][member] and self.step_of(member) >= exclusion.of
        if exclusion.measure == Measure.TITLE:
            return not self.given["closed"][member] and self.title_of(member) >= exclusion.of
        assert exclusion.measure == Measure.MARK
        return self.has_mark(member, exclusion.of)

    def points_of(self, number: int, member: int) -> int:
        """Return the points of a volume by its number: a plan's own over its window."""
        if number < VolumeNumber.NAMED:
            return int(self.found[POINTS[number]][member])
        return int(self.found["named_points"][member][number - VolumeNumber.NAMED])

    def cv_of(self, number: int, member: int) -> int:
        """Return the CV of a volume by its number: a plan's own over its window."""
        if number < VolumeNumber.NAMED:
            return int(self.found[CV[number]][member])
        return int(self.found["named_cv"][member][number - VolumeNumber.NAMED])

    def title_of(self, member: int) -> int:
        """Return a member's title after the period, which the books settle."""
        raise NotImplementedError

    def mark_history(self, member: int, mark: int) -> list[bool]:
        """Return whether a mark held, this period first, then each period before; it ends in one that it did not."""
        before: int = self.given["marks_before"][member][mark]
        return [self.has_mark(member, mark), *(bool(before >> period & 1) for period in range(64)), False]

    def has_mark(self, member: int, mark: int) -> bool:
        """Say whether a mark holds: what the company states where the plan lets it, else the requirement."""
        key = member, mark
        if key not in self.marks_found:
            rule, stated = self.terms_of(member).marks[mark], self.given["qualified"][member]
            if self.given["closed"][member]:
                self.marks_found[key] = False
            elif rule.stated and stated != UNSTATED:
                self.marks_found[key] = bool(stated)
            else:
                self.marks_found[key] = self.holds(rule.requirement, member)
        return self.marks_found[key]

    def step_of(self, member: int) -> int:
        """
        Return the step of the period: the highest that volume reaches, the fast track at once, or the one carried in.

        Nobody stands below the own frontline where the plan says so; a percent that the company states replaces it all.
        """
        if member not in self.steps_found:
            self.steps_found[member] = 0 if self.given["closed"][member] else self.step_reached(member)
        return self.steps_found[member]

    def step_reached(self, member: int) -> int:
        """Return the step of a position that is not closed."""
        terms, stated = self.terms_of(member), self.given["percent_held_bp"][member]
        if terms.ladder.stated and stated != UNSTATED:
            return max([index for index, step in enumerate(terms.steps) if step.percent_bp <= stated] + [0])
        by_volume = self.highest([step.requirement for step in terms.steps], member)
        steps = [by_volume, self.given["step_before"][member]]
        if terms.ladder.fast_track_at_once:
            steps.append(self.fast_step_of(member))
        if terms.ladder.frontline_floor:
            steps += [self.step_of(leg) for leg in self.legs[member]]
        return max(steps)

    def fast_step_of(self, member: int) -> int:
        """Return the highest step whose fast track holds; 0 where none does."""
        if self.given["closed"][member]:
            return 0
        tracks = [(index, step.fast_track) for index, step in enumerate(self.terms_of(member).steps)]
        return max([index for index, track in tracks if track is not None and self.holds(track, member)] + [0])


def fosters_fit(fosters: Fosters, is_foster: object) -> bool:
    """Say whether a leg that is, or is not, a foster leg is one of those that count."""
    return {Fosters.COUNTED: True, Fosters.LEFT_OUT: not is_foster, Fosters.ALONE: bool(is_foster)}[fosters]


def earlier(window: Window, periods: int) -> int:
    """Return how many slots a window's earlier periods have: each by itself, or their sum."""
    return {Window.PERIOD: 0, Window.LAST: max(0, periods - 1)}.get(window, 1)
