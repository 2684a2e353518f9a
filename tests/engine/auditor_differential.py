"""
The auditor's personal commission, retail margin and differential: every buyer's CV carried up the line by hand.
"""

from collections import defaultdict
from fractions import Fraction

from backend.plan.terms import Against, Failing
from tests.engine.auditor_gates import NOBODY, UNSTATED
from tests.engine.auditor_lines import DIFFERENTIAL, KEPT_AT_SALE, PERSONAL, RETAIL, Ledger, Line


class OnVolume(Ledger):
    """What the own percent pays, on the own volume and on the legs'."""

    def personal(self) -> None:
        """
        Pay everybody the own percent on the own CV, customers' included, in part where too little goes to customers.

        Who is not active is paid on own sales only, or nothing: then the company keeps it where the percent counts as
        paid, and somebody above gets it where the plan passes up. The margin of the sale is anybody's who sold.
        """
        if self.terms.personal.pays and not self.terms.differential.less_deductions:
            for member in self.members:
                self.own_percent(member)
        if self.terms.retail is not None:
            self.margin()
        self.round_sums(PERSONAL, RETAIL)

    def own_percent(self, member: int) -> None:
        """Pay one member the own percent; what it does not get itself is no personal commission but a differential."""
        percent, cv = self.found["payable_bp"][member], self.found["cv"][member]
        part = self.part_sold_to_customers(member)
        line = Line(member, PERSONAL, source=member, rate_bp=percent, base_cv=cv, part=part)
        if self.terms.unqualified == Failing.OWN_SALES_ONLY:
            self.pay(line)
        elif self.is_as_if_active(member):
            self.pay(line._replace(state=self.state_of(member)))
        elif self.terms.unqualified == Failing.PASS_UP:
            self.pass_up(line._replace(bonus=DIFFERENTIAL))
        elif self.counts_unpaid():
            self.keep(line._replace(bonus=DIFFERENTIAL))
        beyond = max(0, self.counted_on_own(member) - percent)
        self.keep(Line(member, DIFFERENTIAL, source=member, rate_bp=beyond, less_bp=percent, base_cv=cv, part=part))

    def margin(self) -> None:
        """
        Show what each keeps of the price: the rate of what customers cost, or of all own volume, net of what came back.

        A share of the price is reckoned from the cost: at 25 % of the price the cost is three quarters, and the margin
        a third of it.
        """
        for member in [member for member in self.members if not self.given["closed"][member]]:
            rule = self.terms_of(member).retail
            assert rule is not None
            own = self.given["own_cv"][member] if rule.own_too else 0
            base = own + self.given["customer_cv"][member]
            part = Fraction(10_000, 10_000 - rule.rate_bp) if rule.of_price else Fraction(1)
            line = Line(member, RETAIL, source=member, state=KEPT_AT_SALE, rate_bp=rule.rate_bp, part=part)
            self.pay(line._replace(base_cv=max(0, base)))

    def part_sold_to_customers(self, member: int) -> Fraction:
        """Return the smaller of the two shares reached, of sales to customers and of sales verified; at most all."""
        rule = self.terms_of(member).personal
        asked = {"customer_share_bp": rule.customer_share_bp, "verified_share_bp": rule.verified_share_bp}
        reached = [Fraction(1)]
        for name, share in asked.items():
            if share > 0 and self.given[name][member] != UNSTATED:
                reached.append(Fraction(self.given[name][member], share))
        return min(reached)

    def counts_unpaid(self) -> bool:
        """Say whether the percent of who is not active counts as paid, and nobody gains from it."""
        return self.terms.unqualified == Failing.FORFEIT or self.terms.differential.deducts_in_full

    def counted(self, member: int) -> int:
        """Return at what percent a member counts to those above on the volume of its legs."""
        counts = self.is_as_if_active(member) or self.counts_unpaid() or self.terms.unqualified == Failing.PASS_UP
        in_full = self.terms.differential.deducts_in_full
        return int(self.found["percent_bp" if in_full else "payable_bp"][member]) if counts else 0

    def counted_on_own(self, member: int) -> int:
        """Return at what percent a member counts on its own volume: none where the plan pays nothing on that."""
        if not self.terms.personal.pays:
            return 0
        own_sales = self.terms.unqualified == Failing.OWN_SALES_ONLY and not self.is_as_if_active(member)
        return int(self.found["payable_bp"][member]) if own_sales else self.counted(member)

    def closes(self, member: int) -> bool:
        """Say whether a member closes the path: nobody above earns on what comes from there."""
        return bool(self.found["broken_away"][member]) and self.terms.breakaway.closes_differential

    def differential(self) -> None:
        """Pay the differential on legs, where the plan pays one; own sales that nobody is paid on are counted to it."""
        if self.terms.differential.pays and self.terms.differential.less_deductions:
            self.gross_less_deductions()
        elif self.terms.differential.pays:
            self.on_legs()
        self.round_sums(DIFFERENTIAL)

    def on_legs(self) -> None:
        """
        Carry every buyer's CV up to the first broken-away member: each gets the percent less what is paid below.

        A line is earner, leg and the percent taken off; it is rounded once. Whoever stands on the way counts with the
        percent though the first levels may be left out of what it is paid on. Measured against the frontline, who is
        passed over leaves the percent of the next below as that of the frontline.
        """
        bases: dict[tuple[int, int, int], int] = defaultdict(int)
        for buyer in self.members:
            self.carry_up(buyer, bases)
        for (member, leg, less), base in bases.items():
            whole = self.counted(member) - less
            rate = max(0, min(whole, self.found["payable_bp"][member] - less))
            line = Line(member, DIFFERENTIAL, leg=leg, source=leg, rate_bp=rate, less_bp=less, base_cv=base)
            self.settle_differential(line)
            self.keep(line._replace(source=member, rate_bp=whole - rate, less_bp=less + rate))

    def carry_up(self, buyer: int, bases: dict[tuple[int, int, int], int]) -> None:
        """Add a buyer's CV to the base of everybody above whose percent is more than what is taken off there."""
        below, taken = buyer, self.counted_on_own(buyer)
        for depth, (above, leg) in enumerate(self.upline(buyer), start=1):
            if self.closes(below):
                return
            percent = self.counted(above)
            if percent > taken and depth >= self.terms_of(above).differential.from_level:
                bases[above, leg, taken] += self.found["cv"][buyer]
            if self.terms.differential.against == Against.HIGHEST_PAID:
                taken = max(taken, percent)
            elif percent or self.is_as_if_active(above):
                taken = percent
            below = above

    def settle_differential(self, line: Line) -> None:
        """
        Pay a differential to who is active and meets the gate; the company keeps what nobody may earn.

        What is passed up is what would have been earned: who misses the gate would have earned nothing.
        """
        member = line.earner
        if not self.opens(self.terms_of(member).differential.gate, member):
            self.keep(line._replace(source=member))
        elif self.is_as_if_active(member):
            self.pay(line._replace(state=self.state_of(member)))
        elif self.terms.unqualified == Failing.PASS_UP:
            self.pass_up(line._replace(source=member))
        else:
            self.keep(line._replace(source=member))

    def gross_less_deductions(self) -> None:
        """
        Pay one line on the own and open legs' volume: the percent of its CV cut off, less each leg's own so cut off.

        A leg whose leader is passed over leaves its own legs to be taken off. Nothing is paid below zero but on a group
        whose returns make it negative.
        """
        for member in self.members:
            percent = min(self.counted(member), self.found["payable_bp"][member])
            base = self.open_cv(member)
            gross = self.cut_off(member, base, percent)
            less = sum(self.deduction(member, leg) for leg in self.legs[member])
            amount = gross if base < 0 else max(0, gross - less)
            if percent and base:
                self.settle_one_line(
                    Line(member, DIFFERENTIAL, source=member, rate_bp=percent, base_cv=base, amount_minor=amount)
                )

    def open_cv(self, member: int) -> int:
        """Return the CV of a member and of all legs up to whoever closes the path."""
        return int(self.found["cv"][member]) + sum(
            self.open_cv(leg) for leg in self.legs[member] if not self.closes(leg)
        )

    def deduction(self, member: int, leg: int) -> int:
        """Return what a leg takes off a member's gross, in the member's currency; nothing where returns outweigh it."""
        if self.closes(leg):
            return 0
        if self.counted(leg) or self.is_as_if_active(leg):
            return self.cut_off(member, max(0, self.open_cv(leg)), self.counted(leg))
        return sum(self.deduction(member, below) for below in self.legs[leg])

    def settle_one_line(self, line: Line) -> None:
        """Pay a line of gross less deductions, or keep it for the company."""
        member = line.earner
        if self.opens(self.terms_of(member).differential.gate, member) and self.is_as_if_active(member):
            self.enter(line._replace(state=self.state_of(member)))
        else:
            self.breakage.append(line._replace(earner=NOBODY))

    def cut_off(self, member: int, base_cv: int, percent_bp: int) -> int:
        """Return what a percent of a base is worth in a member's market, rounded as lines are."""
        return self.amount_of(Line(member, DIFFERENTIAL, rate_bp=percent_bp, base_cv=base_cv), member)
