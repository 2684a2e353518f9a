"""
Record a correction of the network: one more row in its log, checked while nobody else writes.
"""

from collections.abc import Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.flows.check_correction import check_correction
from backend.flows.let_in import let_in
from backend.intake.events import Correctable, Enrolment, Leaving, Placement
from backend.intake.network import OPENINGS
from backend.kernel.finding import Refused
from backend.network.correction import Correction, Enrolled, Leave, Move
from backend.store.network import announce, depart, enrol, lock_network, place
from backend.store.transactions import transaction

EVENT: Mapping[type[Correction], type[Correctable]] = {Move: Placement, Enrolled: Enrolment, Leave: Leaving}
"""What a source tells where a person corrects."""


async def record_correction(correction: Correction) -> None:
    """
    Write a correction and tell the worker; raises Refused with every finding, and then nothing is written.

    What was held because it did not go together with what is corrected goes in with it, where it does now: a placement
    or enrolment that would have closed a circle, an order of somebody who had left.

    Closed periods stay sealed: what it changes in them is adjusted by the next that is closed.
    """
    async with transaction() as connection:
        await lock_network(connection)
        if findings := await check_correction(correction):
            raise Refused(findings)
        await written(connection, correction)
        await let_in(connection, [f"{OPENINGS[EVENT[type(correction)]]}{correction.member}"])
        await announce(connection)


async def written(connection: BaseDBAsyncClient, correction: Correction) -> None:
    """Write a correction that was checked, within somebody's transaction."""
    match correction:
        case Move():
            await place(connection, correction.member, correction.to, correction.since)
        case Enrolled():
            await enrol(connection, correction.member, correction.to, correction.since)
        case Leave():
            await depart(connection, correction.member, correction.on)
