"""
The explanation's arithmetic: whatever a number is made of, added again, is the number that the engine has computed.
"""

from fractions import Fraction

import numpy as np
import pytest

from backend.engine.explain import opened
from backend.engine.gates.measures import Member
from backend.engine.outcome import Bonus, Entry, State
from backend.kernel.points import divided
from backend.kernel.trace import Trace
from tests.engine.explained import members, nodes

COMPANIES = 125
EACH = 10

COLUMNS = {
    **{name: name for name in ("pv", "cv", "gv", "group_cv", "tgv", "total_cv", "side_volume", "side_cv")},
    **{name: name for name in ("active", "enrolled_active", "legs_selling", "legs_broken_away", "step", "paid_step")},
    **{name: name for name in ("broken_away", "title")},
    "percent": "percent_bp",
    "paid_percent": "paid_bp",
    "held_periods": "held",
    "missed_periods": "missed",
    "carried_forward": "carried_minor",
    "personal": "personal_minor",
    "differential": "differential_minor",
}
MANY = {"override": "overrides", "production": "productions", "level": "levels", "pool": "pools", "match": "matches"}
MANY["multiplier"] = "multipliers"
AMOUNTS = ("personal", "differential", "override", "production", "level", "pool", "bonus", "match", "multiplier")


def _expected(member: Member) -> dict[str, int]:
    """Return every number of a member, read from the outcome's columns and lines."""
    outcome, lines, here = member.outcome, member.outcome.lines, member.index
    mine = lines.earner == here
    total = sum(int(getattr(outcome, f"{name}_minor")[here]) for name in AMOUNTS)
    held = int(lines.amount_minor[mine & np.isin(lines.state, (State.HELD_COMPLIANCE, State.HELD_PAYMENT))].sum())
    found = {name: int(getattr(outcome, column)[here]) for name, column in COLUMNS.items()}
    for name, listed in MANY.items():
        if getattr(member.terms, listed):
            found[name] = int(getattr(outcome, f"{name}_minor")[here])
    for at, volume in enumerate(member.terms.volumes):
        found[f"volume {volume.id}"] = int(outcome.named_points[here, at])
        found[f"volume_cv {volume.id}"] = int(outcome.named_cv[here, at])
    for at, mark in enumerate(member.terms.marks):
        found[f"mark {mark.id}"] = int(outcome.marks[here]) >> at & 1
    if member.terms.retail is not None:
        found["retail"] = int(lines.amount_minor[mine & (lines.bonus == Bonus.RETAIL)].sum())
    if member.terms.caps:
        found["cut"] = int(lines.amount_minor[mine & (lines.entry == Entry.CUT)].sum())
    return found | {"total": total, "held": held, "payable": total - held}


def _said(trace: Trace) -> str:
    return " ".join([trace.name, *([trace.about["id"]] if "id" in trace.about else [])])


def _leaves(trace: Trace) -> int:
    """Add up the leaves of a number again."""
    return sum(_leaves(part) for part in trace.parts) if trace.adds_up else trace.value


def _wrong(member: Member) -> list[str]:
    traces = opened(member)
    said = {_said(trace): _leaves(trace) for trace in traces}
    bonuses = sum(said.get(name, 0) for name in ("fast_start", "title_held", "one_time"))
    expected = _expected(member) | {"one_time": int(member.outcome.bonus_minor[member.index])}
    said["one_time"] = bonuses
    found = [f"{name}: said {said.get(name)}, is {much}" for name, much in expected.items() if said.get(name) != much]
    found += [f"{node.name} does not add up" for node in nodes(traces) if _sum_is_off(node)]
    return found + [f"{node.name} is rounded wrongly" for node in nodes(traces) if _rounds_off(member, node)]


def _sum_is_off(node: Trace) -> bool:
    return node.adds_up and node.value != sum(part.value for part in node.parts)


def _rounds_off(member: Member, node: Trace) -> bool:
    """Say whether a line is not what its plan's rounding makes of the exact amount that it names."""
    if node.name not in ("line", "passed_up", "match_line", "multiplier_line"):
        return False
    if "each_minor" in node.about:
        return node.value != int(node.about["units"]) * int(node.about["each_minor"])
    unit = member.terms.markets[member.of("market")].rounding_minor
    exact = _fraction(node.about["before_rounding"])
    if member.terms.rounded_on_sum:
        return abs(node.value - exact) >= unit
    rounded = divided(exact.numerator, exact.denominator * unit, int(member.terms.rounding)) * unit
    return node.value != rounded or node.value - exact != _fraction(node.about.get("rounding", "0"))


def _fraction(text: str) -> Fraction:
    """Read `12.5`, or `-3 1/3`."""
    sign, size = (-1, text[1:]) if text.startswith("-") else (1, text)
    return sign * sum((Fraction(part) for part in size.split()), Fraction(0))


@pytest.mark.parametrize("seed", range(COMPANIES))
def test_leaves_added_again_give_every_number(seed: int) -> None:
    """
    For any member of any company under any plan, every number's leaves add up to it, each line rounded once.
    """
    assert {} == {member.id: found for member in members(seed, EACH) if (found := _wrong(member))}
