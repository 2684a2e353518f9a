"""
The auditor's guarantees: from the bottom up, each giver makes up what a weak group leaves short, out of what came in.

Shares are reckoned in whole hundredths of CV × rate and rounded once, for the giver and the receiver alike.
"""

from fractions import Fraction
from typing import NamedTuple

from backend.kernel.points import divided
from backend.plan.terms import Charged, Guarantee
from tests.engine.auditor_gates import NOBODY
from tests.engine.auditor_lines import GUARANTEE_GIVEN, GUARANTEE_RECEIVED, OVERRIDE, Line, rounded
from tests.engine.auditor_overrides import Group, OnGroups


class Demand(NamedTuple):
    """Who is asked for which group, through which of the own legs, and the line of who earns on it, if anybody does."""

    giver: int
    leg: int
    group: Group
    earned: Line | None


class Guarantees(OnGroups):
    """Overrides after their guarantees."""

    def overrides(self) -> None:
        """Pay the overrides, and after each what its guarantee moves."""
        for scheme, override in enumerate(self.terms.overrides):
            self.override(scheme)
            if override.guarantee is not None:
                self.make_up(scheme, override.guarantee)

    def make_up(self, scheme: int, rule: Guarantee) -> None:
        """Settle the demands on everybody, whoever has settled all below first; groups one by one as they stand."""
        own = [line for line in self.lines if line.bonus == OVERRIDE and line.scheme == scheme]
        self.finer = self.terms.overrides[scheme].finer
        self.brought = {leg: Fraction(0) for leg in self.members}
        self.brought_minor = dict.fromkeys(self.members, 0)
        for line in own:
            self.brought[line.leg] += int(line.base_cv * line.rate_bp * self.finer * line.part // 1)
            self.brought_minor[line.leg] += line.amount_minor
        demands = self.demands(scheme, rule)
        for giver in self.from_the_leaves():
            left = self.in_hand(giver)
            for demand in [one for one in demands if one.giver == giver]:
                left -= self.give(scheme, rule, demand, left)

    def demands(self, scheme: int, rule: Guarantee) -> list[Demand]:
        """
        Return what is asked of whom.

        Of every leader who qualifies, for the own group, unless the company asks that member for none. Or of who stands
        in the first generation above a group without being paid on it, for that group, where anybody is paid on it.
        """
        found = []
        for group in self.groups(self.terms.overrides[scheme]):
            earned = self.first_earned.get((scheme, group.leader))
            if rule.charged == Charged.OWN_GROUP:
                if self.first_rate(scheme, group.leader) is not None and not self.given["granted"][group.leader]:
                    found.append(Demand(group.leader, NOBODY, group, earned))
                continue
            giver, leg = self.first_above(scheme, group)
            if giver != NOBODY and earned is not None and earned.earner != giver:
                found.append(Demand(giver, leg, group, earned))
        return found

    def first_rate(self, scheme: int, member: int) -> int | None:
        """Return the rate of a member's first generation, if only of nothing; None for who does not qualify for it."""
        return self.rate_of(scheme, member, 1) if self.qualifies(scheme, member) else None

    def first_above(self, scheme: int, group: Group) -> tuple[int, int]:
        """Return who takes a group's first generation, and through which leg; nobody where a leader uses it up."""
        for above, leg in self.upline(group.leader):
            if self.first_rate(scheme, above) is not None:
                return above, leg
            if self.uses_one(scheme, above, group):
                break
        return NOBODY, NOBODY

    def in_hand(self, giver: int) -> int:
        """Return what came in from all legs, never below zero, and no more than its lines are worth as rounded."""
        exact = int(sum(self.brought[leg] for leg in self.legs[giver]))
        market = self.terms.markets[self.given["market"][giver]]
        minor = max(0, sum(self.brought_minor[leg] for leg in self.legs[giver]))
        units = minor // market.rounding_minor * market.rounding_minor
        return max(0, min(exact, int(Fraction(units * 1_000_000 * self.finer, market.minor_per_point))))

    def give(self, scheme: int, rule: Guarantee, demand: Demand, left: int) -> int:
        """Move what a group leaves short of its share, as far as what is left reaches; return it."""
        giver, group = demand.giver, demand.group
        rate = demand.earned.rate_bp if demand.earned else self.first_rate_paid(scheme, giver)
        own_rule = self.terms_of(giver).overrides[scheme].guarantee
        assert own_rule is not None
        full = rate * self.in_cv(own_rule.points, giver)
        short = max(0, self.asked(rule, giver, full) - rate * group.base_cv)
        if own_rule.band_from and group.base_cv >= self.in_cv(own_rule.band_from, giver):
            short = short * own_rule.band_part_bp // 10_000
        exact = min(left, short)
        if exact:
            self.move(scheme, demand, rate, exact)
        return exact

    def in_cv(self, points: int, giver: int) -> int:
        """Return points of PV as CV of a giver's market."""
        market = self.terms_of(giver).markets[self.given["market"][giver]]
        return divided(points * market.cv_per_point, 100, self.terms.rounding)

    def first_rate_paid(self, scheme: int, member: int) -> int:
        """Return the first rate above zero of a member's row."""
        rates = [self.row_rate(scheme, member, generation) for generation in range(1, 9)]
        return next((rate for rate in rates if rate), 0)

    def asked(self, rule: Guarantee, giver: int, full: int) -> int:
        """Return the share that is asked: the full one, or what the lines that bring anything make of it."""
        lines = [int(self.brought[leg]) for leg in self.legs[giver] if self.brought[leg] > 0]
        if rule.at_most_incoming and len(lines) == 1:
            return min(full, lines[0])
        if rule.average and len(lines) > 1 and max(lines) < full:
            return sum(lines) // len(lines)
        return full

    def move(self, scheme: int, demand: Demand, rate: int, exact: int) -> None:
        """Enter a share as given and as received, or as the company's where nobody earns on the group."""
        giver, earned = demand.giver, demand.earned
        base, part = (exact // rate, Fraction(1)) if exact % rate == 0 else (exact, Fraction(1, rate))
        minor = self.worth(exact, giver)
        line = Line(giver, OVERRIDE, scheme=scheme, generation=1, rate_bp=rate, part=part / self.finer)
        given = line._replace(leg=demand.leg, source=demand.group.leader, entry=GUARANTEE_GIVEN)
        self.enter(given._replace(base_cv=-base, amount_minor=-minor))
        received = line._replace(source=giver, entry=GUARANTEE_RECEIVED, base_cv=base, amount_minor=minor)
        if earned is None:
            self.breakage.append(received._replace(earner=NOBODY))
            return
        points = [self.terms.markets[self.given["market"][one]].minor_per_point for one in (giver, earned.earner)]
        minor = minor if points[0] == points[1] else self.worth(exact, earned.earner)
        self.enter(received._replace(earner=earned.earner, leg=earned.leg, amount_minor=minor))
        self.brought[earned.leg] += exact
        self.brought_minor[earned.leg] += minor

    def worth(self, exact: int, member: int) -> int:
        """Return what a share of CV × rate is worth in a member's market, rounded as its lines are."""
        market = self.terms.markets[self.given["market"][member]]
        amount = Fraction(exact * market.minor_per_point, 1_000_000 * self.finer)
        return rounded(amount, self.terms.rounding, market.rounding_minor)
