"""
Intake: the door for shops; a signed message of one order or many.

The answer is given after the commit. A shop that hears none sends the same message again: an order counts once by its
id. No cookie is read here, so no browser can be made to send anything.
"""

import time
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.exceptions import NotAuthorizedException
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from backend.flows.find_shop import find_shop
from backend.flows.shop_secret import secret_of
from backend.flows.state_totals import state_totals
from backend.flows.take_message import take_message
from backend.intake.order_body import Taken
from backend.kernel.signature import KEY_HEADER, TOLERANCE_SECONDS, Verdict, verified
from backend.settings import Settings

MOST_BYTES = 1024 * 1024
MOST_KEY_CHARACTERS = 64

REASONS = {
    Verdict.MISSING: "the message bears no signature: sign it with the shop's key",
    Verdict.STALE: f"the signature is not from now: sign anew, within {TOLERANCE_SECONDS} seconds of the true time",
    Verdict.FORGED: "the signature does not fit: sign the bytes that are sent, with the shop's own key",
}
CHALLENGE = {"www-authenticate": "Handrail-Signature"}


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of each order of a message, and how many of them are new."""

    results: list[Taken]
    accepted: int


@post("/intake/orders", status_code=HTTPStatus.OK, request_max_body_size=MOST_BYTES)
async def orders(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take the orders of a shop; 401 where the message is not genuine, 422 where none of it can be read."""
    body = await request.body()
    shop = await _shop_of(request, body)
    taken = await take_message(shop=shop, raw=body)
    request.app.state.figures.taken(one.status for one in taken)
    receipt = Receipt(results=taken, accepted=sum(one.status == "accepted" for one in taken))
    return Response(msgspec.json.encode(receipt), media_type="application/json")


@post("/intake/totals", status_code=HTTPStatus.OK, request_max_body_size=MOST_BYTES)
async def totals(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Take what a shop counted on its days, and answer how far it agrees with what is here; 401 and 422 as above."""
    body = await request.body()
    shop = await _shop_of(request, body)
    listed = await state_totals(shop=shop, raw=body)
    return Response(msgspec.json.encode({"totals": listed}), media_type="application/json")


async def _shop_of(request: Request[Any, Any, Any], body: bytes) -> str:
    """Return the shop that signed a message; an unknown shop and a wrong signature are answered alike."""
    settings: Settings = request.app.state.settings
    shop = request.headers.get(KEY_HEADER, "")[:MOST_KEY_CHARACTERS]
    version = await find_shop(shop)
    secret = secret_of(settings.secret, shop, version or 0)
    headers = {name.lower(): value for name, value in request.headers.items()}
    verdict = verified(body, headers, secret=secret, now=int(time.time()))
    if verdict is Verdict.GENUINE and version is None:
        verdict = Verdict.FORGED
    if verdict is not Verdict.GENUINE:
        raise NotAuthorizedException(REASONS[verdict], headers=CHALLENGE)
    return shop


INTAKE: list[ControllerRouterHandler] = [orders, totals]
