"""
List recorded: what was recorded of the network behind joining, by whom and when.
"""

from datetime import date

from backend.kernel.finding import Finding, Place, Refused
from backend.store.network import person_on
from backend.store.network_log import Recorded, recorded


async def list_recorded(*, member: str | None = None, last: int = 20) -> list[Recorded]:
    """Return the last rows of the network's log, the latest first; raises Refused for a member who is not there."""
    found = await recorded(member=member, last=last)
    if member is not None and not found and await person_on(member, date.max) is None:
        place = Place(source="network", path=member)
        message = f'No member bears the id "{member}".'
        raise Refused([Finding(code="member-unknown", place=place, message=message, remedy="Mend the id.")])
    return found
