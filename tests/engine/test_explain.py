"""
Explanations: every number of a member opens into its parts, by stage, with whom it concerns and what kept it down.
"""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from backend.engine.explain import explain
from backend.engine.explain.parts import SHOWN, decimal
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.trace import Trace
from backend.plan.terms import Multiplier, RatesBy
from tests.notation import company
from tests.people import cast, plan


def _of_cast(member: str, name: str) -> Trace:
    return _one(cast(), member, name)


def _one(snapshot: Snapshot, member: str, name: str) -> Trace:
    (trace,) = explain(snapshot, plan(), run(snapshot, plan()), member, numbers=[name])
    return trace


def _reasons(trace: Trace) -> list[Trace]:
    """Return why a number is not higher, and why each of its kind is not."""
    return [part for one in (trace, *_schemes(trace)) for part in one.parts if part.name == "not_higher"]


def _missed(reason: Trace) -> list[tuple[str, int, str]]:
    """Return the conditions that a reason misses: measure, what there is, what is asked for."""
    return [(part.about["measure"], part.value, part.about["at_least"]) for part in reason.parts]


def _schemes(trace: Trace) -> tuple[Trace, ...]:
    return tuple(part for part in trace.parts if part.name == trace.name)


def test_a_line_shows_base_rate_and_rounding() -> None:
    """
    A line says the CV, the rate, what was paid below, and what it was before it was rounded.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "OMAR")

    assert 6833 == leg.parts[0].value
    assert {
        "base": "455.5",
        "rate": "15 %",
        "paid_below": "5 %",
        "before_rounding": "6832.5",
        "rounding": "0.5",
        "from": "OMAR",
        "through": "OMAR",
    } == leg.parts[0].about


def test_who_was_passed_over_is_named() -> None:
    """
    TESS has not sold: on her leg IRIS earns what TESS would have, and TESS is named.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "TESS")

    assert ("passed_over", {"members": "TESS", "count": "1"}) == (leg.parts[-1].name, leg.parts[-1].about)


def test_a_broken_away_leg_says_that_it_closed_the_path() -> None:
    """
    On a leg that has broken away there is no differential, and the leg says so.
    """
    leg = next(part for part in _of_cast("IRIS", "differential").parts if part.about["member"] == "MALIK")

    assert (0, {"member": "MALIK", "why": "closed_by_breakaway"}) == (leg.value, leg.about)


@pytest.mark.parametrize(
    ("member", "number", "reasons"),
    [
        ("TESS", "active", ["points_missing"]),
        ("TESS", "differential", ["together"]),
        ("SAM", "personal", ["points_missing"]),
        ("PEDRO", "pool", ["together"]),
        ("IRIS", "fast_start", ["too_late"]),
        ("IRIS", "override", ["leg_short_of_breakaway"]),
        ("UMA", "fast_start", ["points_missing"]),
        ("NORA", "title_held", ["not_held_long_enough"]),
    ],
)
def test_a_number_has_its_nearest_reasons(member: str, number: str, reasons: list[str]) -> None:
    """
    Why a number is not higher, the nearest first; several together where none alone keeps it down.
    """
    assert reasons == [reason.about["reason"] for reason in _reasons(_of_cast(member, number))]


def test_a_leg_on_the_same_percent_says_so() -> None:
    """
    In the zone of equal percents the upline earns nothing on the leg, and the leg says how much CV stands there.
    """
    snapshot = company(plan(), "A > B", own="A 50; B 500")
    (leg, *_) = _one(snapshot, "A", "differential").parts

    assert {"member": "B", "why": "same_or_higher_percent_below", "cv": "500"} == leg.about


def test_a_leader_passed_over_is_named_with_the_reason() -> None:
    """
    An override that skipped a leader says whom and why.
    """
    snapshot = company(plan(), "A > B; B > C", own="A 200; B 150; C 1000", carried="A senior held 1; B leader held 1")
    (scheme,) = _schemes(_one(snapshot, "A", "override"))

    line = next(part for part in scheme.parts if part.about.get("from") == "C")
    assert [{"member": "B", "reason": "gate_missed"}] == [part.about for part in line.parts]


def test_the_earner_of_the_generation_before_is_not_passed_over() -> None:
    """
    Who took generation one was not passed over for generation two, however few generations the title opens.
    """
    snapshot = company(plan(), "A > B; B > C", own="A 200; B 1000; C 1000", carried="A senior held 1")
    (scheme,) = _schemes(_one(snapshot, "A", "override"))

    assert [("B", "1", ()), ("C", "2", ())] == [
        (line.about["from"], line.about["generation"], line.parts) for line in scheme.parts if line.name == "line"
    ]


def test_a_closed_override_gate_names_measure_and_points() -> None:
    """
    A leader whose side volume is short of the gate reads that it is the side volume, and by how much.
    """
    snapshot = company(plan(), "A > B", own="A 100; B 1000", carried="A leader held 1")
    trace = _one(snapshot, "A", "override")

    assert [("points_missing", [("side_volume", 10_000, "200")])] == [
        (reason.about["reason"], _missed(reason)) for reason in _reasons(trace)
    ]


