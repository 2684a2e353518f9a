"""
Replace the plan: what the database keeps with the company, read back as it was written, and put anew where it is sound.

The standings follow by themselves: the worker sees that the plan is another and computes the open period by it.
"""

from hashlib import sha256

from backend.kernel.finding import Finding, Place, Refused
from backend.plan.reading import read_plan
from backend.store.tables import Company


async def stored_plan() -> str:
    """Return the company's plan as it was written, sound or not; raises Refused where there is no company."""
    row = await Company.get_or_none(id=1)
    if row is None:
        raise Refused([_nobody()])
    return row.plan_source


async def replace_plan(plan_source: str, source: str) -> None:
    """Keep another plan with the company; raises Refused with every finding of it, or where there is no company."""
    read_plan(plan_source, source)
    digest = sha256(plan_source.encode()).hexdigest()
    if not await Company.filter(id=1).update(plan_source=plan_source, plan_digest=digest):
        raise Refused([_nobody()])


def _nobody() -> Finding:
    return Finding(
        code="company-missing",
        place=Place(source="database"),
        message="There is no company in this database, and so no plan.",
        remedy="Load one with `handrail import FOLDER --plan FILE`, or name its database in DATABASE_URL or its folder "
        "in HANDRAIL_DATA.",
    )
