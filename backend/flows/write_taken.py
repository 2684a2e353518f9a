"""
Write what was taken: the rows that a transaction's events become, once all of them are judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from backend.flows.taking import Taking
from backend.intake.events import Customer, Enrolment, Event, Fact, Leaving, Member, Placement, Price, Product, key_of
from backend.store import intake, joining, network
from backend.store.adding import Accepted, add_orders
from backend.store.intake import Held
from backend.store.orders import Ledger


async def write_taken(ledger: Ledger, taking: Taking, now: datetime) -> None:
    """Write what was accepted, what others refer to before what refers to it, and what is held."""
    connection, added = ledger.connection, [event for _, event in taking.added]
    if added:
        joined = [(source, one) for source, one in taking.added if isinstance(one, Member)]
        await joining.join(connection, joined, taking.books.members)
        await _write_network(ledger, taking.added)
        await joining.serve(connection, [one for one in added if isinstance(one, Customer)])
        await joining.state(connection, [one for one in added if isinstance(one, Fact)])
        products = [one for one in added if isinstance(one, Product)]
        await joining.shelve(connection, products)
        listed = [(one.product, price) for one in products for price in one.prices]
        await joining.price(
            connection, [*listed, *((one.product, one.price) for one in added if isinstance(one, Price))]
        )
        await intake.accept(connection, taking.added, now)
        await network.announce(connection)
    for kind in ("order", "return"):
        for source, rows in _by_source(taking.rows, kind).items():
            await add_orders(connection, source, rows, now)
    if taking.lacked_before or taking.waiting or taking.anything_held:
        await _write_held(ledger, taking, now)


def _by_source(rows: Iterable[tuple[str, Accepted]], kind: str) -> Mapping[str, list[Accepted]]:
    """Return the rows of a kind by who sent them, in their order."""
    of_kind: dict[str, list[Accepted]] = {}
    for source, row in rows:
        if row.kind == kind:
            of_kind.setdefault(source, []).append(row)
    return of_kind


async def _write_network(ledger: Ledger, added: Sequence[tuple[str, Event]]) -> None:
    """Record who moved, was enrolled by another, or left, each as a row of the network's log, in their order."""
    for source, event in added:
        scribe = network.Scribe(ledger.connection, source)
        match event:
            case Placement():
                await scribe.place(event.member, event.sponsor, event.since)
            case Enrolment():
                await scribe.enrol(event.member, event.enroller, event.since)
            case Leaving():
                await scribe.depart(event.member, event.on)
            case _:
                continue


async def _write_held(ledger: Ledger, taking: Taking, now: datetime) -> None:
    """Keep what waits, let go of what waits no longer, and say of what is wrong why."""
    accepted = [key_of(event) for _, event in taking.added] + [f"order {row.key}" for _, row in taking.rows]
    await intake.release(ledger.connection, accepted)
    await intake.refuse_held(ledger.connection, {key: findings for key, (_, findings) in taking.refused.items()}, now)
    await intake.hold(ledger.connection, [one for one in taking.waiting.values() if _is_otherwise(one, taking)])


def _is_otherwise(held: Held, taking: Taking) -> bool:
    """Tell whether what is held is new, or lacks something else than before."""
    return taking.lacked_before.get(key_of(held.event)) != held.lacks
