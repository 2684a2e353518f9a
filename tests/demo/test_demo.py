"""`handrail demo` from nothing: three ways in, orders that arrive over HTTP, a clean end, and a return."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90


class Demo:
    """One run of the command in a data folder; what it prints is kept in a file."""

    def __init__(self, folder: Path, name: str) -> None:
        """Start it on any free port."""
        self.course = folder / "data" / "demo" / "course.json"
        self.printed, self.logged = folder / f"{name}.out", folder / f"{name}.err"
        environment = {**os.environ, "HANDRAIL_DATA": str(folder / "data"), "PORT": "0", "PYTHONUNBUFFERED": "1"}
        environment.pop("DATABASE_URL", None)
        words = [sys.executable, "-m", "backend", "demo", "--promoters", "60", "--seed", "5", "--speed", "7200"]
        with self.printed.open("wb") as out, self.logged.open("wb") as err:
            self.process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out, stderr=err)

    def links(self) -> dict[str, str]:
        """Return the ways in by who they are for, once they are printed."""
        until(lambda: "Ctrl+C" in self.printed.read_text() or self.process.poll() is not None)
        found = re.findall(r"^(\w+).*\n  (http\S+/sign-in/\S+)$", self.printed.read_text(), re.MULTILINE)
        return dict(found)

    def company_at(self) -> str:
        """Return the company's instant that the demo kept last."""
        kept: str = json.loads(self.course.read_text())["company_at"]
        return kept

    def end(self) -> int:
        """Ask it to end as the system does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends, "it never came to hold"
        time.sleep(0.1)


def page(link: str) -> str:
    """Sign in by a link and return the page behind it."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    with opener.open(link, timeout=20) as response:
        text: str = response.read().decode()
    return text


def orders_shown(link: str) -> int:
    """Return how many orders the operator's page counts."""
    text = re.sub(r"<[^>]*>|\s", " ", page(link))
    found = re.search(r"Orders, all time\s*([\d,]+)", text)
    return int(found[1].replace(",", "")) if found else 0


@pytest.fixture
def run() -> Iterator[Callable[[str], Demo]]:
    """Give a way to run the demo in one folder that PostgreSQL's own user can reach; whatever still runs is ended."""
    runs: list[Demo] = []
    with TemporaryDirectory(prefix="handrail-demo-") as name:
        Path(name).chmod(0o755)

        def start(word: str) -> Demo:
            runs.append(Demo(Path(name), word))
            return runs[-1]

        yield start
        for each in runs:
            each.end()


def test_the_demo_lives_ends_and_goes_on(run: Callable[[str], Demo]) -> None:
    """
    Three links open three pages; orders rise by themselves; it ends cleanly when told to.

    Started again it goes on from where its clock was, with the orders it had, and refuses none.
    """
    first = run("first")
    links = first.links()
    assert sorted(links) == ["distributor", "operator", "sponsor"], first.logged.read_text()[-2000:]
    assert ["Handrail" in page(link) for link in links.values()] == [True] * 3
    until(lambda: orders_shown(links["operator"]) > 0)
    before = orders_shown(links["operator"])
    until(lambda: orders_shown(links["operator"]) > before)
    assert first.end() == 0
    stopped = first.company_at()
    second = run("second")
    again = second.links()
    assert orders_shown(again["operator"]) >= before
    until(lambda: second.company_at() > stopped)
    assert second.end() == 0
    logs = first.logged.read_text() + second.logged.read_text()
    assert [word for word in ("order-refused", "Traceback") if word in logs] == []
