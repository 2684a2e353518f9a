"""
A worker that runs hears of members, placements and products that come by the shop's door, without being started again.
"""

from datetime import timedelta

import msgspec
import pytest

from backend.flows.take_event_message import take_event_message
from backend.store import views
from backend.store.company import company
from backend.store.database import opened
from backend.worker.pulse import Pulse
from tests.worker.small import found_small, order


async def tell(*events: dict[str, object]) -> list[str]:
    """Send events as one message; return what became of each."""
    receipt = await take_event_message(source="till", raw=msgspec.json.encode(events))
    return [one.status for one in receipt.results]


@pytest.mark.parametrize("months_ago", [0, 2])
async def test_a_member_who_joins_by_webhook_is_on_the_pages(database: str, months_ago: int) -> None:
    """With orders of earlier months too: the member has a page, the sponsor a leg, and both have the volume."""
    async with opened(database):
        await found_small()
        row = await company()
        assert row is not None
        pulse, now = Pulse(), row.clock.now()
        await order("A-1")
        await pulse.look()
        joined = (now - timedelta(days=31 * months_ago)).date().isoformat()
        bought = {"kind": "order", "order": "N-1", "member": "NEW", "placed_at": now.isoformat(timespec="seconds")}
        early = {**bought, "order": "N-0", "placed_at": f"{joined}T23:59:00Z"} if months_ago else bought
        lines = {"lines": [{"product": "KIT", "units": 2}]}
        assert ["held", "held"] == await tell({**bought, **lines}, {**early, **lines})
        statuses = await tell(
            {"kind": "member", "member": "NEW", "sponsor": "LEG", "joined": joined},
            {"kind": "product", "product": "KIT", "prices": [{"from": "2020-01-01", "pv": "10", "cv": "9"}]},
        )
        await pulse.look()
        page, above = await views.member_page("NEW"), await views.member_page("LEG")

        assert ["accepted", "accepted"] == statuses
        assert page is not None
        assert above is not None
        assert ([20_00], 70_00) == ([leg.standing.gv_points for leg in above.legs], above.standing.gv_points)
        moved = {"kind": "placement", "member": "NEW", "sponsor": "LONE", "from": joined, "correction": "1"}
        assert ["accepted"] == await tell(moved)
        await pulse.look()
        beside = await views.member_page("LONE")
        assert beside is not None
        assert ["NEW"] == [leg.code for leg in beside.legs]
