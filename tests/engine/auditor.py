"""
The auditor: the plan computed again, naively and slowly, as a second opinion on every Outcome.

It imports nothing from `backend.engine`. It reads `Terms` and plain lists of whole numbers (the columns of a Snapshot
by name) and answers with plain lists (the columns of an Outcome by name) and plain tuples, one an earning line. It is
meant to be trusted by reading: `books` says where everybody stands, this page what everybody is paid. Where the rules
leave a thing open, the docstring of the bonus says which reading it takes.
"""

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from backend.kernel.points import Rounding
from backend.plan.terms import Terms
from tests.engine.books import NOBODY, Books, Company

PERSONAL, DIFFERENTIAL, OVERRIDE, POOL, FAST_START, TITLE_HELD = range(6)
BONUS_COLUMN = {
    PERSONAL: "personal_minor",
    DIFFERENTIAL: "differential_minor",
    OVERRIDE: "override_minor",
    POOL: "pool_minor",
    FAST_START: "bonus_minor",
    TITLE_HELD: "bonus_minor",
}


class Line(NamedTuple):
    """One earning line, its fields in the order of `Outcome.lines`."""

    earner: int
    bonus: int
    leg: int
    source: int
    generation: int
    rate_bp: int
    less_bp: int
    base_cv: int
    amount_minor: int


class Audit(NamedTuple):
    """What the plan makes of a company: the columns of an Outcome by name, and its lines in their order."""

    columns: dict[str, list[int]]
    lines: list[Line]


def audited(terms: Terms, company: Company) -> Audit:
    """Return the columns and lines that the plan makes of a company, each stage after the one before."""
    books = Payroll(terms, company)
    books.volume()
    books.activity()
    books.standing()
    books.title()
    books.paid_step()
    for bonus in (books.personal, books.differential, books.overrides, books.pool, books.fast_start, books.title_held):
        bonus()
    return books.closed()


def rounded(amount: Fraction, mode: int) -> int:
    """Return an amount as a whole number: halves away from zero, halves to the even one, or cut off."""
    if mode == Rounding.HALF_EVEN:
        return round(amount)
    size = int(abs(amount) + Fraction(1, 2)) if mode == Rounding.HALF_UP else int(abs(amount))
    return size if amount >= 0 else -size


