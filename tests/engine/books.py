"""
The auditor's books: who stands where in a period, worked out by hand, from the volume to the step that is paid.

Every single buyer is carried up the sponsor line by name, so that it can be seen whose volume counts where. Where
the rules leave a thing open, the docstring of the stage says which reading it takes. Nothing of `backend.engine` is
imported.
"""

from backend.plan.terms import Failing, FallsTo, GroupVolume, LevelBonus, Stays, Unpaid, Window
from tests.engine.auditor_gates import NOBODY, UNSTATED, Gates, earlier

NONE_NEEDED, MET, GRACE, AT_RISK, LOST, LOCKED = range(6)


class Books(Gates):
    """The columns of a period, stage by stage, up to the percent that everybody is paid."""

    def volume(self) -> None:
        """
        Count own purchases up to the limit and all of the customers' as PV; the limit does not touch CV.

        Where the plan says so, the CV of a first order is the sponsor's and never the own; at a root it is nobody's. A
        first order that pays a level bonus alone is CV for nothing else.
        """
        given, to_sponsor = self.given, self.terms.personal.first_orders_to_sponsor
        self.blank("pv", "cv")
        for member in self.members:
            own, limit = given["own_pv"][member], self.terms_of(member).own_pv_limit
            self.found["pv"][member] = (min(own, limit) if limit > 0 else own) + given["customer_pv"][member]
            self.found["cv"][member] += given["own_cv"][member] + given["customer_cv"][member]
            if self.pays_alone(member):
                self.found["cv"][member] -= given["first_cv"][member]
            if to_sponsor:
                self.found["cv"][member] -= given["first_cv"][member]
            if to_sponsor and given["sponsor"][member] != NOBODY:
                self.found["cv"][given["sponsor"][member]] += given["first_cv"][member]

    def pays_alone(self, member: int) -> bool:
        """Say whether a member's first order pays a level bonus alone: that bonus has to be paid on it at all."""
        rules = self.terms_of(member).levels
        return any(rule.alone and self.is_paid_on(rule, member) for rule in rules)

    def is_paid_on(self, rule: LevelBonus, buyer: int) -> bool:
        """Say whether a level bonus is paid on the orders of a buyer, who may have joined too long ago."""
        return rule.within_days == 0 or 0 <= self.given["days_since_joining"][buyer] <= rule.within_days

    def has_sold(self) -> bool:
        """Say whether anybody has brought CV in this period, if only by a first order."""
        alone = [self.given["first_cv"][member] for member in self.members if self.pays_alone(member)]
        return max([0, *self.found["cv"], *alone]) > 0

    def activity(self) -> None:
        """
        Find who is active by personal measures alone, once joined, and how many active members each has enrolled.

        What the company states of who has joined decides; a closed position is never active.
        """
        self.found["active"] = [int(self.is_active(member)) for member in self.members]
        active = self.found["active"]
        self.found["enrolled_active"] = [sum(active[one] for one in self.enrolled[member]) for member in self.members]

    def is_active(self, member: int) -> bool:
        """Say whether one member is active."""
        if not self.may_earn(member):
            return False
        if self.given["active_stated"][member] != UNSTATED:
            return bool(self.given["active_stated"][member])
        return self.holds(self.terms_of(member).active, member)

    def may_earn(self, member: int) -> bool:
        """Say whether a position is open and its member has joined."""
        return not self.given["closed"][member] and self.given["days_since_joining"][member] >= 0

    def standing(self) -> None:
        """Settle everybody, whoever has all legs settled first: volumes, legs, step, marks, breakaway."""
        self.blank("gv", "tgv", "group_cv", "total_cv", "side_volume", "side_cv", "legs_selling", "legs_broken_away")
        self.blank("step", "fast_step", "percent_bp", "marks", "broken_away")
        self.found["named_points"], self.found["named_cv"] = ([[] for _ in self.members] for _ in range(2))
        self.buyers = {kind: [[member] for member in self.members] for kind in ("group", "side", "whole")}
        self.passed: list[list[tuple[int, int]]] = [[] for _ in self.members]
        self.now: dict[tuple[str, int, int], int] = {}
        self.broken_within = [False for _ in self.members]
        for member in self.from_the_leaves():
            for leg in self.legs[member]:
                self.gather(member, leg)
            self.add_up(member)
            self.settle(member)

    def gather(self, member: int, leg: int) -> None:
        """
        Carry a leg's buyers up: all into the whole, those of a leg that has not broken away into the group.

        Where breakaway does not close volume, the group takes them all the same, but the side volume never does. A leg
        qualifies on its own, and stays out of the side volume, where it has broken away or its leader stands on the
        ladder's top step; a ladder of step 0 alone qualifies nobody.
        """
        broken = self.found["broken_away"][leg]
        on_top = 0 < self.step_of(leg) == len(self.terms.steps) - 1
        self.buyers["whole"][member] += self.buyers["whole"][leg]
        if not (broken and self.terms.breakaway.closes_volume):
            self.buyers["group"][member] += self.buyers["group"][leg]
        if not broken and not on_top:
            self.buyers["side"][member] += self.buyers["group"][leg]
        self.found["legs_broken_away"][member] += self.broken_within[leg]
        self.found["legs_selling"][member] += self.found["tgv"][leg] > 0

    def add_up(self, member: int) -> None:
        """Add up what the buyers gathered have bought, and each volume that the plan names."""
        sums = {
            "tgv": ("whole", "pv"),
            "total_cv": ("whole", "cv"),
            "gv": ("group", "pv"),
            "group_cv": ("group", "cv"),
            "side_volume": ("side", "pv"),
            "side_cv": ("side", "cv"),
        }
        for name, (kind, bought) in sums.items():
            self.found[name][member] = sum([self.found[bought][buyer] for buyer in self.buyers[kind][member]])
        for index, volume in enumerate(self.terms_of(member).volumes):
            self.name_volume(member, index, volume)

    def name_volume(self, member: int, index: int, volume: GroupVolume) -> None:
        """
        Add up a named volume: own, what each leg passes up, and what earlier periods bring into its window.

        A leg passes up its leader's own and what that one's legs pass up, also where the volume counts only the one or
        the other of the member itself, or only what lies from some level of it down. The limit of one leg is one of
        points; its CV is not cut.
        """
        own, below = (self.found["pv"][member], self.found["cv"][member]), (0, 0)
        if volume.legs:
            below = self.from_level(member, index, 1)
        self.passed[member].append((own[0] + below[0], own[1] + below[1]))
        counted = self.from_level(member, index, volume.from_level) if volume.from_level > 1 else below
        brought = self.brought(member, index)
        for name, part in (("named_points", 0), ("named_cv", 1)):
            now = counted[part] + (own[part] if volume.own and not volume.from_level else 0)
            self.found[name][member].append(now + brought[part])
            self.now[name, member, index] = now

    def from_level(self, member: int, index: int, level: int) -> tuple[int, int]:
        """Return the points and CV of a volume from a level of a member down; its own is level 0."""
        if level == 0:
            return self.passed[member][index]
        volume = self.terms_of(member).volumes[index]
        counted = [leg for leg in self.legs[member] if not self.is_left_out(volume, leg)]
        legs = [self.from_level(leg, index, level - 1) for leg in counted]
        limited = [min(points, volume.leg_limit) if volume.leg_limit else points for points, _ in legs]
        return sum(limited), sum([cv for _, cv in legs])

    def is_left_out(self, volume: GroupVolume, leg: int) -> bool:
        """Say whether anything takes a leg out of a named volume."""
        return any(self.left_out(exclusion, leg) for exclusion in volume.less)

    def brought(self, member: int, index: int) -> tuple[int, int]:
        """Return the points and CV that earlier periods bring into a volume's window; a new year begins with none."""
        volumes = self.terms.volumes
        counts = [earlier(volume.window, volume.periods) for volume in volumes]
        first, count = 2 * sum(counts[:index]), counts[index]
        slots = self.given["volumes_before"][member][first : first + 2 * count]
        if volumes[index].window == Window.YEAR and self.given["year_begins"]:
            return 0, 0
        return sum(slots[:count]), sum(slots[count:])

    def settle(self, member: int) -> None:
        """Find the step, the marks, and whether the member breaks away or stays so; then what counts with a mark."""
        stated, terms = self.given["percent_held_bp"][member], self.terms_of(member)
        closed, step = self.given["closed"][member], self.step_of(member)
        self.title_of(member)
        self.found["step"][member], self.found["fast_step"][member] = step, self.fast_step_of(member)
        percent = stated if terms.ladder.stated and stated != UNSTATED else terms.steps[step].percent_bp
        self.found["percent_bp"][member] = 0 if closed else percent
        self.found["marks"][member] = sum(self.has_mark(member, mark) << mark for mark in range(len(terms.marks)))
        broken = not closed and not terms.breakaway.never and self.breaks_away(member)
        self.found["broken_away"][member] = int(broken)
        self.broken_within[member] = broken or self.found["legs_broken_away"][member] > 0
        for index, volume in enumerate(terms.volumes):
            if volume.only_with_mark >= 0 and not self.has_mark(member, volume.only_with_mark):
                for name in ("named_points", "named_cv"):
                    self.found[name][member][index] -= self.now[name, member, index]

    def breaks_away(self, member: int) -> bool:
        """Say whether the requirement holds now, or what held before keeps the leg away as the plan says."""
        rule = self.terms_of(member).breakaway
        if self.holds(rule.requirement, member):
            return True
        if rule.stays == Stays.WITH_TITLE:
            return bool(self.given["title_before"][member] >= rule.title) and self.upkeep(member) != LOST
        return rule.stays == Stays.FOR_GOOD and bool(self.given["broke_away_before"][member])

    def achieved(self, member: int) -> int:
        """Return the highest title whose requirement holds; who has lost it is asked what earns it again."""
        best, before = self.given["best_title_before"][member], self.given["title_before"][member]
        asked = [
            title.requalify if title.requalify is not None and before < index <= best else title.requirement
            for index, title in enumerate(self.terms_of(member).titles)
        ]
        return self.highest(asked, member)

    def upkeep(self, member: int) -> int:
        """Say how the carried title stands: the last miss of the window takes it, the first ones are grace."""
        before, rule = self.given["title_before"][member], self.terms_of(member).maintenance
        asked = rule.window_periods > 0 and self.terms_of(member).titles[before].keep.any_of
        if before == 0 or not asked or self.given["closed"][member]:
            return NONE_NEEDED
        if self.is_kept(member):
            return MET
        if self.given["held_before"][member] < rule.locked_periods:
            return LOCKED
        misses = self.given["missed_before"][member] + 1
        if misses >= rule.window_periods:
            return LOST
        return GRACE if misses <= rule.grace_periods else AT_RISK

    def is_kept(self, member: int) -> bool:
        """Say whether this period keeps the carried title, or achieves it."""
        before = self.given["title_before"][member]
        return self.achieved(member) >= before or self.holds(self.terms_of(member).titles[before].keep, member)

    def title(self) -> None:
        """
        Give the higher of the title achieved and the title kept; a title that is new begins its clocks anew.

        Upkeep tells of the title carried into the period, also where a higher one is achieved in it. Title 0, where
        everybody begins, has no clocks. The period of achievement is the first that a title is held, and the first of
        those in which no miss counts. A closed position keeps its title, achieves none and misses nothing.
        """
        self.blank("achieved_title", "title", "upkeep", "held", "missed")
        for member in self.members:
            before, upkeep, title = self.given["title_before"][member], self.upkeep(member), self.title_of(member)
            self.found["achieved_title"][member] = 0 if self.given["closed"][member] else self.achieved(member)
            self.found["title"][member] = title
            self.found["upkeep"][member] = upkeep
            if title > 0:
                missed = self.given["missed_before"][member] + 1 if upkeep in {GRACE, AT_RISK} else 0
                self.found["held"][member] = self.given["held_before"][member] + 1 if title == before else 1
                self.found["missed"][member] = missed if title == before else 0

    def title_of(self, member: int) -> int:
        """Return a member's title after the period; that of a leg's leader is settled before those above."""
        if member not in self.titles_found:
            self.titles_found[member] = self.title_reached(member)
        return self.titles_found[member]

    def title_reached(self, member: int) -> int:
        """Return the title that a member keeps or achieves."""
        before, achieved = self.given["title_before"][member], self.achieved(member)
        if self.given["closed"][member]:
            return int(before)
        left = {FallsTo.ACHIEVED: 0, FallsTo.ONE_DOWN: before - 1}[self.terms.maintenance.falls_to]
        return int(max(achieved, left if self.upkeep(member) == LOST else before))

    def compression(self) -> None:
        """
        Pay the active at the highest step, up to their own, whose gate lets them be paid, and the inactive at none.

        Who carries forward is computed as if active, once joined; who is paid on own sales only has a percent there.
        Where the gate of the own step decides over all pay, who misses it earns nothing, as if inactive.
        """
        self.blank("earns", "payable_bp", "paid_bp")
        self.blank("paid_step", value=NOBODY)
        for member in self.members:
            reached, step = self.found["step"][member], self.payable_step(member)
            if self.terms.ladder.unpaid == Unpaid.AS_INACTIVE:
                self.found["earns"][member] = int(self.found["active"][member] and step == reached)
                step = reached
            else:
                self.found["earns"][member] = self.found["active"][member]
            lower = self.terms_of(member).steps[step].percent_bp
            payable = self.found["percent_bp"][member] if step == reached else lower
            self.found["payable_bp"][member] = payable
            own_sales = self.terms.unqualified == Failing.OWN_SALES_ONLY and not self.given["closed"][member]
            if self.is_as_if_active(member):
                self.found["paid_step"][member] = step
            if self.is_as_if_active(member) or own_sales:
                self.found["paid_bp"][member] = payable

    def payable_step(self, member: int) -> int:
        """Return the highest step, up to the one reached, whose gate lets a member be paid; 0 where none does."""
        steps = self.terms_of(member).steps[: self.found["step"][member] + 1]
        return self.highest([step.paid for step in steps], member)

    def is_as_if_active(self, member: int) -> bool:
        """Say whether a member earns in this period, or is computed as if it did and held until it does."""
        carries = self.terms.unqualified == Failing.CARRY_FORWARD and self.may_earn(member)
        return bool(self.found["earns"][member]) or carries
