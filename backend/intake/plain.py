"""
Plain orders: messages of nothing but purchases whose every field is written as it should be, read in one go.

Most messages are such. They are read here at a tenth of the cost; whatever else there is in a message, right or wrong,
is read field by field in `order_body`, which is the truth: this page says the same, or nothing.
"""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from backend.files import cells
from backend.intake.order_body import OrderBody
from backend.kernel.points import HUNDREDTHS

is_id, is_instant, is_points = cells.ID.fullmatch, cells.INSTANT.fullmatch, cells.POINTS.fullmatch


class Plain(Struct, forbid_unknown_fields=True):
    """A purchase as a shop writes it, with its volumes and without lines or products."""

    order: str
    member: str
    placed_at: str
    pv: str
    cv: str
    customer: str | None = None
    kind: str = "order"


class Many(Struct, forbid_unknown_fields=True):
    """A message of many."""

    orders: list[Plain]


MESSAGE = msgspec.json.Decoder(Many)
LIST = msgspec.json.Decoder(list[Plain])
ONE = msgspec.json.Decoder(Plain)


def read_plain(raw: bytes) -> list[OrderBody] | None:
    """Return the orders of a message of plain ones; None where it holds anything else."""
    try:
        return [_body(one) for one in _entries(raw)]
    except ValueError:  # msgspec's own errors are of this kind
        return None


def _entries(raw: bytes) -> list[Plain]:
    """Return the entries of a message; raises ValueError where one is not plain."""
    if raw.startswith(b'{"orders"'):
        return MESSAGE.decode(raw).orders
    return LIST.decode(raw) if raw.startswith(b"[") else [ONE.decode(raw)]


def _body(said: Plain) -> OrderBody:
    """Return an order; raises ValueError where it is not plain after all."""
    if not _is_written_right(said):
        raise ValueError(said.kind)
    return OrderBody(
        order=said.order,
        kind="order",
        member=said.member,
        customer=said.customer,
        placed_at=datetime.fromisoformat(said.placed_at).astimezone(UTC),
        pv_points=_hundredths(said.pv),
        cv_points=_hundredths(said.cv),
        returns=None,
    )


def _is_written_right(said: Plain) -> bool:
    """Tell whether each field has its written form, and all go together."""
    return bool(
        said.kind == "order"
        and is_id(said.order)
        and is_id(said.member)
        and (said.customer is None or (is_id(said.customer) and said.customer != said.member))
        and is_instant(said.placed_at)
        and cells.YEARS[0] <= said.placed_at[:4] <= cells.YEARS[1]
        and is_points(said.pv)
        and is_points(said.cv)
    )


def _hundredths(text: str) -> int:
    whole, _, fraction = text.partition(".")
    return int(whole) * HUNDREDTHS + (int(fraction.ljust(2, "0")) if fraction else 0)
