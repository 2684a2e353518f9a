"""
The rival in plain Python: dictionaries and loops, as most would write the default plan.

It recurses nowhere, for a line may be deeper than Python's stack, and who earns an override is found by walking up.
Run as a program it is the example of an engine from outside: `python -m tests.bench.rivals.plain COMPANY RESULTS`.
"""

import sys
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from backend.plan.terms import Terms
from tests.bench.rivals.company import Company, read
from tests.bench.rivals.results import RESULTS, Results, written
from tests.bench.rivals.said import NAMES, PYTHON, Said, said

WHOLE = 1_000_000
"""Hundredths of a point × basis points, in a point."""

Member = dict[str, Any]
READ = (
    "enroller",
    "market",
    "training",
    "title_before",
    "missed_before",
    "own_pv",
    "customer_pv",
    "own_cv",
    "customer_cv",
)


class Plain:
    """The program on a dictionary of members, each one a dictionary; both are there before it is timed."""

    def __init__(self, company: Company, terms: Terms) -> None:
        """Turn columns into members."""
        self._plan = Plan(said(terms, PYTHON))
        self._members = members_of(company)

    def settle(self) -> float:
        """Compute."""
        began = process_time()
        settle(self._members, self._plan)
        return process_time() - began

    def results(self) -> Results:
        """Gather what it found into columns."""
        found = self._members.values()
        return {
            name: np.fromiter((member[name] for member in found), dtype=kind, count=len(found))
            for name, kind in RESULTS.items()
        }


def members_of(company: Company) -> dict[int, Member]:
    """Return members by number, sponsors before their legs."""
    columns = [getattr(company, name).tolist() for name in READ]
    members = {at: dict(zip(READ, row, strict=True), legs=[]) for at, row in enumerate(zip(*columns, strict=True))}
    for at, sponsor in enumerate(company.sponsor.tolist()):
        members[at]["sponsor"] = sponsor if sponsor >= 0 else None
        if sponsor >= 0:
            members[sponsor]["legs"].append(at)
    return members


class Plan:
    """The rules as functions and tables."""

    def __init__(self, rules: Said) -> None:
        """Make a function of each condition."""
        self.rules = rules
        asked = ", ".join(NAMES.values())
        self.active = eval(f"lambda pv: {rules.active}")
        self.step, self.achieved, self.kept, self.breaks, self.gate = (
            eval(f"lambda {asked}, title_before=0: {expression}")
            for expression in (rules.step, rules.achieved, rules.kept, rules.breaks, rules.gate)
        )


def divided(amount: int) -> int:
    """Cut parts of a cent, of what is taken back as of what is paid."""
    return amount // WHOLE if amount >= 0 else -(-amount // WHOLE)


def settle(members: dict[int, Member], plan: Plan) -> None:
    """Write on every member what the plan makes of it."""
    for member in members.values():
        member["pv"] = min(member["own_pv"], plan.rules.own_pv_limit) + member["customer_pv"]
        member["cv"] = member["own_cv"] + member["customer_cv"]
        member["active"] = plan.active(member["pv"])
        member["enrolled_active"] = member["differential_minor"] = member["override_minor"] = 0
    for member in members.values():
        if member["active"] and member["enroller"] >= 0:
            members[member["enroller"]]["enrolled_active"] += 1
    for member in reversed(members.values()):
        legs = [members[leg] for leg in member["legs"]]
        add_up(member, legs, plan)
        stand(member, plan)
        differ(member, legs, plan)
    for member in members.values():
        if member["broken_away"]:
            override(member, members, plan)


def add_up(member: Member, legs: list[Member], plan: Plan) -> None:
    """Add up the volumes of a member's legs, and count legs."""
    member["gv"] = member["total"] = member["side_volume"] = member["pv"]
    member["group_cv"] = member["cv"]
    member["legs_selling"] = member["legs_broken_away"] = 0
    for leg in legs:
        member["total"] += leg["total"]
        if leg["total"] >= plan.rules.leg_volume:
            member["legs_selling"] += 1
        if leg["below"]:
            member["legs_broken_away"] += 1
        if not leg["broken_away"]:
            member["gv"] += leg["gv"]
            member["group_cv"] += leg["group_cv"]
            if leg["step"] < len(plan.rules.percents_bp) - 1:
                member["side_volume"] += leg["gv"]


def stand(member: Member, plan: Plan) -> None:
    """Find the step, the title, and whether the member has broken away."""
    before = member["title_before"]
    asked = {name: member[name] for name in NAMES.values() if name != "step"}
    asked["step"] = member["step"] = plan.step(**asked, step=0)
    achieved = plan.achieved(**asked)
    kept = achieved >= before or plan.kept(**asked, title_before=before)
    lost = before > 0 and not kept and member["missed_before"] + 1 >= plan.rules.window_periods
    member["title"] = achieved if lost else max(before, achieved)
    member["broken_away"] = (before >= plan.rules.breakaway_title and not lost) or plan.breaks(**asked)
    member["below"] = member["broken_away"] or member["legs_broken_away"] > 0
    earns = member["active"] and member["title"] >= plan.rules.lowest_title and plan.gate(**asked)
    member["opens"] = plan.rules.generations[member["title"]] if earns else 0


def differ(member: Member, legs: list[Member], plan: Plan) -> None:
    """Pay the differential, and hand on the group's CV by the percent that is paid on it."""
    percents = plan.rules.percents_bp
    percent = percents[member["step"]] if member["active"] else 0
    value = plan.rules.minor_per_point[member["market"]]
    member["held"] = held = {percent: member["cv"]}
    for leg in legs:
        if leg["broken_away"]:
            continue
        for below, cv in leg["held"].items():
            if below < percent:
                member["differential_minor"] += divided(cv * (percent - below) * value)
            highest = max(below, percent)
            held[highest] = held.get(highest, 0) + cv


def override(leader: Member, members: dict[int, Member], plan: Plan) -> None:
    """Walk up from a group and pay each generation to the nearest who may earn it."""
    generation, at = 1, leader["sponsor"]
    while at is not None and generation <= len(plan.rules.rates_bp):
        upline = members[at]
        if upline["opens"] >= generation:
            value = plan.rules.minor_per_point[upline["market"]]
            upline["override_minor"] += divided(leader["group_cv"] * plan.rules.rates_bp[generation - 1] * value)
            generation += 1
        at = upline["sponsor"]


def main() -> int:
    """Read a company, compute it, write the results, and print the seconds of processor time that it took."""
    company, terms = read(Path(sys.argv[1]))
    engine = Plain(company, terms)
    print(engine.settle())
    written(engine.results(), Path(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
