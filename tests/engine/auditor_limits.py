"""
The auditor's last pages: matches on what others earn, caps, and what is held, carried forward and released.
"""

from collections import defaultdict
from fractions import Fraction

from backend.plan.terms import Cap, Failing, RatesBy
from tests.engine.auditor_lines import (
    CUT,
    DIFFERENTIAL,
    HELD_ACTIVITY,
    KEPT_AT_SALE,
    MATCH,
    MULTIPLIER,
    RELEASED,
    RETAIL,
    Line,
)
from tests.engine.auditor_pools import Pools


class Limits(Pools):
    """What is paid on income, and what of everything may be paid out."""

    def multipliers(self) -> None:
        """
        Pay the active through the gate a rate on what they earn themselves in the named bonuses, held or not.

        The rate is that of the title, the step or the number of legs that have broken away, or one for everybody. No
        multiplier and no match is multiplied.
        """
        before = list(self.lines)
        by = {RatesBy.TITLE: "title", RatesBy.STEP: "step", RatesBy.LEGS_BROKEN_AWAY: "legs_broken_away"}
        for scheme, rule in enumerate(self.terms.multipliers):
            for member in self.members:
                own = self.terms_of(member).multipliers[scheme]
                index = self.found[by[rule.by]][member] if rule.by in by else 0
                rate = own.rates_bp[index] if index < len(own.rates_bp) else own.rates_bp[-1]
                earned = self.earned(member, before, set(rule.bonuses) - {MATCH, MULTIPLIER})
                if earned and rate and self.is_as_if_active(member) and self.opens(own.gate, member):
                    amount = self.rounded_for(Fraction(earned * rate, 10_000), member)
                    line = Line(member, MULTIPLIER, scheme=scheme, source=member, rate_bp=rate, amount_minor=amount)
                    self.enter(line)

    def earned(self, member: int, lines: list[Line], bonuses: set[int]) -> int:
        """Add up what a member earns in some bonuses, recoveries too; not what is kept at the sale."""
        own = [line for line in lines if line.earner == member and line.state != KEPT_AT_SALE]
        return sum(line.amount_minor for line in own if line.bonus in bonuses)

    def matches(self) -> None:
        """
        Pay those above a member by level on what it earns in the named bonuses, held or not, at the value of a point.

        Who is not active or misses the gate uses a level up, unless it is compressed. No match is matched.
        """
        before = list(self.lines)
        for scheme, rule in enumerate(self.terms.matches):
            for source in self.members:
                earned = self.earned(source, before, set(rule.bonuses) - {MATCH})
                for level, above, leg in self.levels_above(source, rule, len(rule.rates_bp)):
                    own = self.terms_of(above).matches[scheme]
                    line = Line(above, MATCH, scheme=scheme, leg=leg, source=source, generation=level)
                    self.match(line._replace(rate_bp=own.rates_bp[level - 1]), earned)
        self.round_sums(MATCH)

    def match(self, line: Line, earned_minor: int) -> None:
        """Enter a match of what its source earns, exchanged and rounded once; none of nothing."""
        points = [self.terms.markets[self.given["market"][one]].minor_per_point for one in (line.earner, line.source)]
        amount = Fraction(earned_minor * line.rate_bp * points[0], 10_000 * points[1])
        if earned_minor and line.rate_bp:
            self.owe(line, amount, line.earner)

    def early_limits(self) -> None:
        """Apply the caps that cut before anything is matched, so that matches are of what is left."""
        self.limits(before_matches=True)

    def limits(self, *, before_matches: bool = False) -> None:
        """Apply the caps in the plan's order, each on what those before it have left."""
        for scheme, cap in enumerate(self.terms.caps):
            if cap.before_matches != before_matches:
                continue
            self.paid = self.paid_so_far(cap)
            self.cut: dict[tuple[int, int], int] = defaultdict(int)
            for member in self.members:
                most = self.exchanged(self.terms_of(member).caps[scheme].member_minor, member)
                if cap.member_minor:
                    self.take([member], self.left_to([member]) - most)
            if cap.share_bp:
                self.cut_all(cap)
            for (member, bonus), amount in self.cut.items():
                if amount:
                    self.enter(Line(member, bonus, scheme=scheme, entry=CUT, amount_minor=-amount))

    def paid_so_far(self, cap: Cap) -> dict[tuple[int, int], int]:
        """Add up by member and bonus what a cap looks at: not what is kept at the sale or waits for activity."""
        paid: dict[tuple[int, int], int] = defaultdict(int)
        for line in self.lines:
            waits = self.terms.unqualified == Failing.CARRY_FORWARD and not self.found["earns"][line.earner]
            if line.bonus != RETAIL and (not cap.bonuses or line.bonus in cap.bonuses) and not waits:
                paid[line.earner, line.bonus] += line.amount_minor
        return paid

    def left_to(self, members: list[int]) -> int:
        """Return what some members are paid after the cuts."""
        found = [amount - self.cut[key] for key, amount in list(self.paid.items()) if key[0] in members]
        return sum(found)

    def take(self, members: list[int], over_minor: int) -> None:
        """Take so much from some members of one market, in proportion to what each bonus pays; recoveries stay."""
        if over_minor <= 0:
            return
        unit = self.terms.markets[self.given["market"][members[0]]].rounding_minor
        keys = sorted(key for key, amount in self.paid.items() if key[0] in members and amount > self.cut[key])
        weights = {at: self.paid[key] - self.cut[key] for at, key in enumerate(keys)}
        for at, amount in self.split(over_minor // unit, weights).items():
            self.cut[keys[at]] += amount * unit

    def cut_all(self, cap: Cap) -> None:
        """Leave each market the same part of what it is paid, so that all together is the share of CV or less."""
        alone = [self.given["first_cv"][member] for member in self.members if self.pays_alone(member)]
        most = Fraction(max(0, sum(self.found["cv"]) + sum(alone)) * cap.share_bp, 1_000_000)
        inside = [
            [one for one in self.members if self.given["market"][one] == at] for at in range(len(self.terms.markets))
        ]
        sums = [max(0, self.left_to(members)) for members in inside]
        markets = self.terms.markets
        whole = sum(Fraction(paid, market.minor_per_point) for paid, market in zip(sums, markets, strict=True))
        if whole <= most:
            return
        for members, paid, market in zip(inside, sums, markets, strict=True):
            if members:
                allowed = int(paid * most / whole / market.rounding_minor) * market.rounding_minor
                self.take(members, paid - allowed)

    def carried(self) -> None:
        """Pay the active what they carry, in one line of the differential, and carry what waits for activity."""
        self.found["carried_minor"] = list(self.given["carried_minor_before"])
        waits = self.terms.unqualified == Failing.CARRY_FORWARD
        for at, line in enumerate(self.lines):
            if waits and not self.found["earns"][line.earner] and line.state != KEPT_AT_SALE:
                self.lines[at] = line._replace(state=HELD_ACTIVITY)
                self.found["carried_minor"][line.earner] += line.amount_minor
        for member in self.members:
            before = self.given["carried_minor_before"][member]
            if self.found["earns"][member] and before:
                self.found["carried_minor"][member] = 0
                self.enter(Line(member, DIFFERENTIAL, entry=RELEASED, amount_minor=before))
