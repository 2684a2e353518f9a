"""
Withdraw held: an event that waits, or was wrong when its turn came, is let go; what it was stays recorded.
"""

from collections.abc import Iterator, Sequence

from backend.files import cells
from backend.files.noted import Fault
from backend.flows.take_message import nobody
from backend.kernel.finding import Finding, Place, Refused
from backend.store.company import company
from backend.store.orders import open_ledger
from backend.store.withdrawn import Waiting, waiting_under, withdraw

ORDER = "order "


async def withdraw_held(keys: Sequence[str], *, by: str, why: str, kind: str | None = None) -> Sequence[Waiting]:
    """
    Withdraw what is held under each key, all or none, and return it; the same key may then come again as a first time.

    A key is as its sender knows it; `kind` tells an order from another event of that key. What waits for a withdrawn
    event goes on waiting. Raises Refused with a finding for each key that is not held, and for a missing name or
    reason; TimeoutError where its turn does not come.
    """
    if findings := [*_unsaid("by", by), *_unsaid("why", why)]:
        raise Refused(findings)
    row = await company()
    if row is None:
        raise Refused([nobody()])
    async with open_ledger() as ledger:
        found = await waiting_under(ledger.connection, [name for key in keys for name in (key, f"{ORDER}{key}")])
        chosen = [one for one in found if kind in {None, one.kind}]
        if findings := list(_findings(keys, chosen)):
            raise Refused(findings)
        names = [one.key for one in chosen]
        await withdraw(ledger.connection, names, by=by.strip(), why=why.strip(), withdrawn_at=row.clock.now())
    return [Waiting(kind=one.kind, key=one.key.removeprefix(ORDER)) for one in chosen]


def _unsaid(name: str, text: str) -> Iterator[Finding]:
    """Yield where a name or a reason says nothing, or cannot be read by who looks for it later."""
    found = cells.name(text.strip())
    if not text.strip():
        found = Fault(f"{name}-missing", f"It is not said {name}.", "Say who withdraws it, and for what reason.")
    if isinstance(found, Fault):
        place = Place(source="held", path=name)
        yield Finding(code=found.code, place=place, message=found.message, remedy=found.remedy)


def _findings(keys: Sequence[str], chosen: Sequence[Waiting]) -> Iterator[Finding]:
    """Yield each key under which nothing is held, or two."""
    for key in dict.fromkeys(keys):
        place, held = Place(source="held", path=key), [one for one in chosen if one.key in {key, f"{ORDER}{key}"}]
        if not held:
            remedy = "See `handrail held`; what went in is taken back by a return or a correction."
            yield Finding(code="not-held", place=place, message=f'Nothing is held as "{key}".', remedy=remedy)
        elif len(held) > 1:
            kinds = " and ".join(sorted(one.kind for one in held))
            message, remedy = f'"{key}" is the key of two held events: {kinds}.', "Say which one, with --kind."
            yield Finding(code="held-ambiguous", place=place, message=message, remedy=remedy)
