"""
The auditor's books: who stands where in a period, worked out by hand, from the volume to the step that is paid.

Every single buyer is carried up the sponsor line by name, so that it can be seen whose volume counts where. Where
the rules leave a thing open, the docstring of the stage says which reading it takes. Nothing of `backend.engine` is
imported.
"""

from collections.abc import Iterator

from backend.plan.terms import Condition, Measure, Requirement, Terms

Company = dict[str, list[int]]
"""The columns of a Snapshot by name, as plain lists; `sponsor` and `enroller` are indexes or -1."""

NONE_NEEDED, MET, GRACE, AT_RISK, LOST = range(5)
NOBODY = -1

MEASURED = {
    Measure.PV: "pv",
    Measure.GV: "gv",
    Measure.TGV: "tgv",
    Measure.SIDE_VOLUME: "side_volume",
    Measure.ENROLLED_ACTIVE: "enrolled_active",
    Measure.ACTIVE: "active",
    Measure.STEP: "step",
    Measure.LEGS_BROKEN_AWAY: "legs_broken_away",
}


class Books:
    """One company's period being worked out: the terms, the columns given, and the columns found so far."""

    def __init__(self, terms: Terms, company: Company) -> None:
        """Write down who stands in whose frontline, and who enrolled whom."""
        self.terms = terms
        self.given = company
        self.members = range(len(company["sponsor"]))
        self.found: dict[str, list[int]] = {}
        self.legs: list[list[int]] = [[] for _ in self.members]
        self.enrolled: list[list[int]] = [[] for _ in self.members]
        for member in self.members:
            if company["sponsor"][member] != NOBODY:
                self.legs[company["sponsor"][member]].append(member)
            if company["enroller"][member] != NOBODY:
                self.enrolled[company["enroller"][member]].append(member)

    def blank(self, *names: str, value: int = 0) -> None:
        """Open columns that hold one value for everybody."""
        for name in names:
            self.found[name] = [value for _ in self.members]

    def holds(self, requirement: Requirement, member: int) -> bool:
        """Say whether a member meets any one of the ways; no way at all always holds."""
        if not requirement.any_of:
            return True
        return any(all(self.met(condition, member) for condition in way) for way in requirement.any_of)

    def met(self, condition: Condition, member: int) -> bool:
        """Say whether the measure of a condition is at least what it asks for."""
        return self.measured(condition, member) >= condition.at_least

    def measured(self, condition: Condition, member: int) -> int:
        """Return one measure of a member; a volume is itself or zero, whichever is more; unknown yet is zero."""
        measure = condition.measure
        if measure == Measure.LEGS_WITH_VOLUME:
            return len([leg for leg in self.legs[member] if max(0, self.found["tgv"][leg]) >= condition.of])
        if measure == Measure.LEGS_WITH_STEP:
            return len([leg for leg in self.legs[member] if self.found["step"][leg] >= condition.of])
        if measure == Measure.TRAINING:
            return int(self.given["training"][member])
        if measure == Measure.CUSTOMER_PV:
            return max(0, self.given["customer_pv"][member])
        column = MEASURED[measure]
        value = self.found[column][member] if column in self.found else 0
        return max(0, value)

    def highest(self, requirements: list[Requirement], member: int) -> int:
        """Return the index of the highest requirement that holds, whether or not those between hold; 0 if none does."""
        return max([index for index, requirement in enumerate(requirements) if self.holds(requirement, member)] + [0])

    def upline(self, member: int) -> Iterator[tuple[int, int]]:
        """Yield everybody above a member, nearest first, each with the frontline leg in which the member stands."""
        leg, above = member, self.given["sponsor"][member]
        while above != NOBODY:
            yield above, leg
            leg, above = above, self.given["sponsor"][above]

    def volume(self) -> None:
        """Count own purchases up to the limit and all of the customers' as PV; the limit does not touch CV."""
        limit = self.terms.own_pv_limit
        self.blank("pv", "cv")
        for member in self.members:
            own = self.given["own_pv"][member]
            counted = min(own, limit) if limit > 0 else own
            self.found["pv"][member] = counted + self.given["customer_pv"][member]
            self.found["cv"][member] = self.given["own_cv"][member] + self.given["customer_cv"][member]

    def activity(self) -> None:
        """Find who is active by personal measures alone, once joined, and how many active members each has enrolled."""
        joined = [days >= 0 for days in self.given["days_since_joining"]]
        active = [int(joined[member] and self.holds(self.terms.active, member)) for member in self.members]
        self.found["active"] = active
        self.found["enrolled_active"] = [sum(active[one] for one in self.enrolled[member]) for member in self.members]

    def standing(self) -> None:
        """Settle everybody, whoever has all legs settled first: volumes, legs, step, breakaway."""
        self.blank("gv", "tgv", "group_cv", "side_volume", "legs_selling", "legs_broken_away", "step", "broken_away")
        self.buyers = {kind: [[member] for member in self.members] for kind in ("group", "side", "whole")}
        self.broken_within = [False for _ in self.members]
        for member in self.from_the_leaves():
            for leg in self.legs[member]:
                self.gather(member, leg)
            self.add_up(member)
            self.settle(member)

    def from_the_leaves(self) -> list[int]:
        """Return the members, each after all of its legs: from the roots downward, and that backward."""
        order = [member for member in self.members if self.given["sponsor"][member] == NOBODY]
        for member in order:
            order.extend(self.legs[member])
        assert sorted(order) == list(self.members), "everybody stands under a root"
        return order[::-1]

    def gather(self, member: int, leg: int) -> None:
        """
        Carry a leg's buyers up: all into the whole, those of a leg that has not broken away into the group.

        A leg qualifies on its own, and stays out of the side volume, where its leader stands on the ladder's top step;
        a ladder of step 0 alone qualifies nobody.
        """
        self.buyers["whole"][member] += self.buyers["whole"][leg]
        if not self.found["broken_away"][leg]:
            self.buyers["group"][member] += self.buyers["group"][leg]
            if not 0 < self.found["step"][leg] == len(self.terms.steps) - 1:
                self.buyers["side"][member] += self.buyers["group"][leg]
        self.found["legs_broken_away"][member] += self.broken_within[leg]
        self.found["legs_selling"][member] += self.found["tgv"][leg] > 0

    def add_up(self, member: int) -> None:
        """Add up what the buyers gathered have bought."""
        pv, cv = self.found["pv"], self.found["cv"]
        self.found["tgv"][member] = sum([pv[buyer] for buyer in self.buyers["whole"][member]])
        self.found["gv"][member] = sum([pv[buyer] for buyer in self.buyers["group"][member]])
        self.found["side_volume"][member] = sum([pv[buyer] for buyer in self.buyers["side"][member]])
        self.found["group_cv"][member] = sum([cv[buyer] for buyer in self.buyers["group"][member]])

    def settle(self, member: int) -> None:
        """Find the step, then whether the member breaks away now or keeps a title that holds it broken away."""
        self.found["step"][member] = self.highest([step.requirement for step in self.terms.steps], member)
        before = self.given["title_before"][member]
        kept = before >= self.terms.breakaway_title and self.upkeep(member) != LOST
        broken = self.holds(self.terms.breakaway, member) or kept
        self.found["broken_away"][member] = int(broken)
        self.broken_within[member] = broken or self.found["legs_broken_away"][member] > 0

    def achieved(self, member: int) -> int:
        """Return the highest title whose requirement holds this period."""
        return self.highest([title.requirement for title in self.terms.titles], member)

    def misses(self, member: int) -> int:
        """Count the successive periods, this one included, that neither kept nor achieved the carried title."""
        before = self.given["title_before"][member]
        kept = self.achieved(member) >= before or self.holds(self.terms.titles[before].keep, member)
        return 0 if kept else self.given["missed_before"][member] + 1

    def upkeep(self, member: int) -> int:
        """Say how the carried title stands: the last miss of the window takes it, the first ones are grace."""
        before = self.given["title_before"][member]
        if before == 0 or not self.terms.titles[before].keep.any_of:
            return NONE_NEEDED
        misses = self.misses(member)
        if misses == 0:
            return MET
        if misses >= self.terms.maintenance.window_periods:
            return LOST
        return GRACE if misses <= self.terms.maintenance.grace_periods else AT_RISK

    def title(self) -> None:
        """
        Give the higher of the title achieved and the title kept; a title that is new begins its clocks anew.

        Upkeep tells of the title carried into the period, also where a higher one is achieved in it. Title 0, where
        everybody begins, has no clocks.
        """
        self.blank("achieved_title", "title", "upkeep", "held", "missed")
        for member in self.members:
            before, upkeep = self.given["title_before"][member], self.upkeep(member)
            achieved = self.achieved(member)
            title = max(achieved, 0 if upkeep == LOST else before)
            self.found["achieved_title"][member] = achieved
            self.found["title"][member] = title
            self.found["upkeep"][member] = upkeep
            if title > 0:
                self.found["held"][member] = self.given["held_before"][member] + 1 if title == before else 1
                self.found["missed"][member] = self.misses(member) if title == before else 0

    def paid_step(self) -> None:
        """Pay the active at their step, and the inactive at none."""
        active, step = self.found["active"], self.found["step"]
        self.found["paid_step"] = [step[member] if active[member] else NOBODY for member in self.members]
