"""
How long an order takes from the shop's answer to the number on a phone, and what the first page weighs.

Run by `scripts/bench road`. A real Chromium shows a member's page of a served company of 350; orders are posted one
after another, each when the last one is on the page. Both ends read the same machine's clock.
"""

import argparse
import statistics
import time

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, PHONE
from tests.journeys.product import Product, order, served

PROMOTERS = 350
PV = ".pair a[href='/explain/pv'] b"

WATCH = """(selector) => {
    window.arrivals = {};
    const note = () => {
        const text = document.querySelector(selector)?.textContent.trim().replaceAll(",", "");
        if (text) window.arrivals[Number(text)] ??= performance.timeOrigin + performance.now();
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--orders", type=int, default=1000)
    count = words.parse_args().orders
    with served(PROMOTERS) as product, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        print(f"first page over the wire: {first_page_bytes(browser, product):,} bytes, all of it")
        page = browser.new_page(viewport=PHONE)
        page.goto(product.address + product.way_in("M0001"))
        expect(page.locator("html")).to_have_attribute("data-line", "live")
        page.evaluate(WATCH, PV)
        taken = [road_ms(page, product, number) for number in range(count)]
        browser.close()
    print(f"order accepted to number on the page, {count} orders, {PROMOTERS} members:")
    print(f"  median {statistics.median(taken):.0f} ms")
    print(f"  99th   {sorted(taken)[min(count - 1, count * 99 // 100)]:.0f} ms")
    print(f"  most   {max(taken):.0f} ms")


def road_ms(page: Page, product: Product, number: int) -> float:
    """Post one order and return the milliseconds from its answer to the number on the page; a page may be first."""
    shown = round(float(page.locator(PV).inner_text().replace(",", "")) + 0.01, 2)
    assert product.post(order(f"bench-{number}", "0.01")).json()["accepted"] == 1
    accepted_ms = time.time() * 1000
    arrived = page.wait_for_function(f"() => window.arrivals[{shown}]", timeout=20_000).json_value()
    return max(0.0, float(arrived) - accepted_ms)


def first_page_bytes(browser: Browser, product: Product) -> int:
    """Return what a phone that was never here receives for the first page, headers included."""
    page = browser.new_page(viewport=PHONE, base_url=product.address)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(product.way_in("M0001"))
    expect(page.locator("html")).to_have_attribute("data-line", "live")
    page.context.close()
    return sum(received)


if __name__ == "__main__":
    main()
