"""
The auditor's overrides: from each group that stands alone up the line, generation after generation, by hand.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from backend.plan.terms import Counting, Groups, Override, RatesBy, VolumeNumber
from tests.engine.auditor_differential import OnVolume
from tests.engine.auditor_lines import OVERRIDE, Line


class Group(NamedTuple):
    """A group that an override is paid on: its leader, its CV, who else leads such a group, and who may earn on it."""

    leader: int
    base_cv: int
    leaders: frozenset[int]
    percent: int | None
    """With groups of the same percent: that at which an earner must be paid."""


class OnGroups(OnVolume):
    """What an upline earns on groups that stand alone."""

    def overrides(self) -> None:
        """
        Pay on every group each generation; what comes in is then weighed against the guarantee.

        A group on which nobody earns anything stays with the company, at the rate of the first generation.
        """
        for scheme, override in enumerate(self.terms.overrides):
            for group in self.groups(override):
                if not self.pay_group(scheme, group):
                    self.keep(self.unearned(scheme, group))

    def unearned(self, scheme: int, group: Group) -> Line:
        """Return what a group that nobody earns on would have paid in its first generation, by the lowest row."""
        rows = self.terms_of(group.leader).overrides[scheme].rates_bp
        rate_bp = rows[0][0] if rows[0] else 0
        line = Line(group.leader, OVERRIDE, scheme=scheme, source=group.leader, generation=1)
        return line._replace(rate_bp=rate_bp, base_cv=group.base_cv)

    def groups(self, override: Override) -> Iterator[Group]:
        """Yield the groups of an override."""
        if override.groups == Groups.SAME_PERCENT:
            for percent in sorted({paid for paid in self.found["paid_bp"] if paid > 0}):
                alike = frozenset(one for one in self.members if self.found["percent_bp"][one] >= percent)
                for leader in sorted(alike):
                    yield Group(leader, self.without_next(leader, alike, VolumeNumber.TOTAL), alike, percent)
            return
        marked = override.groups == Groups.MARKED
        held = [self.has_mark(one, override.mark) if marked else self.found["broken_away"][one] for one in self.members]
        leaders = frozenset(one for one in self.members if held[one])
        for leader in sorted(leaders):
            base = self.without_next(leader, leaders, override.volume) if marked else self.cv_of(override.volume, leader)
            yield Group(leader, base, leaders, None)

    def without_next(self, leader: int, leaders: frozenset[int], volume: int) -> int:
        """
        Return the CV of a group without the next such groups below.

        The group's and the total volume are walked down to these; any other volume is what the plan says it is.
        """
        if volume not in {VolumeNumber.GROUP, VolumeNumber.TOTAL}:
            return self.cv_of(volume, leader)
        closes = volume == VolumeNumber.GROUP and self.terms.breakaway.closes_volume
        found = [leader]
        for member in found:
            legs = [leg for leg in self.legs[member] if leg not in leaders]
            found += [leg for leg in legs if not (closes and self.found["broken_away"][leg])]
        return sum(self.found["cv"][member] for member in found)

    def pay_group(self, scheme: int, group: Group) -> bool:
        """
        Go up the line from a group's leader; say whether anybody is paid on it.

        Who does not earn the next generation is passed over; a leader among them uses it up or ends the line where the
        plan says so. A leader whose own group is empty is not seen at all where empty groups do not count.
        """
        rule, generation, paid = self.terms.overrides[scheme], 1, False
        if not (rule.pays_skipped or self.qualifies(scheme, group.leader)):
            return False
        for above, leg in self.upline(group.leader):
            leads = above in group.leaders
            if leads and not rule.empty_counts and not self.group_cv_of(scheme, above, group):
                continue
            rate = self.rate_of(scheme, above, generation)
            fits = group.percent is None or self.found["paid_bp"][above] == group.percent
            if rate is not None and fits and self.qualifies(scheme, above):
                self.pay_generation(scheme, group, above, leg, generation)
                paid, generation = True, generation + 1
                if rule.first_only:
                    break
            elif leads and rule.counting == Counting.ENDS:
                break
            elif leads and rule.counting == Counting.USES_ONE:
                generation += 1
        return paid

    def group_cv_of(self, scheme: int, leader: int, group: Group) -> int:
        """Return the CV of another leader's group of the same kind."""
        alike = self.groups(self.terms.overrides[scheme])
        return next(one.base_cv for one in alike if (one.leader, one.percent) == (leader, group.percent))

    def pay_generation(self, scheme: int, group: Group, above: int, leg: int, generation: int) -> None:
        """Pay one upline the rate of a generation, less the leader's own, in the part that the titles' distance leaves."""
        rule = self.terms_of(above).overrides[scheme]
        rate = self.rate_of(scheme, above, generation) or 0
        if rule.least_difference_bp >= 0:
            of_leader = self.row_rate(scheme, group.leader, generation) or 0
            rate = max(rate - of_leader, rule.least_difference_bp)
        part = Fraction(1)
        if rule.distance_bp:
            apart = max(0, self.found["title"][above] - self.found["title"][group.leader])
            part = Fraction(rule.distance_bp[min(apart, len(rule.distance_bp) - 1)], 10_000)
        line = Line(above, OVERRIDE, scheme=scheme, leg=leg, source=group.leader, generation=generation, part=part)
        self.pay(line._replace(rate_bp=rate, base_cv=group.base_cv, state=self.state_of(above)))

    def qualifies(self, scheme: int, member: int) -> bool:
        """Say whether a member is active, holds the lowest title and meets the gate."""
        rule = self.terms_of(member).overrides[scheme]
        titled = self.found["title"][member] >= rule.lowest_title
        return self.is_as_if_active(member) and titled and self.opens(rule.gate, member)

    def rate_of(self, scheme: int, member: int, generation: int) -> int | None:
        """Return a member's rate in a generation, if the title opens it and the row has it."""
        depth = self.terms_of(member).titles[self.found["title"][member]].generations
        if self.terms.overrides[scheme].depth_by_title and generation > depth:
            return None
        return self.row_rate(scheme, member, generation)

    def row_rate(self, scheme: int, member: int, generation: int) -> int | None:
        """Return the rate of a member's row in a generation; the last goes on where the plan says so."""
        rule = self.terms_of(member).overrides[scheme]
        chosen = {
            RatesBy.NOTHING: 0,
            RatesBy.TITLE: self.found["title"][member],
            RatesBy.STEP: self.found["step"][member],
            RatesBy.LEGS_BROKEN_AWAY: self.found["legs_broken_away"][member],
        }[rule.by]
        row = rule.rates_bp[min(chosen, len(rule.rates_bp) - 1)]
        if generation <= len(row):
            return row[generation - 1]
        return row[-1] if rule.last_rate_goes_on and row else None
