"""
The whole product as a person starts it: its own PostgreSQL, worker and web, a demo company, and a shop at its door.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import IO

import httpx

from backend.flows.shop_secret import PREFIX
from backend.kernel.signature import signed
from tests.databases import short_folder
from tests.worker.processes import ROOT

SHOP = "till"
PLAN = ROOT / "manifest" / "plans" / "stairstep.toml"
START_SECONDS = 90


class Product:
    """The served product: commands on its data folder, its address, and a shop that posts at its door."""

    def __init__(self, folder: Path) -> None:
        """Name the data folder; nothing runs yet."""
        self.folder = folder
        self.address = ""
        self._secret = b""
        self._lines: Queue[str] = Queue()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its processes read; no database is named, so its own serves."""
        clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return clean | {"HANDRAIL_DATA": str(self.folder), "HANDRAIL_ZONE": "UTC", "PORT": "0"}

    def run(self, *words: str) -> str:
        """Run a `handrail` command to its end and return what it printed."""
        command = [sys.executable, "-m", "backend", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def start(self) -> None:
        """Serve, and wait until the first numbers are there."""
        key = self.run("shop-key", SHOP).split()
        self._secret = b64decode(key[-1].removeprefix(PREFIX))
        command = [sys.executable, "-m", "backend", "serve"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._process.stdout is not None
        threading.Thread(target=_gather, args=(self._process.stdout, self._lines), daemon=True).start()
        self.address = re.findall(r"http://\S+", self._line_with("http://"))[-1].rstrip('".,')
        self._line_with('"refreshed"')

    def stop(self) -> None:
        """End the way a person ends it."""
        assert self._process is not None
        self._process.terminate()
        assert 0 == self._process.wait(20)

    def way_in(self, member: str) -> str:
        """Return the path of a fresh sign-in link."""
        return "/" + self.run("sign-in-link", "--member", member).strip().split("/", 3)[3]

    def post(self, order: dict[str, str]) -> httpx.Response:
        """Post one order as the shop would, and return the answer."""
        body = json.dumps(order).encode()
        headers = signed(body, key=SHOP, secret=self._secret, message_id=order["order"], timestamp=int(time.time()))
        return httpx.post(f"{self.address}/intake/orders", content=body, headers=headers, timeout=20)

    def _line_with(self, words: str) -> str:
        """Wait for a line of the log; a product that falls silent raises queue.Empty."""
        while words not in (line := self._lines.get(timeout=START_SECONDS)):
            pass
        return line


@contextmanager
def served(promoters: int) -> Iterator[Product]:
    """Serve a demo company of so many promoters, whose orders so far end with this moment."""
    with short_folder() as folder:
        product = Product(folder)
        company = folder / "company"
        product.run("demo-company", "--promoters", str(promoters), "--seed", "3", "--out", str(company))
        _until_now(company / "orders.csv")
        product.run("import", str(company), "--plan", str(PLAN), "--zone", "UTC", "--name", "Larkfield")
        product.start()
        try:
            yield product
        finally:
            product.stop()


def order(key: str, pv: str, member: str = "M0001") -> dict[str, str]:
    """Return an order of this moment by a customer of a member."""
    placed_at = datetime.now(UTC).isoformat(timespec="seconds")
    return {"order": key, "member": member, "customer": "c1", "placed_at": placed_at, "pv": pv, "cv": pv}


def _gather(lines: IO[bytes], into: "Queue[str]") -> None:
    for line in lines:
        into.put(line.decode(errors="replace"))


def _until_now(orders: Path) -> None:
    """Leave out what the demo company will only sell later this month."""
    header, *rows = orders.read_text(encoding="utf-8").splitlines(keepends=True)
    at = header.strip().split(",").index("placed_at")
    now = datetime.now(UTC)
    known = [row for row in rows if datetime.fromisoformat(row.split(",")[at]) <= now]
    orders.write_text(header + "".join(known), encoding="utf-8")
