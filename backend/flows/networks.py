"""
The network of each period: the worker's rolls and trees, read once, and again when the network's log has grown.
"""

from backend.flows.memory import Memory, Network
from backend.kernel.period import Period
from backend.network.tree import arrange
from backend.store.network import changed_since, members_on, moves_between
from backend.store.rolls import facts, roll_of


async def network_of(memory: Memory, period: Period) -> Network:
    """Return the members as placed on a period's last day, leavers' legs moved as the plan says of that period."""
    if period not in memory.networks:
        memory.networks[period] = await _same_as_later(memory, period) or await _read(memory, period)
    return memory.networks[period]


async def read_again(memory: Memory, reached: int, open_period: Period) -> set[Period]:
    """
    Take up what was recorded of the network, up to a position of its log; how periods went on is read anew by it too.

    Returns the first period that it touches, of those that were computed; none where it touches the open one only.
    """
    if reached == memory.network_position:
        return set()
    day = await changed_since(memory.network_position, reached)
    memory.networks.clear()
    memory.hour = None
    memory.facts, memory.network_position = await facts(), reached
    network = await network_of(memory, open_period)
    memory.members, memory.tree = network.members, network.tree
    return {each for each in memory.closed if day is not None and each.last_day >= day}


async def _same_as_later(memory: Memory, period: Period) -> Network | None:
    """Return the network of the next later period that is known, if nothing moves between the two."""
    later = min((each for each in memory.networks if each > period), default=None)
    if later is None or await moves_between(period.last_day, later.last_day):
        return None
    rules = {memory.company.terms_of(each).leavers for each in (period, later)}
    return memory.networks[later] if len(rules) == 1 else None


async def _read(memory: Memory, period: Period) -> Network:
    members = await members_on(period.last_day)
    roll = roll_of(members, memory.company.terms_of(period), period, memory.facts)
    return Network(members=members, tree=arrange(roll.ids, roll.sponsors))
