"""
Known orders: what the tables hold of orders that events name, as they are judged against it.
"""

from collections.abc import Sequence

from backend.flows.order_rows import Cancelled, Order
from backend.kernel.period import Period
from backend.store.orders import Bought, Known, Ledger


async def known_orders(ledger: Ledger, keys: Sequence[str], taken_back: Sequence[str]) -> dict[str, Order]:
    """Return the orders of these keys that are there; of those that are taken back also what their units brought."""
    known = await ledger.known(keys)
    bought = await ledger.bought(taken_back) if taken_back else {}
    return {key: _order(one, bought.get(key)) for key, one in known.items()}


def _order(known: Known, bought: Bought | None) -> Order:
    return Order(
        digest=known.body_digest,
        kind=known.kind,
        member_id=known.member_id,
        market=bought.market if bought else "",
        customer=known.customer,
        placed_at=known.placed_at,
        counts_in=Period.parse(known.counts_in),
        left_pv=known.left_pv,
        left_cv=known.left_cv,
        left_products=known.left_products,
        brings=bought.brings if bought else {},
        cancelled=_cancelled(bought) if bought else None,
    )


def _cancelled(bought: Bought) -> Cancelled | None:
    if bought.cancelled_by is None or bought.cancelled_at is None:
        return None
    return Cancelled(
        key=bought.cancelled_by,
        at=bought.cancelled_at,
        pv_points=bought.cancelled_pv,
        cv_points=bought.cancelled_cv,
        products=bought.cancelled_products,
    )
