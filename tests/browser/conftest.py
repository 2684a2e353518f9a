"""
A real browser, and the stage in a process of its own. Where Chromium is missing the tests fail and say what to do.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.http.serving import served

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Yield the driver of browsers; its event loop ends with the file, so that the other files' loops can run."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Debian's Chromium; its absence is a failure with a remedy, never a pass."""
    assert CHROMIUM.exists(), "apt-get install -y --no-install-recommends chromium, or name it in CHROMIUM"
    return str(CHROMIUM)


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Yield one browser for a file of tests."""
    opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Yield the address of the stage, one for each file of tests."""
    with served() as running:
        yield running.address


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Yield a phone with nothing on it."""
    context = browser.new_context(viewport=PHONE, base_url=address)
    yield context
    context.close()


@pytest.fixture
def today(phone: BrowserContext) -> Page:
    """Return the page of Amara, who has signed in on this phone."""
    page = phone.new_page()
    page.goto("/sign-in/AMARA")
    return page
