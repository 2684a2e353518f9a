"""
The plan's page as the store hands it out: the plan of the open period, its clauses, and whose market is which.
"""

from backend.store import views
from backend.store.database import opened
from tests.flows.companies import PLAN, found, terms


async def test_the_plan_of_the_open_period_is_handed_out(database: str) -> None:
    """The page has the terms that the open period is computed by, and every clause that a rule of them cites."""
    async with opened(database):
        await found()
        page = await views.plan_page()

    assert ("The stair-step plan", "1.1") == (page.title, page.rounding_clause)
    assert (terms().steps, terms().overrides) == (page.terms.steps, page.terms.overrides)
    assert {step.clause for step in page.terms.steps} <= page.clauses.keys()
    assert " ".join(page.clauses["2.2"].split()) in " ".join(PLAN.split())


async def test_a_member_belongs_to_a_market(database: str) -> None:
    """Each member's market is the one of the company's file; who is not there has none."""
    async with opened(database):
        await found()
        markets = [await views.market_of(code) for code in ("TOP", "LEG", "NOBODY", "")]

    assert ["US", "EU", "", ""] == markets
