"""
Assets: a name never changes its content, so it is kept for ever and never asked for again.
"""

import gzip
import re
from hashlib import sha256

import httpx
import pytest

from backend.http.assets import WEB, address

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name", ["styles.css", "js/main.js", "vendor/htmx.js", "icons/sign-192.png", "vendor/hanken-grotesk-latin.woff2"]
)
async def test_an_asset_is_kept_for_ever(nobody: httpx.AsyncClient, name: str) -> None:
    """An asset's name holds the digest of what is sent, whole or compressed, and the phone may keep it."""
    answer = await nobody.get(address(name), headers={"accept-encoding": "gzip"})
    assert (200, FOR_EVER) == (answer.status_code, answer.headers["cache-control"])
    assert sha256(answer.content).hexdigest()[:12] in address(name)
    assert "set-cookie" not in answer.headers


async def test_text_is_compressed_where_that_is_understood(nobody: httpx.AsyncClient) -> None:
    """A style goes compressed to who reads gzip and plain to who does not, and is the same."""
    plain = await nobody.get(address("styles.css"), headers={"accept-encoding": "identity"})
    zipped = await nobody.get(address("styles.css"), headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert "gzip" == zipped.headers["content-encoding"]
    assert plain.content == zipped.content
    assert len(gzip.compress(plain.content)) >= int(zipped.headers["content-length"]) - 50


async def test_files_lead_to_each_other_by_address(nobody: httpx.AsyncClient) -> None:
    """Whatever a style or script names is named by an address that is served."""
    style = (await nobody.get(address("styles.css"))).text
    script = (await nobody.get(address("js/main.js"))).text
    named = re.findall(r'url\("([^"]+)"\)', style) + re.findall(r'from "([^"]+)"', script)
    assert 7 == len(named)
    assert {200} == {(await nobody.get(one)).status_code for one in named}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/styles.css",
        "/assets/styles.000000000000.css",
        "/assets/../backend/app.py",
        "/assets/%2e%2e/pyproject.toml",
        "/assets/",
    ],
)
async def test_nothing_else_is_served(nobody: httpx.AsyncClient, path: str) -> None:
    """Only addresses that this server gives out are served; nothing outside of the shelf can be reached."""
    assert 404 == (await nobody.get(path)).status_code


async def test_the_manifest_names_icons_that_are_there(nobody: httpx.AsyncClient) -> None:
    """Each icon of the app's manifest is served as the kind it says."""
    manifest = (await nobody.get("/app.webmanifest")).json()
    assert ("/today", "standalone") == (manifest["start_url"], manifest["display"])
    for icon in manifest["icons"]:
        answer = await nobody.get(icon["src"])
        assert (200, icon["type"]) == (answer.status_code, answer.headers["content-type"])
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}


async def test_the_worker_names_its_first_view(nobody: httpx.AsyncClient) -> None:
    """The worker serves the whole site, is asked for anew each time, and keeps only what is served."""
    answer = await nobody.get("/sw.js")
    assert ("/", "no-cache") == (answer.headers["service-worker-allowed"], answer.headers["cache-control"])
    named = re.findall(r'"(/assets/[^"]+)"', answer.text.partition("\n")[0])
    assert 10 == len(named)
    assert {200} == {(await nobody.get(one)).status_code for one in named}
    assert answer.text.endswith((WEB / "worker.js").read_text())
