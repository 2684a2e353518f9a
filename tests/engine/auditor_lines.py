"""
The auditor's lines: what somebody is paid, entered one by one in the currency of who earns it.
"""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from backend.kernel.points import Rounding
from backend.plan.terms import Terms
from tests.engine.auditor_gates import NOBODY, Company
from tests.engine.books import Books

PERSONAL, DIFFERENTIAL, OVERRIDE, POOL, FAST_START, TITLE_HELD, PRODUCTION, LEVEL, MATCH, ONE_TIME = range(10)
RETAIL, MULTIPLIER = 10, 11
EARNED, GUARANTEE_RECEIVED, GUARANTEE_GIVEN, CUT, RELEASED, PASSED_UP, CLAWED_BACK = range(7)
PAYABLE, HELD_COMPLIANCE, HELD_PAYMENT, HELD_ACTIVITY, KEPT_AT_SALE = range(5)
BONUS_COLUMN = {
    PERSONAL: "personal_minor",
    DIFFERENTIAL: "differential_minor",
    OVERRIDE: "override_minor",
    POOL: "pool_minor",
    FAST_START: "bonus_minor",
    TITLE_HELD: "bonus_minor",
    PRODUCTION: "production_minor",
    LEVEL: "level_minor",
    MATCH: "match_minor",
    ONE_TIME: "bonus_minor",
    MULTIPLIER: "multiplier_minor",
}
COUNTED = (PAYABLE, HELD_COMPLIANCE, HELD_PAYMENT)
"""The states whose lines count in an earner's totals."""


class Line(NamedTuple):
    """One earning line, its fields in the order of `Outcome.lines`; `part` is the fraction that is paid."""

    earner: int
    bonus: int
    scheme: int = 0
    leg: int = NOBODY
    source: int = NOBODY
    generation: int = 0
    product: int = NOBODY
    entry: int = EARNED
    state: int = PAYABLE
    rate_bp: int = 0
    less_bp: int = 0
    base_cv: int = 0
    part: Fraction = Fraction(1)
    amount_minor: int = 0


def place_of(line: Line) -> tuple[int, ...]:
    """Return where a line stands among those of one earner and bonus."""
    return line.leg, line.source, line.rate_bp, line.generation, line.product, line.entry, line.less_bp


def rounded(amount: Fraction, mode: int, to: int = 1) -> int:
    """Return an amount as a multiple of whole units: halves away from zero, halves to the even one, or cut off."""
    many = amount / to
    if mode == Rounding.HALF_EVEN:
        return round(many) * to
    size = int(abs(many) + Fraction(1, 2)) if mode == Rounding.HALF_UP else int(abs(many))
    return (size if many >= 0 else -size) * to


