"""
Explanations: every number of a member opens into parts that give it exactly, with the reasons why it is not higher.
"""

from collections.abc import Iterator

import pytest

from backend.engine.earned import SHOWN
from backend.engine.explain import explain
from backend.engine.outcome import Outcome
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.trace import Trace
from backend.plan.terms import Terms
from tests.engine.networks import random_case
from tests.notation import company
from tests.people import cast, plan

NUMBERS = ("pv", "cv", "active", "gv", "tgv", "side_volume", "step", "paid_step", "broken_away", "title")
EARNED = {
    "personal": ("personal_minor",),
    "differential": ("differential_minor",),
    "override": ("override_minor",),
    "pool": ("pool_minor",),
    "total": ("personal_minor", "differential_minor", "override_minor", "pool_minor", "bonus_minor"),
}


def _nodes(traces: tuple[Trace, ...]) -> Iterator[Trace]:
    for trace in traces:
        yield trace
        yield from _nodes(trace.parts)


def _wrong(snapshot: Snapshot, terms: Terms, outcome: Outcome, index: int) -> list[str]:
    """Return what does not fit in a member's explanation."""
    traces = explain(snapshot, terms, outcome, snapshot.members[index])
    said = {trace.name: trace.value for trace in traces}
    there = {name: int(getattr(outcome, name)[index]) for name in NUMBERS}
    there |= {name: sum(int(getattr(outcome, one)[index]) for one in columns) for name, columns in EARNED.items()}
    there["fast_start"] = int(outcome.bonus_minor[index]) - said["title_held"]
    found = [f"{name}: said {said[name]}, is {value}" for name, value in there.items() if said[name] != value]
    return found + [
        f"{node.name}: {[part.value for part in node.parts]} do not add up to {node.value}"
        for node in _nodes(traces)
        if node.adds_up and node.value != sum(part.value for part in node.parts)
    ]


@pytest.mark.parametrize("seed", range(150))
def test_parts_give_every_number_exactly(seed: int) -> None:
    """
    For any member of any company the explained numbers are the outcome's, and parts add up to them.
    """
    snapshot, terms = random_case(seed)
    outcome = run(snapshot, terms)
    members = range(0, len(snapshot.members), 3)

    assert {} == {index: found for index in members if (found := _wrong(snapshot, terms, outcome, index))}


def _of_cast(member: str, name: str) -> Trace:
    traces = explain(cast(), plan(), run(cast(), plan()), member)
    return next(trace for trace in traces if trace.name == name)


def _reasons(trace: Trace) -> list[str]:
    return [node.about["reason"] for node in _nodes((trace,)) if node.name == "not_higher"]


def test_a_line_shows_base_rate_and_rounding() -> None:
    """
    A line says the CV, the rate, what was paid below, and what it was before it was rounded.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "OMAR")

    assert 6833 == leg.parts[0].value
    assert {"base": "455.5", "rate": "15 %", "paid_below": "5 %", "before_rounding": "6832.5", "from": "OMAR"} == (
        leg.parts[0].about
    )


def test_who_was_passed_over_is_named() -> None:
    """
    TESS has not sold: on her leg IRIS earns what TESS would have, and TESS is named.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "TESS")

    assert ("passed_over", {"members": "TESS", "count": "1"}) == (leg.parts[-1].name, leg.parts[-1].about)


