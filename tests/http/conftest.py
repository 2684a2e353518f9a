"""
The stage in this process, for pages and headers; and in a process of its own, for streams.
"""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from litestar import Litestar

from tests.http import stage
from tests.http.serving import served


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Litestar:
    """Return the site on the cast, until the test is over."""
    return stage.play(monkeypatch.setattr)


@pytest.fixture
async def nobody(played: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a browser that has not signed in."""
    transport = httpx.ASGITransport(app=played, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://stage") as client:
        yield client


@pytest.fixture
async def amara(nobody: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser in which Amara has signed in."""
    await nobody.get("/sign-in/AMARA")
    return nobody


@pytest.fixture
async def operator(nobody: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser in which the operator has signed in."""
    await nobody.get(f"/sign-in/{stage.OPERATOR}")
    return nobody


@pytest.fixture
def server() -> Iterator[str]:
    """Yield the address of the stage in a process of its own."""
    with served() as running:
        yield running.address