def test_a_reason_stands_once_at_the_one_of_its_kind() -> None:
    """
    Where a plan has one override, why it is not higher stands there, and not again of the sum of all overrides.
    """
    trace = _of_cast("IRIS", "override")
    (scheme,) = _schemes(trace)

    assert ([], ["leg_short_of_breakaway"]) == tuple(
        [part.about["reason"] for part in one.parts if part.name == "not_higher"] for one in (trace, scheme)
    )


def test_a_missed_gate_is_said_once_with_have_and_need() -> None:
    """
    However a missed condition can be proved, it is one reason: what there is of what is asked for.
    """
    (reason,) = _reasons(_of_cast("SAM", "personal"))

    assert [("gv", 13_550, "200")] == _missed(reason)


def test_reasons_that_were_not_tried_are_told_of() -> None:
    """
    Where no proof may be made no reason is given, and the number says that there may be some.
    """
    snapshot, outcome = cast(), run(cast(), plan())
    (trace,) = explain(snapshot, plan(), outcome, "SAM", numbers=["personal"], proofs=0)

    assert ([], "yes") == (_reasons(trace), trace.about["untried"])
    assert "untried" not in _of_cast("SAM", "personal").about


def test_one_number_can_be_asked_for() -> None:
    """
    A kind by its name has all of its kind in it; one of a kind goes by the kind and its id.
    """
    snapshot, outcome = cast(), run(cast(), plan())
    (whole,) = explain(snapshot, plan(), outcome, "IRIS", numbers=["override"])
    (scheme,) = explain(snapshot, plan(), outcome, "IRIS", numbers=["override:generations"])

    assert (scheme,) == _schemes(whole)


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(13_665, 2), "6832.5"),
        (Fraction(-13_665, 2), "-6832.5"),
        (Fraction(7), "7"),
        (Fraction(-10, 3), "-3 1/3"),
    ],
)
def test_what_stood_before_rounding_is_written_exactly(exact: Fraction, text: str) -> None:
    """
    An amount that ends is a decimal; one that never ends is a whole and a fraction.
    """
    assert text == decimal(exact)


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
    gv = _one(snapshot, "A", "gv")

    assert SHOWN + 1 == len(gv.parts)
    assert ("others", {"count": str(201 - SHOWN)}) == (gv.parts[-1].name, gv.parts[-1].about)
    assert gv.value == sum(part.value for part in gv.parts)


def test_nobody_has_no_explanation() -> None:
    """
    An id that is nobody's raises KeyError.
    """
    with pytest.raises(KeyError):
        explain(cast(), plan(), run(cast(), plan()), "ZOE")


def test_a_title_that_takes_back_says_which_and_why() -> None:
    """
    What a lost title takes back stands among the titles' bonuses, with the loss as the reason.
    """
    terms = replace(plan(), title_held=replace(plan().title_held, clawback_periods=2))
    lost = company(terms, "A", own="A 500", carried="A leader held 3 missed 2 bonuses 32", held_paid="A leader 0 100")

    (trace,) = explain(lost, terms, run(lost, terms), "A", numbers=["title_held"])

    taken, because = trace.parts
    assert ("clawed_back", -10_000, "leader") == (taken.name, taken.value, taken.about["title"])
    assert {"reason": "taken_back", "title": "leader"} == because.about


def test_a_title_that_was_lost_before_says_that_it_pays_no_more() -> None:
    """
    Where an interruption ends a title's bonus, who wins the title again is told so.
    """
    terms = replace(plan(), title_held=replace(plan().title_held, restarts=False))
    again = company(terms, "A", own="A 1000", carried="A leader held 4 bonuses 32")

    (trace,) = explain(again, terms, run(again, terms), "A", numbers=["title_held"])

    assert [{"reason": "title_settled", "title": "leader"}] == [part.about for part in trace.parts]


def test_a_multiplier_shows_what_it_multiplies() -> None:
    """
    A multiplier's line names each bonus that it is paid on, and a title with a higher rate is why it is not higher.
    """
    rule = Multiplier(id="m", name="More", rates_bp=(0, 1000, 2500), bonuses=(0, 1), by=RatesBy.TITLE)
    terms = replace(plan(), multipliers=(rule,))
    seller = company(terms, "A > B", own="A 100; B 400")

    (trace,) = explain(seller, terms, run(seller, terms), "A", numbers=["multiplier"])

    line, because = trace.parts[0].parts
    assert (300, "3000", "10 %") == (line.value, line.about["earned_minor"], line.about["rate"])
    assert [("personal", 1000), ("differential", 2000)] == [(part.about["bonus"], part.value) for part in line.parts]
    assert {"reason": "title_multiplies_less", "title": "leader"} == because.about
