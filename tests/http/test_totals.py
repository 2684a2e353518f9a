"""
The shop's door for what it counted: signed like orders, answered with what agrees and what does not.
"""

import json
import time
from datetime import datetime
from pathlib import Path

from backend.flows.shop_secret import secret_of
from backend.kernel.signature import signed
from tests.http.test_intake import MASTER, SHOP, ZONE, an_order, opened_door, written


async def test_what_a_shop_counted_is_answered_with_what_is_here(database: str, tmp_path: Path) -> None:
    """A signed statement is set against the orders of that day; one that is not signed is not let in."""
    sold = an_order()
    day = datetime.fromisoformat(sold["placed_at"]).astimezone(ZONE).date().isoformat()
    body = json.dumps({"day": day, "orders": 2, "pv": "60.00", "cv": "55", "keys": ["s-1", "s-2"]}).encode()
    headers = signed(body, key=SHOP, secret=secret_of(MASTER, SHOP, 1), message_id="m", timestamp=int(time.time()))
    async with opened_door(database, tmp_path) as door:
        await door.post(written(sold))
        unsigned = await door.client.post("/intake/totals", content=body)
        answer = await door.client.post("/intake/totals", content=body, headers=headers)
    (listed,) = answer.json()["totals"]

    assert [401, 200] == [unsigned.status_code, answer.status_code]
    assert [False, ["s-2"], []] == [listed["agrees"], listed["missing"], listed["unknown"]]
    assert {"orders": 1, "pv": "50", "cv": "45"} == listed["accepted"]
    assert {"orders": 1, "pv": "10", "cv": "10"} == listed["difference"]
