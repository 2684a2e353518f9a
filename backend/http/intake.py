"""
Intake: the door for shops; a signed message of one order or many.

The answer is given after the commit. A shop that hears none sends the same message again: an order counts once by its
id. No cookie is read here, so no browser can be made to send anything.
"""

import time
from collections.abc import Mapping
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

from backend.flows.find_shop import KeyChanged, find_shop, last_version
from backend.flows.shop_secret import secret_of
from backend.flows.state_totals import state_totals
from backend.flows.take_event_message import take_event_message
from backend.flows.take_message import take_message
from backend.intake.order_body import Taken
from backend.kernel.signature import HEADERS, KEY_HEADER, TOLERANCE_SECONDS, Verdict, verified
from backend.settings import Settings

MOST_BYTES = 1024 * 1024
MOST_KEY_CHARACTERS = 64

REASONS = {
    Verdict.MISSING: "the message bears no signature: sign it with the shop's key",
    Verdict.STALE: f"the signature is not from now: sign anew, within {TOLERANCE_SECONDS} seconds of the true time",
    Verdict.FORGED: "the signature does not fit: sign the bytes that are sent, with the shop's own key",
}
SIGNING = frozenset(name.encode() for name in HEADERS)
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
    shop, version = await _signed_by(scope, body, may_be_last=True)
    try:
        taken = await take_message(shop=shop, version=version, raw=body)
    except KeyChanged:
        raise _stranger(Verdict.FORGED) from None
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
    shop, _ = await _signed_by(request.scope, body)
    return shop


async def _signed_by(scope: Scope, body: bytes, *, may_be_last: bool = False) -> tuple[str, int]:
    """
    Return the shop that signed a message, and with which version of its key.

    An unknown shop and a wrong signature are answered alike. Where it `may_be_last`, the version that was found last
    is believed if it fits, and whoever takes the message asks for it again.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"] if name in SIGNING}
    shop = headers.get(KEY_HEADER, "")[:MOST_KEY_CHARACTERS]
    last = last_version(shop) if may_be_last else None
    if last is not None and _verdict(scope, body, headers, (shop, last)) is Verdict.GENUINE:
        return shop, last
    version = await find_shop(shop)
    verdict = _verdict(scope, body, headers, (shop, version or 0))
    if verdict is not Verdict.GENUINE or version is None:
        raise _stranger(Verdict.FORGED if verdict is Verdict.GENUINE else verdict)
    return shop, version


def _verdict(scope: Scope, body: bytes, headers: Mapping[str, str], key: tuple[str, int]) -> Verdict:
    settings: Settings = scope["litestar_app"].state.settings
    return verified(body, headers, secret=secret_of(settings.secret, *key), now=int(time.time()))


def _stranger(verdict: Verdict) -> NotAuthorizedException:
    return NotAuthorizedException(REASONS[verdict], headers=CHALLENGE)


INTAKE: list[ControllerRouterHandler] = [orders, events, totals]
