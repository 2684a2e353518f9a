"""
What units of products pay, where it leaves the engine: what is posted and adjusted, and the rows of a result.
"""

from msgspec.structs import replace

from backend.engine.periods.adjustments import adjustments, posting_of
from backend.engine.pipeline import run
from backend.files.calculation import Computed
from backend.files.results import result_of
from backend.kernel.period import Period
from backend.plan.terms import LevelBonus, ProductAmounts, Terms
from tests.notation import company
from tests.people import plan

OCTOBER = Period(2026, 10)
AMOUNTS = (ProductAmounts(product=0, amounts_minor=(100,)), ProductAmounts(product=1, amounts_minor=(500,)))
SOLD = {"own": "ANN 100; BEN 60", "units": "BEN tea 3, mug 1"}


def _terms() -> Terms:
    """Return the plan of the cases with a bonus of 1 USD for each mug and 5 USD for each tea."""
    bonus = LevelBonus(id="start", name="Start bonus", products=AMOUNTS)
    return replace(plan(), products=("mug", "tea"), levels=(bonus,), elsewhere={})


def _computed(**sold: str) -> Computed:
    snapshot = company(_terms(), "ANN > BEN", **sold)
    return Computed(period=OCTOBER, terms=_terms(), snapshot=snapshot, outcome=run(snapshot, _terms()))


def test_each_product_is_posted_for_itself() -> None:
    """Two products of one buyer on one level stand side by side, and a correction of one adjusts that one alone."""
    before, now = (
        posting_of(one.snapshot, one.terms, one.outcome)
        for one in (_computed(**SOLD), _computed(**SOLD | {"units": "BEN tea 2, mug 1"}))
    )
    posted = {of.product: amount for of, amount in before.amounts_minor if of.bonus == "level start"}
    found = adjustments(before, now)
    assert {"mug": 100, "tea": 1500} == posted
    assert [("tea", -500)] == [(each.of.product, each.amount_minor) for each in found]


def test_a_result_names_product_and_units() -> None:
    """A line of units says which product it is and how many, and has neither base nor rate."""
    lines = [line for line in result_of([_computed(**SOLD)]).lines if line.bonus == "level start"]
    assert [("mug", 1, "0.00", 0, 100), ("tea", 3, "0.00", 0, 1500)] == [
        (line.product, line.part, line.base_cv, line.rate_bp, line.amount_minor) for line in lines
    ]


def test_lines_of_volume_name_no_product() -> None:
    """Whatever is a rate of CV has an empty product."""
    assert {""} == {line.product for line in result_of([_computed(own="ANN 500; BEN 400")]).lines}