def test_a_broken_away_leg_says_that_it_closed_the_path() -> None:
    """
    On a leg that has broken away there is no differential, and that is the reason given.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "MALIK")

    assert (0, ["closed_by_breakaway"]) == (leg.value, _reasons(leg))


@pytest.mark.parametrize(
    ("member", "number", "reason"),
    [
        ("TESS", "personal", "inactive"),
        ("SAM", "personal", "percent_is_zero"),
        ("VERA", "override", "no_leg_broken_away"),
        ("VERA", "pool", "no_share"),
        ("PEDRO", "pool", "gate_missed"),
        ("IRIS", "fast_start", "too_late"),
        ("UMA", "fast_start", "no_new_title"),
        ("NORA", "title_held", "not_held_long_enough_or_paid"),
    ],
)
def test_nothing_earned_has_its_reason(member: str, number: str, reason: str) -> None:
    """
    A bonus of zero says why.
    """
    trace = _of_cast(member, number)

    assert 0 == trace.value
    assert reason in _reasons(trace)


def test_a_leg_on_the_same_percent_says_so() -> None:
    """
    In the zone of equal percents the upline earns nothing on the leg, and the leg's CV stands beside the reason.
    """
    snapshot = company(plan(), "A > B", own="A 50; B 500")
    differential = next(
        trace for trace in explain(snapshot, plan(), run(snapshot, plan()), "A") if trace.name == "differential"
    )

    (reason,) = differential.parts[0].parts
    assert {"reason": "same_or_higher_percent_below", "cv": "500"} == reason.about


def test_a_leader_passed_over_is_named_with_the_reason() -> None:
    """
    An override that skipped a leader says whom and why.
    """
    snapshot = company(plan(), "A > B; B > C", own="A 200; B 150; C 1000", carried="A senior held 1; B leader held 1")
    override = next(
        trace for trace in explain(snapshot, plan(), run(snapshot, plan()), "A") if trace.name == "override"
    )

    line = next(part for part in override.parts if part.about["from"] == "C")
    assert [{"member": "B", "reason": "gate_missed"}] == [part.about for part in line.parts]


def test_the_earner_of_the_generation_before_is_not_passed_over() -> None:
    """
    Who took generation one was not passed over for generation two, however few generations the title opens.
    """
    snapshot = company(plan(), "A > B; B > C", own="A 200; B 1000; C 1000", carried="A senior held 1")
    override = next(
        trace for trace in explain(snapshot, plan(), run(snapshot, plan()), "A") if trace.name == "override"
    )

    assert [("B", "1", ()), ("C", "2", ())] == [
        (line.about["from"], line.about["generation"], line.parts) for line in override.parts
    ]


def test_a_closed_override_gate_names_the_measure() -> None:
    """
    A leader whose side volume is short of the gate reads that it is the side volume.
    """
    snapshot = company(plan(), "A > B", own="A 100; B 1000", carried="A leader held 1")
    override = next(
        trace for trace in explain(snapshot, plan(), run(snapshot, plan()), "A") if trace.name == "override"
    )

    assert [{"reason": "gate_missed", "measure": "side_volume"}] == [part.about for part in override.parts]


def test_the_step_says_what_the_next_one_asks_for() -> None:
    """
    The step shows the conditions of the next one, each with what there is and whether it holds.
    """
    missed = next(part for part in _of_cast("OMAR", "step").parts if part.name == "step_missed")

    assert [(45_550, "500", "no"), (26_000, "50", "yes")] == [
        (part.value, part.about["at_least"], part.about["met"]) for part in missed.parts
    ]


def test_grace_keeps_a_leader_away_and_says_so() -> None:
    """
    Who is broken away only by the title kept is told that.
    """
    assert {"reason": "title_kept"} == _of_cast("MALIK", "broken_away").about


def test_a_wide_frontline_is_gathered() -> None:
    """
    Of very many legs the largest are shown, the others are one part, and the sum stays exact.
    """
    many = [f"B{number:03d}" for number in range(200)]
    own = "; ".join(f"{who} {number}" for number, who in enumerate(many))
    snapshot = company(plan(), f"A > {' '.join(many)}", own=own)
    gv = next(trace for trace in explain(snapshot, plan(), run(snapshot, plan()), "A") if trace.name == "gv")

    assert SHOWN + 1 == len(gv.parts)
    assert ("others", {"count": str(201 - SHOWN)}) == (gv.parts[-1].name, gv.parts[-1].about)
    assert gv.value == sum(part.value for part in gv.parts)


def test_nobody_has_no_explanation() -> None:
    """
    An id that is nobody's raises KeyError.
    """
    with pytest.raises(KeyError):
        explain(cast(), plan(), run(cast(), plan()), "ZOE")