class Payroll(Books):
    """The books with what everybody is paid, entered line by line."""

    def __init__(self, terms: Terms, company: Company) -> None:
        """Open the books with no line entered."""
        super().__init__(terms, company)
        self.lines: list[Line] = []
        self.found["bonuses"] = list(company["bonuses_before"])

    def percent(self, member: int) -> int:
        """Return the percent that a member is paid, in basis points; nothing to who is not paid."""
        step = self.found["paid_step"][member]
        return self.terms.steps[step].percent_bp if step != NOBODY else 0

    def pay_percent(self, line: Line) -> None:
        """Enter a line with the amount that its rate of its base is worth in the earner's market; none on nothing."""
        per_point = self.terms.markets[self.given["market"][line.earner]].minor_per_point
        amount = Fraction(line.base_cv, 100) * Fraction(line.rate_bp, 10_000) * per_point
        if line.base_cv and line.rate_bp:
            self.lines.append(line._replace(amount_minor=rounded(amount, self.terms.rounding)))

    def personal(self) -> None:
        """Pay everybody the own percent on the own CV, customers' included."""
        for member in self.members:
            self.pay_percent(line_of(member, PERSONAL, self.percent(member), self.found["cv"][member], source=member))

    def differential(self) -> None:
        """
        Carry every buyer's CV up to the first broken-away member: each gets the percent less the highest paid below.

        A line is earner, leg and highest percent paid below; it is rounded once.
        """
        bases: dict[tuple[int, int, int], int] = defaultdict(int)
        for buyer in self.members:
            paid, closed = self.percent(buyer), self.found["broken_away"][buyer]
            for above, leg in self.upline(buyer):
                if closed:
                    break
                if self.percent(above) > paid:
                    bases[above, leg, paid] += self.found["cv"][buyer]
                    paid = self.percent(above)
                closed = self.found["broken_away"][above]
        for (earner, leg, paid), base in bases.items():
            rate = self.percent(earner) - paid
            self.pay_percent(line_of(earner, DIFFERENTIAL, rate, base, leg=leg, source=leg, less_bp=paid))

    def overrides(self) -> None:
        """Pay on every broken-away group, generation after generation, the nearest upline leader who earns it."""
        for leader in self.members:
            if self.found["broken_away"][leader]:
                self.override(leader)

    def override(self, leader: int) -> None:
        """Go up the line from a group's leader; who does not earn the next generation is passed over, using up none."""
        rates, generation = self.terms.overrides.rates_bp, 1
        for above, leg in self.upline(leader):
            if generation > len(rates):
                break
            if self.earns_generation(above, generation):
                base = self.found["group_cv"][leader]
                line = line_of(above, OVERRIDE, rates[generation - 1], base, leg=leg, source=leader)
                self.pay_percent(line._replace(generation=generation))
                generation += 1

    def earns_generation(self, member: int, generation: int) -> bool:
        """Say whether a member holds a leader's title that opens the generation, is active and meets the gate."""
        title = self.found["title"][member]
        opens = title >= self.terms.breakaway_title and self.terms.titles[title].generations >= generation
        return opens and bool(self.found["active"][member]) and self.holds(self.terms.overrides.gate, member)

    def pool(self) -> None:
        """
        Split the fund, a share of the company's CV, by weights among the active who meet the gate.

        The fund is points. A market's part of it is exchanged once into its currency and split there to the last minor
        unit, so that no currency rounds against another.
        """
        weights = [self.pool_weight(member) for member in self.members]
        fund_points = Fraction(max(0, sum(self.found["cv"])), 100) * Fraction(self.terms.pool.share_bp, 10_000)
        for index, market in enumerate(self.terms.markets):
            here = [member for member in self.members if weights[member] and self.given["market"][member] == index]
            if here:
                part = Fraction(sum(weights[member] for member in here), sum(weights))
                fund_minor = rounded(fund_points * part * market.minor_per_point, self.terms.rounding)
                self.split(fund_minor, {member: weights[member] for member in here})

    def pool_weight(self, member: int) -> int:
        """Weigh title points and points for legs broken away by the market; nothing for who is not qualified."""
        points = self.terms.titles[self.found["title"][member]].pool_points
        points += self.terms.pool.leg_points * self.found["legs_broken_away"][member]
        weight = points * self.terms.markets[self.given["market"][member]].pool_weight
        return weight if self.found["active"][member] and self.holds(self.terms.pool.gate, member) else 0

    def split(self, fund_minor: int, weights: dict[int, int]) -> None:
        """Give everybody the share cut off to whole units, what is left to the largest remainders by one unit."""
        exact = {member: Fraction(fund_minor * weight, sum(weights.values())) for member, weight in weights.items()}
        shares = {member: int(share) for member, share in exact.items()}
        left = fund_minor - sum(shares.values())
        for member in sorted(weights, key=lambda one: (shares[one] - exact[one], one))[:left]:
            shares[member] += 1
        for member, share in [(member, share) for member, share in shares.items() if share]:
            line = line_of(member, POOL, self.terms.pool.share_bp, max(0, sum(self.found["cv"])))
            self.lines.append(line._replace(amount_minor=share))

    def fast_start(self) -> None:
        """Pay the active, within the days after joining, once for each title from 1 up to that achieved."""
        for member in self.members:
            if 0 <= self.given["days_since_joining"][member] <= self.terms.fast_start.within_days:
                for title in range(1, self.found["achieved_title"][member] + 1):
                    self.pay_once(member, FAST_START, 2 * title, self.terms.titles[title].fast_start_minor)

    def title_held(self) -> None:
        """Pay the active the bonus of their title, once they have held it for the periods in a row."""
        for member in self.members:
            title = self.found["title"][member]
            if title > 0 and self.found["held"][member] >= self.terms.title_held.successive_periods:
                self.pay_once(member, TITLE_HELD, 2 * title + 1, self.terms.titles[title].held_bonus_minor)

    def pay_once(self, member: int, bonus: int, bit: int, amount_minor: int) -> None:
        """Pay a first-market amount as the own market's, once, unless nobody has sold in the period, net of returns."""
        sold = max(self.found["cv"]) > 0
        paid_before = self.found["bonuses"][member] >> bit & 1
        there = self.terms.markets[self.given["market"][member]].minor_per_point
        amount = rounded(Fraction(amount_minor * there, self.terms.markets[0].minor_per_point), self.terms.rounding)
        if amount > 0 and self.found["active"][member] and sold and not paid_before:
            self.found["bonuses"][member] |= 1 << bit
            self.lines.append(line_of(member, bonus, 0, 0)._replace(amount_minor=amount))

    def closed(self) -> Audit:
        """Add the lines up for each earner, and return everything, the lines in their order."""
        self.blank(*BONUS_COLUMN.values())
        for line in self.lines:
            self.found[BONUS_COLUMN[line.bonus]][line.earner] += line.amount_minor
        return Audit(self.found, sorted(self.lines, key=lambda line: (*line[:4], line.rate_bp)))


def line_of(
    earner: int, bonus: int, rate_bp: int, base_cv: int, *, leg: int = -1, source: int = -1, less_bp: int = 0
) -> Line:
    """Return a line whose amount is still to be worked out."""
    return Line(earner, bonus, leg, source, 0, rate_bp, less_bp, base_cv, 0)
