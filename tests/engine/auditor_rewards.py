"""
The auditor's bonuses beside groups: productions, level bonuses, one-time bonuses and titles held.
"""

from collections.abc import Iterator
from fractions import Fraction

from backend.plan.terms import LevelBonus, Match
from backend.plan.terms import Line as Upward
from tests.engine.auditor_gates import NOBODY
from tests.engine.auditor_guarantees import Guarantees
from tests.engine.auditor_lines import (
    CLAWED_BACK,
    DIFFERENTIAL,
    FAST_START,
    LEVEL,
    ONE_TIME,
    PASSED_UP,
    PAYABLE,
    PRODUCTION,
    TITLE_HELD,
    Line,
)


class Rewards(Guarantees):
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
                    self.pay(line._replace(base_cv=base))
        self.round_sums(PRODUCTION)

    def levels_above(self, member: int, rule: LevelBonus | Match, most: int) -> Iterator[tuple[int, int, int]]:
        """
        Yield level, upline and sponsor's leg of those above a member, by sponsor or enroller, up to so many levels.

        Who does not qualify uses up a level, or is passed over where it is compressed; a line of enrollers that comes
        back to somebody ends there.
        """
        kind, index = ("levels", "matches")[isinstance(rule, Match)], -1
        index = getattr(self.terms, kind).index(rule)
        level, seen, below, above = 1, {member}, member, self.above(member, rule)
        while above != NOBODY and above not in seen and level <= most:
            own = getattr(self.terms_of(above), kind)[index]
            qualifies = self.is_as_if_active(above) and self.opens(own.gate, above)
            if qualifies:
                yield level, above, below if rule.line == Upward.SPONSOR else NOBODY
            level += qualifies or not rule.compressed
            seen.add(above)
            below, above = above, self.above(above, rule)

    def above(self, member: int, rule: LevelBonus | Match) -> int:
        """Return the next above on a bonus' line."""
        return int(self.given["sponsor" if rule.line == Upward.SPONSOR else "enroller"][member])

    def levels(self) -> None:
        """
        Pay those above a buyer by level; who is not active or misses the gate uses one up, unless it is compressed.

        A member is paid the higher of such a bonus and the differential where the plan says so; the differential where
        they are alike.
        """
        for scheme, bonus in enumerate(self.terms.levels):
            for buyer in self.members:
                if not self.is_paid_on(self.terms_of(buyer).levels[scheme], buyer):
                    continue
                if bonus.products:
                    self.pay_units(scheme, buyer)
                else:
                    base = self.given["first_cv"] if bonus.first_orders else self.found["cv"]
                    self.pay_levels(scheme, buyer, base[buyer])
            self.round_sums(LEVEL)
            if bonus.or_differential:
                self.better_of_two(scheme)

    def pay_levels(self, scheme: int, buyer: int, base_cv: int) -> None:
        """Pay one buyer's uplines."""
        rule = self.terms.levels[scheme]
        for level, above, leg in self.levels_above(buyer, rule, len(rule.rates_bp)):
            rate = self.terms_of(above).levels[scheme].rates_bp[level - 1]
            line = Line(above, LEVEL, scheme=scheme, leg=leg, source=buyer, generation=level)
            self.pay(line._replace(rate_bp=rate, base_cv=base_cv))

    def pay_units(self, scheme: int, buyer: int) -> None:
        """
        Pay one buyer's uplines for each unit of a product, in the earner's money to the unit that is paid there.

        Units that come with no CV pay nothing, for nobody is paid without a sale; units that come back are recovered.
        Units of first orders that pay another bonus alone count for that one only.
        """
        rule, given = self.terms.levels[scheme], self.given
        units, cv = list(given["units"][buyer]), given["own_cv"][buyer] + given["customer_cv"][buyer]
        if rule.first_orders:
            units, cv = list(given["first_units"][buyer]), given["first_cv"][buyer]
        elif self.pays_alone(buyer):
            units = [every - first for every, first in zip(units, given["first_units"][buyer], strict=True)]
            cv -= given["first_cv"][buyer]
        for at, each in enumerate(rule.products):
            count = units[each.product]
            for level, above, leg in self.levels_above(buyer, rule, len(each.amounts_minor)):
                amount = self.terms_of(above).levels[scheme].products[at].amounts_minor[level - 1]
                one = self.exchanged(amount, above)
                if one > 0 and (count < 0 or (count > 0 and cv > 0)):
                    line = Line(above, LEVEL, scheme=scheme, leg=leg, source=buyer, generation=level)
                    self.enter(line._replace(product=each.product, part=Fraction(count), amount_minor=count * one))

    def better_of_two(self, scheme: int) -> None:
        """Leave each member the higher of a level bonus and the differential; the company keeps the lower one."""
        for member in self.members:
            level = [line for line in self.lines if line[:3] == (member, LEVEL, scheme)]
            differential = [line for line in self.lines if line[:2] == (member, DIFFERENTIAL)]
            sums = [sum(line.amount_minor for line in lines) for lines in (level, differential)]
            struck = differential if level and sums[0] > sums[1] else level
            for line in struck:
                self.lines.remove(line)
                source = line.source if line.entry == PASSED_UP else member
                self.breakage.append(line._replace(earner=NOBODY, source=source, state=PAYABLE))

    def bonuses(self) -> None:
        """Take back what lost titles give back; then pay what is paid once: fast start, titles held, targets met."""
        self.found["bonuses"] = list(self.given["bonuses_before"])
        self.found["instalments"] = list(self.given["instalments_before"])
        self.found["one_times"] = list(self.given["one_times_before"])
        self.found["held_paid"] = [list(paid) for paid in self.given["held_paid_before"]]
        for member in self.members:
            for title in range(1, len(self.terms.titles)):
                self.title_lost(member, title)
        for member in [member for member in self.members if self.is_as_if_active(member)]:
            if self.has_sold():
                self.fast_start(member)
                for title in range(1, len(self.terms.titles)):
                    self.title_held(member, title)
                self.one_time(member)

    def fast_start(self, member: int) -> None:
        """Pay, within the days after joining, once for each title from 1 up to that achieved."""
        if not 0 <= self.given["days_since_joining"][member] <= self.terms_of(member).fast_start.within_days:
            return
        for title in range(1, self.found["achieved_title"][member] + 1):
            amount = self.terms_of(member).titles[title].fast_start_minor
            if not self.found["bonuses"][member] >> 2 * title & 1 and self.pay_once(member, FAST_START, title, amount):
                self.found["bonuses"][member] |= 1 << 2 * title

    def title_lost(self, member: int, title: int) -> None:
        """
        Count a period more since a title has paid; where the member falls below it, settle it or take all of that back.

        Back comes what was paid where the last payment is no longer ago than the periods say, whoever is active. A
        title that does not begin anew pays nothing more where it has a bonus at all.
        """
        rule, paid = self.terms_of(member).title_held, self.found["held_paid"][member]
        since, amount = paid[2 * title : 2 * title + 2] or (0, 0)
        since += amount > 0
        paid[2 * title : 2 * title + 2] = [since, amount] if paid else []
        if not self.found["title"][member] < title <= self.given["title_before"][member]:
            return
        bonus = self.exchanged(self.terms_of(member).titles[title].held_bonus_minor, member)
        ends = not rule.restarts and bonus > 0 and rule.successive_periods > 0
        if amount > 0 and since <= rule.clawback_periods:
            self.enter(Line(member, TITLE_HELD, scheme=title, entry=CLAWED_BACK, amount_minor=-amount))
            paid[2 * title : 2 * title + 2] = [0, 0]
            ends = True
        if ends:
            self.found["instalments"][member] &= ~(3 << 2 * title)
            self.found["bonuses"][member] |= 2 << 2 * title

    def title_held(self, member: int, title: int) -> None:
        """
        Pay the bonus of a title held for the periods in a row, whole or in parts, the last with what is left over.

        Each part is due as the whole would be, and those after the first also to who has risen meanwhile. With the last
        it is paid in full.
        """
        rule, own = self.terms_of(member).title_held, self.found["title"][member]
        before = self.found["instalments"][member] >> 2 * title & 3
        since = self.found["held"][member] - (1 if rule.after_achievement else 0)
        due = (own == title and since >= rule.successive_periods) or (own > title and before > 0)
        amount = self.exchanged(self.terms_of(member).titles[title].held_bonus_minor, member)
        if not due or amount <= 0 or self.found["bonuses"][member] >> 2 * title + 1 & 1:
            return
        unit, last = self.terms.markets[self.given["market"][member]].rounding_minor, before + 1 >= rule.instalments
        part = amount // rule.instalments // unit * unit
        part = amount - before * part if last else part
        if part > 0:
            line = Line(member, TITLE_HELD, scheme=title, part=Fraction(1, rule.instalments), amount_minor=part)
            self.enter(line)
            self.note_paid(member, title, part)
        self.found["instalments"][member] += (-before if last else 1) << 2 * title
        self.found["bonuses"][member] |= int(last) << 2 * title + 1

    def note_paid(self, member: int, title: int, amount_minor: int) -> None:
        """Add what a title pays to what it has paid, where the plan may take it back."""
        paid = self.found["held_paid"][member]
        if paid:
            paid[2 * title : 2 * title + 2] = [0, paid[2 * title + 1] + amount_minor]

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
        amount = self.exchanged(amount_minor, member)
        if amount > 0:
            self.enter(Line(member, bonus, scheme=scheme, amount_minor=amount))
        return amount > 0
