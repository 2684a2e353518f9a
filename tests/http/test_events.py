"""
The door for all events on a real database: signed like orders, answered one by one, and what was held tells its way in.
"""

import json
import time
from datetime import UTC, datetime

import httpx

from backend.flows.shop_secret import secret_of
from backend.kernel.signature import signed
from tests.http.test_intake import MASTER, SHOP, Door, door

__all__ = ["door"]

BOUGHT = datetime.now(UTC).isoformat(timespec="seconds")
ORDER = {"kind": "order", "order": "A1", "member": "NEW", "placed_at": BOUGHT}
LINES = {"lines": [{"product": "KIT", "units": 2}]}
MEMBER = {"kind": "member", "member": "NEW", "sponsor": "LEG", "joined": "2025-03-01"}
KIT = {"kind": "product", "product": "KIT", "prices": [{"from": "2020-01-01", "pv": "30", "cv": "27"}]}


async def post(door: Door, *events: object, path: str = "/intake/events", version: int = 1) -> httpx.Response:
    """Send signed events as one message."""
    body = json.dumps({"events" if path.endswith("events") else "orders": events}).encode()
    secret = secret_of(MASTER, SHOP, version)
    headers = signed(body, key=SHOP, secret=secret, message_id="m", timestamp=int(time.time()))
    return await door.client.post(path, content=body, headers=headers)


async def test_what_is_held_goes_in_whichever_door_it_came_by(door: Door) -> None:
    """An order at the orders' door waits for a member and a product that come at the other, each answered by name."""
    held = await post(door, {name: ORDER[name] for name in ORDER if name != "kind"} | LINES, path="/intake/orders")
    wrong = {**MEMBER, "joined": "soon"}
    answer = await post(door, MEMBER, wrong, KIT, {"kind": "gift"}, MEMBER)

    assert (200, 200) == (held.status_code, answer.status_code)
    assert ("held", ["member NEW", "product KIT"]) == tuple(
        held.json()["results"][0][name] for name in ("status", "lacks")
    )
    results = answer.json()["results"]
    assert ["accepted", "refused", "accepted", "refused", "repeated"] == [one["status"] for one in results]
    assert ["events[1].joined", "events[3].kind"] == [
        finding["place"]["path"] for one in results for finding in one["findings"]
    ]
    assert (2, [("order", "A1", "accepted")]) == (
        answer.json()["accepted"],
        [(one["kind"], one["key"], one["status"]) for one in answer.json()["later"]],
    )
    assert 60_00 == await door.ask("SELECT sum(pv_points) FROM volume_entry")


async def test_only_a_genuine_message_is_taken(door: Door) -> None:
    """Another key's signature is 401, a message that is none 422; neither leaves anything."""
    forged, nothing = await post(door, MEMBER, version=2), await post(door)

    assert [401, 422] == [forged.status_code, nothing.status_code]
    assert 2 == await door.ask("SELECT count(*) FROM member")
