"""
Intake: the door for shops; a signed message of one order or many.

The answer is given after the commit. A shop that hears none sends the same message again: an order counts once by its
id. No cookie is read here, so no browser can be made to send anything.
"""

import time
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import HttpMethod, Request, asgi, post
from litestar.enums import ScopeType
from litestar.exceptions import ClientException, MethodNotAllowedException, NotAuthorizedException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response.base import ASGIResponse
from litestar.types import ControllerRouterHandler, Receive, Scope, Send
from msgspec import Struct

from backend.flows.find_shop import find_shop
from backend.flows.shop_secret import secret_of
from backend.flows.state_totals import state_totals
from backend.flows.take_event_message import take_event_message
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


@asgi("/intake/orders", no_compress=True, copy_scope=False)
async def orders(scope: Scope, receive: Receive, send: Send) -> None:
    """
    Take the orders of a shop; 401 where the message is not genuine, 422 where none of it can be read.

    Spoken without the comforts of a route: under load they would cost more than the orders.
    """
    if scope["type"] != ScopeType.HTTP or scope["method"] != HttpMethod.POST:
        raise MethodNotAllowedException
    body = await _body_of(scope, receive)
    shop = await _signed_by(scope, body)
    taken = await take_message(shop=shop, raw=body)
    state = scope["litestar_app"].state
    state.figures.taken(one.status for one in taken)
    accepted = sum(one.status == "accepted" for one in taken)
    answer = msgspec.json.encode(Receipt(results=taken, accepted=accepted))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
    await send({"type": "http.response.body", "body": answer, "more_body": False})


async def _body_of(scope: Scope, receive: Receive) -> bytes:
    """Return the whole message; raises 413 as soon as it is larger than allowed."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if told.isdigit() and int(told) > MOST_BYTES:
        raise RequestEntityTooLarge
    parts, size, is_more = [], 0, True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientException("the message broke off")
        parts.append(message["body"])
        size += len(parts[-1])
        is_more = message["more_body"]
        if size > MOST_BYTES:
            raise RequestEntityTooLarge
    return parts[0] if len(parts) == 1 else b"".join(parts)


@post("/intake/events", status_code=HTTPStatus.OK, request_max_body_size=MOST_BYTES, no_compress=True)
async def events(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Take whatever a source tells: members, placements, products, orders and the rest; 401 and 422 as above."""
    body = await request.body()
    source = await _shop_of(request, body)
    receipt = await take_event_message(source=source, raw=body)
    request.app.state.figures.taken(one.status for one in receipt.results)
    return _answered(receipt)


@post("/intake/totals", status_code=HTTPStatus.OK, request_max_body_size=MOST_BYTES, no_compress=True)
async def totals(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Take what a shop counted on its days, and answer how far it agrees with what is here; 401 and 422 as above."""
    body = await request.body()
    shop = await _shop_of(request, body)
    listed = await state_totals(shop=shop, raw=body)
    return _answered({"totals": listed})


def _answered(receipt: object) -> ASGIResponse:
    """Answer in JSON, by the shortest way: nothing of an answer to a shop is up to anybody else."""
    return ASGIResponse(body=msgspec.json.encode(receipt), media_type="application/json")


async def _shop_of(request: Request[Any, Any, Any], body: bytes) -> str:
    return await _signed_by(request.scope, body)


async def _signed_by(scope: Scope, body: bytes) -> str:
    """Return the shop that signed a message; an unknown shop and a wrong signature are answered alike."""
    settings: Settings = scope["litestar_app"].state.settings
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    shop = headers.get(KEY_HEADER, "")[:MOST_KEY_CHARACTERS]
    version = await find_shop(shop)
    secret = secret_of(settings.secret, shop, version or 0)
    verdict = verified(body, headers, secret=secret, now=int(time.time()))
    if verdict is Verdict.GENUINE and version is None:
        verdict = Verdict.FORGED
    if verdict is not Verdict.GENUINE:
        raise NotAuthorizedException(REASONS[verdict], headers=CHALLENGE)
    return shop


INTAKE: list[ControllerRouterHandler] = [orders, events, totals]