class Ledger(Books):
    """The books with lines beside them: of who earns, and of what nobody earns and the company keeps."""

    def __init__(self, terms: Terms, company: Company) -> None:
        """Open the books with no line entered."""
        super().__init__(terms, company)
        self.lines: list[Line] = []
        self.breakage: list[Line] = []
        self.unrounded: list[tuple[Line, Fraction, int]] = []

    def exactly(self, line: Line, member: int) -> Fraction:
        """Return what a line's rate of its base is worth in the market of a member, exactly."""
        market = self.terms.markets[self.given["market"][member]]
        points = Fraction(line.base_cv, 100) * Fraction(line.rate_bp, 10_000) * line.part
        return points * market.minor_per_point

    def amount_of(self, line: Line, member: int) -> int:
        """Return what a line's rate of its base is worth in the market of a member, rounded once."""
        return self.rounded_for(self.exactly(line, member), member)

    def rounded_for(self, amount_minor: Fraction, member: int) -> int:
        """Round an amount as lines in a member's market are rounded."""
        return rounded(
            amount_minor, self.terms.rounding, self.terms.markets[self.given["market"][member]].rounding_minor
        )

    def pay(self, line: Line) -> None:
        """Enter a line with the amount that its rate of its base is worth to the earner; none on nothing."""
        if line.base_cv and line.rate_bp:
            self.owe(line, self.exactly(line, line.earner), line.earner)

    def owe(self, line: Line, exact_minor: Fraction, member: int) -> None:
        """Enter a line rounded as in a member's market; where sums are rounded it waits for those of its bonus."""
        if self.terms.rounded_on_sum:
            self.unrounded.append((line, exact_minor, member))
        else:
            self.book(line._replace(amount_minor=self.rounded_for(exact_minor, member)))

    def round_sums(self, *bonuses: int) -> None:
        """Round what each member earns by each of some bonuses as one sum; what the company keeps of it likewise."""
        sums: dict[tuple[int, int, bool, int], list[tuple[Line, Fraction]]] = defaultdict(list)
        for line, exact_minor, member in self.unrounded:
            if line.bonus in bonuses:
                sums[line.bonus, line.scheme, line.earner == NOBODY, member].append((line, exact_minor))
        self.unrounded = [one for one in self.unrounded if one[0].bonus not in bonuses]
        for (*_, member), owed in sums.items():
            self.share_sum(owed, member)

    def share_sum(self, owed: list[tuple[Line, Fraction]], member: int) -> None:
        """
        Enter lines that add up to their rounded sum: each cut off downward, the largest remainders one unit more.

        Of remainders alike the larger line comes first, then the one that stands first.
        """
        unit = self.terms.markets[self.given["market"][member]].rounding_minor
        whole = self.rounded_for(sum((exact_minor for _, exact_minor in owed), Fraction(0)), member)
        least = [exact_minor // unit * unit for _, exact_minor in owed]
        more = (whole - sum(least)) // unit
        first = sorted(range(len(owed)), key=lambda at: (least[at] - owed[at][1], -owed[at][1], place_of(owed[at][0])))
        for at, (line, _) in enumerate(owed):
            self.book(line._replace(amount_minor=least[at] + (unit if at in first[:more] else 0)))

    def book(self, line: Line) -> None:
        """Enter a line for its earner, or with the company where nobody earns it."""
        if line.earner == NOBODY:
            self.breakage.append(line)
        else:
            self.enter(line)

    def enter(self, line: Line) -> None:
        """Enter a line as it is, held where its earner is paused."""
        state = self.pause_of(line.earner) if line.state == PAYABLE else line.state
        self.lines.append(line._replace(state=state))

    def pause_of(self, member: int) -> int:
        """Return what holds a member's pay: what is stated first, then compliance, then outstanding fees."""
        rule = self.terms.of(self.given["market"][member]).pause
        if self.given["paused"][member]:
            return int(self.given["paused"][member])
        if rule.while_uncleared and not self.given["cleared"][member]:
            return HELD_COMPLIANCE
        return HELD_PAYMENT if rule.while_unpaid and not self.given["fees_paid"][member] else PAYABLE

    def keep(self, line: Line) -> None:
        """Enter as the company's what a line's rate of its base is worth where its source is."""
        if line.base_cv and line.rate_bp:
            self.owe(line._replace(earner=NOBODY), self.exactly(line, line.source), line.source)

    def pass_up(self, line: Line) -> None:
        """Give a line to the nearest active member above its source; the company keeps it where there is none."""
        for above, leg in self.upline(line.source):
            if self.found["earns"][above]:
                self.pay(line._replace(earner=above, leg=leg, entry=PASSED_UP))
                return
        self.keep(line)

    def state_of(self, member: int) -> int:
        """Return the state of a line that only the active are paid: held until they are, where the plan carries it."""
        return PAYABLE if self.found["earns"][member] else HELD_ACTIVITY

    def split(self, amount_minor: int, weights: Mapping[int, int]) -> dict[int, int]:
        """Give everybody the share cut off to whole units, what is left to the largest remainders by one unit."""
        exact = {member: Fraction(amount_minor * weight, sum(weights.values())) for member, weight in weights.items()}
        shares = {member: int(share) for member, share in exact.items()}
        left = amount_minor - sum(shares.values())
        for member in sorted(weights, key=lambda one: (shares[one] - exact[one], one))[:left]:
            shares[member] += 1
        return shares

    def exchanged(self, amount_minor: int, member: int) -> int:
        """Return what an amount of the first market is worth in a member's own, rounded as lines are."""
        there = self.terms.markets[self.given["market"][member]].minor_per_point
        return self.rounded_for(Fraction(amount_minor * there, self.terms.markets[0].minor_per_point), member)
