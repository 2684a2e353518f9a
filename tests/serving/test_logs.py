"""
Logs say what happened, and nothing of whom: canaries go in at the doors, and none comes out in a log.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from backend.kernel.signature import signed
from tests.databases import short_folder
from tests.fleet import Fleet, running
from tests.serving.test_fleet import begun
from tests.shopping import SHOP

CANARY = "CANARY7"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a data folder with a short path."""
    with short_folder() as folder:
        yield folder


def bodies() -> list[bytes]:
    """Return messages with canaries wherever a person may stand: sound ones, refused ones, unreadable ones."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sound = {"order": f"{CANARY}-1", "member": "LEG", "customer": f"{CANARY}-c", "placed_at": now, "pv": "1", "cv": "1"}
    said: list[object] = [
        sound,
        sound | {"pv": "2"},
        sound | {"order": f"{CANARY}-2", "member": f"{CANARY}-m"},
        sound | {"order": f"{CANARY}-3", "pv": CANARY},
        {CANARY: CANARY},
        {"orders": [sound | {"order": f"{CANARY}-4", CANARY: 1}]},
    ]
    return [*(json.dumps(one).encode() for one in said), f'{{"{CANARY}'.encode(), b"\xff" + CANARY.encode()]


async def test_no_log_holds_a_name_a_code_or_a_body(database: str, folder: Path) -> None:
    """
    Orders, paths, sign-in tokens and headers with canaries leave none in the logs of web and worker.

    The logs themselves are there: each line is an event in JSON with its process and level.
    """
    link, secret = await begun(database, folder)
    fleet = Fleet(folder, dsn=database, web=1)
    with running(fleet):
        async with httpx.AsyncClient(base_url=fleet.addresses[0], timeout=10) as browser:
            for body in bodies():
                headers = signed(body, key=SHOP, secret=secret, message_id=CANARY, timestamp=int(time.time()))
                statuses = [(await browser.post("/intake/orders", content=body, headers=headers)).status_code]
                forged = headers | {"handrail-key": CANARY}
                statuses.append((await browser.post("/intake/orders", content=body, headers=forged)).status_code)
                assert statuses[0] in {200, 202, 207, 422}
                assert 401 == statuses[1]
            await browser.get(link)
            for path in (
                f"/sign-in/{CANARY}",
                f"/explain/{CANARY}",
                f"/legs/{CANARY}/breakaway",
                f"/{CANARY}?q={CANARY}",
            ):
                await browser.get(
                    path, headers={"user-agent": CANARY, "cookie": f"handrail={CANARY}", "referer": CANARY}
                )
            await asyncio.sleep(2)
    texts = {path.name: path.read_text() for path in folder.glob("*.log")}
    lines = [json.loads(line) for text in texts.values() for line in text.splitlines() if line.startswith("{")]

    assert {"web-1.log", "worker-1.log"} == set(texts)
    assert [] == [name for name, text in texts.items() if CANARY in text]
    assert [] == [name for name, text in texts.items() if any(word in text for word in ("Amara", "Mei", "Luis"))]
    assert {"web", "worker"} == {line["process"] for line in lines}
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)
    assert not [line for line in lines if line["level"] in {"error", "critical"}]
