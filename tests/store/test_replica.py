"""
Where a page is read from: a replica that is level, else the primary, after a wait that has an end.
"""

import asyncio
import time
from collections import Counter

from backend.flows.check_replica import check_replica
from backend.store import replica
from backend.store.database import opened
from backend.store.replica import PATIENCE_SECONDS, Replica, State, following
from tests.databases import Databases
from tests.worker.small import found_small

SERVER = "SELECT current_database() AS name"


async def read_from() -> str:
    """Read something as a page does; return the name of the database that answered."""
    (row,) = await replica.read(lambda server: server.execute_query_dict(SERVER))
    return str(row["name"])


async def level(found: Replica) -> None:
    """Wait until pages may be read from the replica."""
    for _ in range(100):
        if await found.is_level():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(found.state)


async def test_a_page_waits_once_for_a_replica_that_fell_behind_and_then_goes_to_the_primary(database: str) -> None:
    """
    A revision that was announced and is not there costs one wait of a quarter of a second, and no later page any.

    Where it turns out that nobody has it, pages come from the replica again.
    """
    counted: Counter[str] = Counter()

    def count(server: str) -> None:
        counted[server] += 1

    async with opened(database, read_dsn=database), following(count) as found:
        await found_small()
        await level(found)
        assert [] == await check_replica()
        await read_from()
        before = dict(counted)
        found.expect(999)
        waited = []
        for _ in range(2):
            began = time.monotonic()
            await read_from()
            waited.append(time.monotonic() - began)
        behind = found.state, found.revisions_behind
        await level(found)

    assert {"replica": 1} == before
    assert {"replica": 1, "primary": 2} == counted
    assert PATIENCE_SECONDS <= waited[0] < 2 * PATIENCE_SECONDS
    assert waited[1] < PATIENCE_SECONDS / 2
    assert (State.BEHIND, 999) == behind


async def test_a_replica_of_another_database_is_never_read(databases: Databases) -> None:
    """A wrong address shows nobody another company's numbers, and is told; so does one where nobody answers."""
    async with databases.fresh() as own, databases.fresh() as strange:
        silent = "postgresql://nobody@127.0.0.1:1/nothing"
        for address, state in ((strange, State.FOREIGN), (silent, State.AWAY)):
            async with opened(own, read_dsn=address), following(lambda _: None) as found:
                while found.state == State.BEHIND:  # noqa: ASYNC110 - a state has no event
                    await asyncio.sleep(0.01)
                assert (state, own.partition("?")[0].rpartition("/")[-1]) == (found.state, await read_from())
                assert [f"replica-{state}"] == [finding.code for finding in await check_replica()]


async def test_a_replica_that_breaks_off_costs_a_page_nothing_but_its_way(database: str) -> None:
    """What breaks at the replica is answered by the primary, and the replica is asked again."""
    asked = []

    async def once(server: object) -> str:
        asked.append(server)
        if len(asked) == 1:
            raise OSError("the replica broke off")
        return "answered"

    async with opened(database, read_dsn=database), following(lambda _: None) as found:
        await level(found)
        assert "answered" == await replica.read(once)
        assert 2 == len(asked)
        await level(found)
