"""
The road that everything else widens: an order leaves a shop and a number changes on a phone, whatever dies meanwhile.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.product import Product, order

RETRY_SECONDS = 0.1

PV = ".pair a[href='/explain/pv'] b"
"""The member's own volume on the page."""


def own_volume(page: Page) -> float:
    """Read the member's PV off the page."""
    return float(page.locator(PV).inner_text().replace(",", ""))


def written(points: float) -> str:
    """Write points as the page does."""
    return f"{points:,.2f}".rstrip("0").rstrip(".")


def test_an_order_changes_a_number_on_the_open_page(today: Page, product: Product) -> None:
    """The shop posts an order; the open page shows it without a reload, and says when the numbers were made."""
    before, loaded = own_volume(today), today.evaluate("performance.timeOrigin")

    assert "accepted" == product.post(order("J-1", "12.25")).json()["results"][0]["status"]

    expect(today.locator(PV)).to_have_text(written(before + 12.25), timeout=10_000)
    assert loaded == today.evaluate("performance.timeOrigin")


def test_the_same_order_sent_again_changes_nothing(today: Page, product: Product) -> None:
    """A shop that retries days later has no second effect; another body under the same key is refused by name."""
    first = order("J-2", "10")
    product.post(first)
    repeated, reused = product.post(first).json(), product.post(first | {"pv": "99"}).json()

    assert "repeated" == repeated["results"][0]["status"]
    assert ["key-reused"] == [finding["code"] for finding in reused["results"][0]["findings"]]


def test_a_number_opens_to_its_reasons_from_the_real_engine(today: Page) -> None:
    """One tap on the own volume shows what it is made of, as the worker's engine explains it."""
    today.locator(".pair a[href='/explain/pv']").click()

    sheet = today.locator("#sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text(today.locator(PV).inner_text())


def test_offline_the_last_view_stands_and_says_so(phone: BrowserContext, today: Page) -> None:
    """Without a line a reload shows the last numbers with a notice; with the line back the stream goes on."""
    today.evaluate("navigator.serviceWorker.ready.then(() => true)")
    today.reload()
    shown = own_volume(today)
    phone.set_offline(True)
    today.reload()

    assert shown == own_volume(today)
    expect(today.get_by_role("status").filter(has_text="This is the last view")).to_be_visible()

    phone.set_offline(False)
    today.reload()
    expect(today.locator("html")).to_have_attribute("data-line", "live")


def test_a_killed_postgresql_comes_back_and_no_accepted_order_is_lost(today: Page, product: Product) -> None:
    """While a shop posts, the postmaster is killed with -9; each accepted order counts once, and only once."""
    before = own_volume(today)
    with posting(product, count=40) as accepted:
        time.sleep(0.5)
        os.kill(postmaster(product), signal.SIGKILL)

    assert 40 == len(accepted)
    expect(today.locator(PV)).to_have_text(written(before + 40), timeout=30_000)


@contextmanager
def posting(product: Product, *, count: int) -> Iterator[set[str]]:
    """Post orders of one point, each again under its key until it is accepted, while the block runs and to the end."""
    accepted: set[str] = set()

    def post_all() -> None:
        for number in range(count):
            post_until_accepted(product, order(f"K-{number}", "1"), accepted)

    thread = threading.Thread(target=post_all)
    thread.start()
    yield accepted
    thread.join(90)
    assert not thread.is_alive(), "the intake did not come back"


def post_until_accepted(product: Product, said: dict[str, str], accepted: set[str]) -> None:
    """Send one order until the intake has answered that it has it."""
    while said["order"] not in accepted:
        try:
            answer = product.post(said)
        except httpx.HTTPError:
            time.sleep(RETRY_SECONDS)
            continue
        if answer.status_code == 503:
            time.sleep(RETRY_SECONDS)
        elif answer.json()["results"][0]["status"] in {"accepted", "repeated"}:
            accepted.add(said["order"])


def postmaster(product: Product) -> int:
    """Return the process number of the product's own PostgreSQL."""
    (pid_file,) = product.folder.glob("**/postmaster.pid")
    return int(pid_file.read_text().splitlines()[0])
