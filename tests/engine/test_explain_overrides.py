"""
Overrides, explained: rates as fine as a plan writes them, amounts passed up, bands of guarantees, bounds of titles.
"""

from typing import Any

from msgspec.structs import replace

from backend.cli.traces import Written, written
from backend.engine.explain import explain
from backend.engine.pipeline import run
from backend.engine.snapshot import Snapshot
from backend.kernel.trace import Trace
from backend.plan.terms import Counting, Groups, Guarantee, Requirement, Terms
from tests.notation import company
from tests.people import plan


def _terms(**changes: Any) -> Terms:
    """Return the plan of the cases with another override in place of its own."""
    settings = {"depth_by_title": False, "gate": Requirement(), **changes}
    return replace(plan(), overrides=(replace(plan().overrides[0], **settings),))


def _override(snapshot: Snapshot, terms: Terms, member: str) -> Trace:
    """Return the one override of a member, explained."""
    (trace,) = explain(snapshot, terms, run(snapshot, terms), member, numbers=["override"])
    return trace.parts[0]


def _why(trace: Trace) -> list[str]:
    return [part.about["reason"] for part in trace.parts if part.name == "not_higher"]


def test_a_fine_rate_is_said_as_the_plan_writes_it() -> None:
    """
    A rate finer than a basis point stands on its line in full, in the trace and on the command line.
    """
    terms = _terms(rates_bp=((625,),), finer=100)
    snapshot = company(terms, "A > B", own="A 200; B 1000", own_cv="B 10000", carried="A leader held 1")

    found = _override(snapshot, terms, "A")

    assert {
        "base": "10000",
        "rate": "0.0625 %",
        "before_rounding": "625",
        "generation": "1",
        "from": "B",
        "through": "B",
    } == found.parts[0].about
    assert "line 6.25 USD · 0.0625 % of 10000 CV" in written(Written(terms, snapshot, "A"), found)


def test_an_amount_passed_up_names_the_first_rate_and_is_a_reason() -> None:
    """
    A second generation that is paid on the first amount says the first one's rate, and that it would earn more on CV.
    """
    terms = _terms(of_first_amount=True)
    snapshot = company(terms, "A > B; B > C", own="A 200; B 200; C 1000", carried="A senior held 1; B leader held 1")

    found = _override(snapshot, terms, "A")

    assert ["", "5 %"] == [part.about.get("of_first", "") for part in found.parts if part.name == "line"]
    assert ["of_first_amount"] == _why(found)
    assert "of the 5 % of the first generation" in written(Written(terms, snapshot, "A"), found)


def test_who_is_in_the_band_of_a_guarantee_is_told_so() -> None:
    """
    A giver in the band sees the part that is asked, and who receives it, that the part is why it is not more.
    """
    guarantee = Guarantee(points=1000_00, band_from=300_00, band_part_bp=5000)
    terms = _terms(rates_bp=((600,),), guarantee=guarantee)
    snapshot = company(terms, "UP > YOU; YOU > A", own="UP 1000; YOU 400; A 1100", carried="YOU leader held 1")

    given = [part for part in _override(snapshot, terms, "YOU").parts if part.name == "guarantee_given"]

    assert [("in_band", "300", "50 %")] == [
        (part.name, part.about["from_points"], part.about["share"]) for part in given[0].parts
    ]
    assert ["guarantee_in_band"] == _why(_override(snapshot, terms, "UP"))
    outside = replace(terms, overrides=(replace(terms.overrides[0], guarantee=replace(guarantee, band_from=400_01)),))
    assert () == next(
        part.parts for part in _override(snapshot, outside, "YOU").parts if part.name == "guarantee_given"
    )


def test_a_leader_of_another_title_is_passed_over_as_one_who_sees_other_groups() -> None:
    """
    Where groups are bounded by the own title, whoever of a higher one stands between earns on groups of that title.
    """
    terms = _terms(rates_bp=((300, 100),), groups=Groups.SAME_TITLE, counting=Counting.USES_ONE)
    terms = replace(terms, breakaway=replace(terms.breakaway, never=True))
    carried = "A leader held 1; C senior held 1; D leader held 1"
    snapshot = company(terms, "A > B; B > C; C > D", own="A 200; B 60; C 400; D 500", carried=carried)

    deeper = [part for part in _override(snapshot, terms, "A").parts if part.about.get("generation") == "2"]

    assert [("C", "other_title")] == [(part.about["member"], part.about["reason"]) for part in deeper[0].parts]
