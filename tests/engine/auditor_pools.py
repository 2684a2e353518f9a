"""
The auditor's pools: who shares, by how much, and the fund given out to the last minor unit.
"""

from fractions import Fraction

from backend.plan.terms import Fund, Pool, Split
from tests.engine.auditor_gates import NOBODY, fosters_fit
from tests.engine.auditor_lines import POOL, Line, rounded
from tests.engine.auditor_rewards import Rewards


class Pools(Rewards):
    """What is shared of a fund, or paid a set amount a share."""

    def pools(self) -> None:
        """Share each pool; one that pays once a year only in the last period of it."""
        for scheme, pool in enumerate(self.terms.pools):
            if pool.in_last_period_of_year and not self.given["year_ends"]:
                continue
            shares = {member: self.shares_of(scheme, member) for member in self.members}
            shares = {member: share for member, share in shares.items() if share > 0}
            if pool.share_minor > 0:
                self.pay_set_amounts(scheme, shares)
            elif pool.fund == Fund.MARKET:
                for market in range(len(self.terms.markets)):
                    here = {one: share for one, share in shares.items() if self.given["market"][one] == market}
                    giving = [one for one in self.members if self.given["market"][one] == market]
                    self.share_fund(scheme, here, giving, self.terms.of(market).pools[scheme])
            else:
                below = {one for member in shares for one in self.everyone_in(member) if one != member}
                self.share_fund(
                    scheme, shares, sorted(below) if pool.fund == Fund.DOWNLINES else list(self.members), pool
                )

    def shares_of(self, scheme: int, member: int) -> int:
        """Return the shares of a member; none for who is not active or misses the gate."""
        pool = self.terms_of(member).pools[scheme]
        if not self.found["earns"][member] or not self.opens(pool.gate, member):
            return 0
        if pool.split == Split.POINTS:
            points = self.terms_of(member).titles[self.found["title"][member]].pool_points
            points += pool.leg_points * self.found["legs_broken_away"][member]
            return points * self.terms.markets[self.given["market"][member]].pool_weight
        if pool.split == Split.VOLUME:
            return max(0, self.cv_of(pool.volume, member))
        return 1 if pool.split == Split.EQUAL else self.shares_of_legs(pool, member)

    def shares_of_legs(self, pool: Pool, member: int) -> int:
        """Add up what the legs that count give: points by tiers of their CV, or units for each period with the mark."""
        periods = [sum(self.mark_history(leg, pool.mark)[: pool.periods]) for leg in self.legs[member]]
        counting = [
            (leg, many)
            for leg, many in zip(self.legs[member], periods, strict=True)
            if many >= pool.leg_periods and fosters_fit(pool.fosters, self.given["foster"][leg])
        ]
        if pool.split == Split.LEG_TIERS:
            return sum(tiered(pool, self.cv_of(pool.volume, leg)) for leg, _ in counting)
        units = [units for legs, units in pool.units if len(counting) >= legs]
        return sum(units[-1] * many for _, many in counting) if units else 0

    def share_fund(self, scheme: int, shares: dict[int, int], giving: list[int], pool: Pool) -> None:
        """
        Split a fund: in points by market, exchanged once into its currency and split there to the last minor unit.

        A fund that nobody shares in stays with the company, in the money of the first market.
        """
        base, all_shares = max(0, sum(self.cv_of(pool.fund_volume, one) for one in giving)), sum(shares.values())
        line = Line(NOBODY, POOL, scheme=scheme, rate_bp=pool.share_bp, base_cv=base)
        for index in range(len(self.terms.markets)):
            here = {one: share for one, share in shares.items() if self.given["market"][one] == index}
            fund = self.fund_in(index, line, Fraction(sum(here.values()), all_shares or 1))
            unit = self.terms.markets[index].rounding_minor
            for member, share in self.split(fund // unit, here).items() if here else ():
                part = Fraction(shares[member], all_shares)
                if share:
                    self.enter(line._replace(earner=member, part=part, amount_minor=share * unit))
        left = self.fund_in(0, line, Fraction(1))
        if not shares and left:
            self.breakage.append(line._replace(amount_minor=left))

    def fund_in(self, index: int, line: Line, part: Fraction) -> int:
        """Return what a part of a fund is in the money of a market."""
        market = self.terms.markets[index]
        fund = Fraction(line.base_cv * line.rate_bp * market.minor_per_point, 1_000_000) * part
        return rounded(fund, self.terms.rounding, market.rounding_minor)

    def pay_set_amounts(self, scheme: int, shares: dict[int, int]) -> None:
        """Pay everybody the set amount for each share, in the own currency, unless nobody has sold anything."""
        for member, share in shares.items():
            amount = self.exchanged(self.terms_of(member).pools[scheme].share_minor, member) * share
            if amount and self.has_sold():
                self.enter(Line(member, POOL, scheme=scheme, part=Fraction(share), amount_minor=amount))


def tiered(pool: Pool, cv: int) -> int:
    """Return the points of a CV by tiers: of the part within each, so many points for each full so much of CV."""
    points, below = 0, 0
    for up_to, many, per in pool.tiers:
        within = max(0, (min(cv, up_to) if up_to else cv) - below)
        points, below = points + within // per * many, up_to
    return points
