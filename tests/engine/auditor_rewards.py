"""
The auditor's bonuses beside groups: productions, level bonuses, one-time bonuses and titles held.
"""

from collections.abc import Iterator
from fractions import Fraction

from backend.plan.terms import Line as Upward
from tests.engine.auditor_gates import NOBODY
from tests.engine.auditor_lines import (
    DIFFERENTIAL,
    FAST_START,
    LEVEL,
    ONE_TIME,
    PRODUCTION,
    TITLE_HELD,
    Line,
)
from tests.engine.auditor_overrides import OnGroups


class Rewards(OnGroups):
    """What is paid on volumes, on single members' orders, and once."""

    def productions(self) -> None:
        """Pay the active through the gate the rate of the highest bracket that the volume's points reach."""
        for scheme, production in enumerate(self.terms.productions):
            for member in self.members:
                rule = self.terms_of(member).productions[scheme]
                points = max(0, self.points_of(production.volume, member))
                rates = [rate for at_least, rate in rule.brackets if points >= at_least]
                if rates and self.is_as_if_active(member) and self.opens(rule.gate, member):
                    line = Line(member, PRODUCTION, scheme=scheme, source=member, rate_bp=rates[-1])
                    base = self.cv_of(production.volume, member)
                    self.pay(line._replace(base_cv=base, state=self.state_of(member)))

    def line_above(self, member: int, line: Upward) -> Iterator[tuple[int, int]]:
        """Yield everybody above a member by sponsor or enroller, nearest first, each with the sponsor's leg."""
        if line == Upward.SPONSOR:
            yield from self.upline(member)
            return
        above = self.given["enroller"][member]
        while above != NOBODY:
            yield above, NOBODY
            above = self.given["enroller"][above]

    def levels(self) -> None:
        """
        Pay those above a buyer by level; who is not active or misses the gate uses one up, unless it is compressed.

        A member is paid the higher of such a bonus and the differential where the plan says so; the differential where
        they are alike.
        """
        for scheme, bonus in enumerate(self.terms.levels):
            for buyer in self.members:
                days = self.given["days_since_joining"][buyer]
                within = self.terms_of(buyer).levels[scheme].within_days
                if within == 0 or 0 <= days <= within:
                    base = self.given["first_cv"] if bonus.first_orders else self.found["cv"]
                    self.pay_levels(scheme, buyer, base[buyer])
            if bonus.or_differential:
                self.better_of_two(scheme)

    def pay_levels(self, scheme: int, buyer: int, base_cv: int) -> None:
        """Pay one buyer's uplines."""
        level, rule = 1, self.terms.levels[scheme]
        for above, leg in self.line_above(buyer, rule.line):
            if level > len(rule.rates_bp):
                return
            own = self.terms_of(above).levels[scheme]
            earns = self.is_as_if_active(above) and self.opens(own.gate, above)
            if earns:
                line = Line(above, LEVEL, scheme=scheme, leg=leg, source=buyer, generation=level)
                rate = own.rates_bp[level - 1]
                self.pay(line._replace(rate_bp=rate, base_cv=base_cv, state=self.state_of(above)))
            if earns or not rule.compressed:
                level += 1

    def better_of_two(self, scheme: int) -> None:
        """Strike out the lower of a level bonus and the differential for each member."""
        for member in self.members:
            level = [line for line in self.lines if line[:3] == (member, LEVEL, scheme)]
            differential = [line for line in self.lines if line[:2] == (member, DIFFERENTIAL)]
            sums = [sum(line.amount_minor for line in lines) for lines in (level, differential)]
            struck = differential if sums[0] > sums[1] else level
            self.lines = [line for line in self.lines if line not in struck]

    def bonuses(self) -> None:
        """Pay what is paid once: the fast start, titles held, and targets met."""
        self.found["bonuses"] = list(self.given["bonuses_before"])
        self.found["instalments"] = list(self.given["instalments_before"])
        self.found["one_times"] = list(self.given["one_times_before"])
        for member in [member for member in self.members if self.is_as_if_active(member)]:
            if max(self.found["cv"]) > 0:
                self.fast_start(member)
                self.title_held(member)
                self.one_time(member)

    def fast_start(self, member: int) -> None:
        """Pay, within the days after joining, once for each title from 1 up to that achieved."""
        if not 0 <= self.given["days_since_joining"][member] <= self.terms_of(member).fast_start.within_days:
            return
        for title in range(1, self.found["achieved_title"][member] + 1):
            amount = self.terms_of(member).titles[title].fast_start_minor
            if not self.found["bonuses"][member] >> 2 * title & 1 and self.pay_once(member, FAST_START, 0, amount):
                self.found["bonuses"][member] |= 1 << 2 * title

    def title_held(self, member: int) -> None:
        """
        Pay the bonus of a title held for the periods in a row, whole or in parts, the last with what is left over.

        Each period pays one part while the title is held; with the last the bonus is paid in full.
        """
        rule, title = self.terms_of(member).title_held, self.found["title"][member]
        since = self.found["held"][member] - (1 if rule.after_achievement else 0)
        paid_in_full = self.found["bonuses"][member] >> 2 * title + 1 & 1
        if title == 0 or rule.successive_periods == 0 or since < rule.successive_periods or paid_in_full:
            return
        amount, parts = self.terms_of(member).titles[title].held_bonus_minor, rule.instalments
        before = self.found["instalments"][member] >> 2 * title & 3
        last = before + 1 >= parts
        part = amount - before * (amount // parts) if last else amount // parts
        if self.pay_once(member, TITLE_HELD, 0, part):
            self.found["instalments"][member] &= ~(3 << 2 * title)
            if last:
                self.found["bonuses"][member] |= 1 << 2 * title + 1
            else:
                self.found["instalments"][member] |= before + 1 << 2 * title

    def one_time(self, member: int) -> None:
        """Pay each target met in its days, once; the company's grant does not meet a target."""
        for scheme, rule in enumerate(self.terms_of(member).one_times):
            days = self.given["days_since_joining"][member]
            in_time = rule.within_days == 0 or 0 <= days <= rule.within_days
            paid_before = self.found["one_times"][member] >> scheme & 1
            met = not self.given["closed"][member] and self.holds(rule.requirement, member)
            if in_time and met and not paid_before and self.pay_once(member, ONE_TIME, scheme, rule.amount_minor):
                self.found["one_times"][member] |= 1 << scheme

    def pay_once(self, member: int, bonus: int, scheme: int, amount_minor: int) -> bool:
        """Pay an amount of the first market as the own market's; say whether it is anything."""
        amount = self.rounded_for(self.from_first_market(amount_minor, member), member)
        if amount > 0:
            self.enter(Line(member, bonus, scheme=scheme, amount_minor=amount, state=self.state_of(member)))
        return amount > 0

    def from_first_market(self, amount_minor: int, member: int) -> Fraction:
        """Return what an amount of the first market is worth in a member's own: as many points."""
        there = self.terms.markets[self.given["market"][member]].minor_per_point
        return Fraction(amount_minor * there, self.terms.markets[0].minor_per_point)
