"""
Check replica: whether pages of this process are read from the replica that was named, and why they are not.
"""

from backend.kernel.finding import Finding, Place
from backend.store.replica import State, state

WORDS = {
    State.BEHIND: "The replica is behind; pages are read from the primary.",
    State.AWAY: "The replica cannot be reached; pages are read from the primary.",
    State.FOREIGN: "The replica is not one of this database; pages are read from the primary.",
}


async def check_replica() -> list[Finding]:
    """Return why pages are not read from the replica; nothing where they are, or where none was named."""
    found = state()
    if found is None or found == State.LEVEL:
        return []
    remedy = "See DATABASE_READ_URL: it leads to one hot standby of the database in DATABASE_URL."
    place = Place(source="DATABASE_READ_URL")
    return [Finding(code=f"replica-{found}", place=place, message=WORDS[found], remedy=remedy)]
