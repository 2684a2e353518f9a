"""
Record a correction of the network: one more row in its log, checked while nobody else writes.
"""

from collections.abc import Iterator, Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.files import cells
from backend.files.noted import Fault
from backend.flows.check_correction import check_correction
from backend.flows.let_in import let_in
from backend.intake.events import Correctable, Enrolment, Leaving, Placement
from backend.intake.network import OPENINGS
from backend.kernel.finding import Finding, Place, Refused
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.store.network import Scribe, announce, lock_network
from backend.store.transactions import transaction

EVENT: Mapping[type[Correction], type[Correctable]] = {Move: Placement, Enrolled: Enrolment, Leave: Leaving}
"""What a source tells where a person corrects."""

LONGEST_NAME = 100


async def record_correction(correction: Correction, *, by: str) -> None:
    """
    Write a correction with the operator who makes it, and tell the worker; raises Refused with every finding.

    What was held because it did not go together with what is corrected goes in with it, where it does now: a placement
    or enrolment that would have closed a circle, an order of somebody who had left.

    Closed periods stay sealed: what it changes in them is adjusted by the next that is closed.
    """
    unnamed = list(_unnamed(by))
    async with transaction() as connection:
        await lock_network(connection)
        if findings := [*unnamed, *await check_correction(correction)]:
            raise Refused(findings)
        await written(connection, correction, by=f"operator {by.strip()}")
        await let_in(connection, [f"{OPENINGS[EVENT[type(correction)]]}{correction.member}"])
        await announce(connection)


def _unnamed(by: str) -> Iterator[Finding]:
    """Yield that nobody is named, or nobody whose name can be read by who looks for it later."""
    found = cells.name(by.strip())
    if not by.strip() or len(by) > LONGEST_NAME:
        found = Fault("by-missing", "It is not said who corrects.", f"Give a name, of {LONGEST_NAME} letters at most.")
    if isinstance(found, Fault):
        place = Place(source="network", path="by")
        yield Finding(code=found.code, place=place, message=found.message, remedy=found.remedy)


async def written(connection: BaseDBAsyncClient, correction: Correction, *, by: str | None = None) -> None:
    """Write a correction that was checked, within somebody's transaction; `by` is who is recorded with it."""
    scribe = Scribe(connection, by)
    match correction:
        case Move():
            await scribe.place(correction.member, correction.to, correction.since)
        case Enrolled():
            await scribe.enrol(correction.member, correction.to, correction.since)
        case Leave():
            await scribe.depart(correction.member, correction.on)
