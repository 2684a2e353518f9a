"""
A served product for the session, and a phone with the page of the company's first member.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, browser, chromium, playwright
from tests.journeys.product import Product, served

__all__ = ["browser", "chromium", "playwright"]


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Yield the product with a company of 60 promoters."""
    with served(60) as running:
        yield running


@pytest.fixture
def phone(browser: Browser, product: Product) -> Iterator[BrowserContext]:
    """Yield a phone with nothing on it."""
    context = browser.new_context(viewport=PHONE, base_url=product.address, locale="en-US")
    yield context
    context.close()


@pytest.fixture
def today(phone: BrowserContext, product: Product) -> Page:
    """Return the open page of the company's first member, streaming."""
    page = phone.new_page()
    page.goto(product.way_in("M0001"))
    expect(page.locator("html")).to_have_attribute("data-line", "live")
    return page
