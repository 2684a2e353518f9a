"""
Notices name every page that changed, and each fits into the database's channel.
"""

import msgspec
import pytest

from backend.store.standings import COMPANY_TOPIC, notices

CHANNEL_BYTES = 8000


@pytest.mark.parametrize("code", ["M{}", "{:0>64}", '{:"<64}', "{:\\<64}", "{:é<60}"])
def test_five_thousand_pages_fit(code: str) -> None:
    """Ids of five letters or of sixty-four, of quotes or of letters beyond ASCII: all are named once, in order."""
    topics = [COMPANY_TOPIC, *(code.format(number) for number in range(5_000))]
    written = list(notices(2**62, topics))
    said = [msgspec.json.decode(notice) for notice in written]

    assert topics == [topic for notice in said for topic in notice["members"]]
    assert {2**62} == {notice["revision"] for notice in said}
    assert max(len(notice.encode()) for notice in written) < CHANNEL_BYTES


def test_few_pages_are_one_notice() -> None:
    """A usual pulse is heard at once."""
    assert ['{"revision":7,"members":["","LEG","TOP"]}'] == list(notices(7, ["", "LEG", "TOP"]))
