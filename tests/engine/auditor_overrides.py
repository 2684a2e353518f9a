"""
The auditor's overrides: from each group that stands alone up the line, generation after generation, by hand.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from backend.plan.terms import Counting, Groups, Override, RatesBy, VolumeNumber
from tests.engine.auditor_differential import OnVolume
from tests.engine.auditor_lines import OVERRIDE, Line

LEVELS = {Groups.SAME_PERCENT: ("paid_bp", "percent_bp"), Groups.SAME_TITLE: ("title", "title")}
"""What bounds the groups that an earner sees: of the earner, and of those who lead them."""


class Group(NamedTuple):
    """A group that an override is paid on: its leader, its CV, who else leads such a group, and who may earn on it."""

    leader: int
    base_cv: int
    leaders: frozenset[int]
    level: int | None
    """With groups of the same percent or title: that which an earner must have."""


class OnGroups(OnVolume):
    """What an upline earns on groups that stand alone."""

    def override(self, scheme: int) -> None:
        """
        Pay on every group each generation of one override.

        A group for which nobody qualifies stays with the company, at the rate of the first generation; groups that are
        seen from each earner anew have none without an earner.
        """
        rule = self.terms.overrides[scheme]
        self.first_earned: dict[tuple[int, int], Line] = {}
        for group in list(self.groups(rule)):
            if not self.pay_group(scheme, group) and rule.groups not in LEVELS:
                self.keep(self.unearned(scheme, group))
        self.round_sums(OVERRIDE)

    def unearned(self, scheme: int, group: Group) -> Line:
        """Return what a group without an earner would have paid in its first generation, by the first row that pays."""
        rows = self.terms_of(group.leader).overrides[scheme].rates_bp
        rate_bp = next((row[0] for row in rows if row and row[0]), 0)
        line = Line(group.leader, OVERRIDE, scheme=scheme, source=group.leader, generation=1)
        finer = self.terms.overrides[scheme].finer
        return line._replace(rate_bp=rate_bp, base_cv=group.base_cv, part=Fraction(1, finer))

    def groups(self, override: Override) -> Iterator[Group]:
        """Yield the groups of an override."""
        if override.groups in LEVELS:
            earners, leaders_by = (self.found[name] for name in LEVELS[override.groups])
            bounded = override.groups == Groups.SAME_PERCENT
            for level in sorted({mine for mine in earners if mine > 0 or not bounded}):
                alike = frozenset(one for one in self.members if leaders_by[one] >= level)
                for leader in sorted(alike):
                    yield Group(leader, self.without_next(leader, alike, override.volume), alike, level)
            return
        marked = override.groups == Groups.MARKED
        held = [self.has_mark(one, override.mark) if marked else self.found["broken_away"][one] for one in self.members]
        leaders = frozenset(one for one in self.members if held[one])
        for leader in sorted(leaders):
            base = (
                self.without_next(leader, leaders, override.volume) if marked else self.cv_of(override.volume, leader)
            )
            yield Group(leader, base, leaders, None)

    def without_next(self, leader: int, leaders: frozenset[int], volume: int) -> int:
        """Return the CV of all below down to the next such groups; any other volume is what the plan says it is."""
        if volume != VolumeNumber.GROUP:
            return self.cv_of(volume, leader)
        found = [leader]
        for member in found:
            found += [leg for leg in self.legs[member] if leg not in leaders]
        return int(sum(self.found["cv"][member] for member in found))

    def pay_group(self, scheme: int, group: Group) -> bool:
        """
        Go up the line from a group's leader; say whether anybody is paid on it.

        Who does not earn the next generation is passed over; a leader among them uses it up or ends the line where the
        plan says so, but for one whose own group is empty where such groups do not count. A rate of nothing takes a
        generation all the same.
        """
        rule, generation, qualified, first_bp = self.terms.overrides[scheme], 1, False, 0
        if not (rule.pays_skipped or self.qualifies(scheme, group.leader)):
            return False
        for above, leg in self.upline(group.leader):
            rate = self.rate_of(scheme, above, generation)
            fits = group.level is None or self.found[LEVELS[rule.groups][0]][above] == group.level
            if rate is not None and fits and self.qualifies(scheme, above):
                line = self.generation_line(scheme, group, above, generation, first_bp)
                if generation == 1 and line.part:
                    first_bp = line.rate_bp
                if line.rate_bp and line.part:
                    self.first_earned.setdefault((scheme, group.leader), line._replace(leg=leg))
                    self.pay(line._replace(leg=leg))
                qualified, generation = True, generation + 1
                if rule.first_only and line.rate_bp and line.part:
                    break
            elif self.uses_one(scheme, above, group):
                if rule.counting == Counting.ENDS:
                    break
                generation += 1
        return qualified

    def uses_one(self, scheme: int, member: int, group: Group) -> bool:
        """Say whether a member who does not qualify uses up a generation, or ends the line."""
        rule = self.terms.overrides[scheme]
        if member not in group.leaders or rule.counting == Counting.PASSED_OVER:
            return False
        return rule.empty_counts or self.group_cv_of(scheme, member, group) != 0

    def group_cv_of(self, scheme: int, leader: int, group: Group) -> int:
        """Return the CV of another leader's group of the same kind."""
        alike = self.groups(self.terms.overrides[scheme])
        return next(one.base_cv for one in alike if (one.leader, one.level) == (leader, group.level))

    def generation_line(self, scheme: int, group: Group, above: int, generation: int, first_bp: int) -> Line:
        """
        Return what one upline earns: the rate less the leader's own, in the part that the distance leaves.

        Where deeper generations are paid on what the first one earns, the part is the first one's rate.
        """
        rule = self.terms_of(above).overrides[scheme]
        rate, part = self.rate_of(scheme, above, generation) or 0, Fraction(1)
        if rate and rule.least_difference_bp >= 0:
            rate = max(
                rate - (self.rate_of(scheme, group.leader, generation) or 0), rule.least_difference_bp * rule.finer
            )
        if rule.of_first_amount and generation > 1:
            part = Fraction(first_bp, 10_000 * rule.finer)
        elif rule.distance_bp:
            apart = max(0, self.found["title"][above] - self.found["title"][group.leader])
            part = Fraction(rule.distance_bp[min(apart, len(rule.distance_bp) - 1)], 10_000)
        line = Line(above, OVERRIDE, scheme=scheme, source=group.leader, generation=generation)
        return line._replace(rate_bp=rate, base_cv=group.base_cv, part=part / rule.finer)

    def qualifies(self, scheme: int, member: int) -> bool:
        """Say whether a member is active, holds the lowest title and meets the gate."""
        rule = self.terms_of(member).overrides[scheme]
        titled = self.found["title"][member] >= rule.lowest_title
        return bool(self.found["earns"][member]) and titled and self.opens(rule.gate, member)

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
