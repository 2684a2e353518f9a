"""
PWA: what makes the site an app on the home screen: its manifest, its worker, and the page for when there is no line.
"""

from functools import cache
from pathlib import Path

import msgspec
from litestar import MediaType, Response, get

from backend.http.assets import WEB, address
from backend.http.given import Reader
from backend.http.render import render

MANIFEST = Path(__file__).parents[2] / "manifest" / "app.webmanifest"
FIRST_VIEW = (
    "styles.css",
    "vendor/hanken-grotesk-latin.woff2",
    "vendor/htmx.js",
    "icons/sign.svg",
    "js/main.js",
    "js/age.js",
    "js/changed.js",
    "js/line.js",
    "js/sheet.js",
    "js/trust.js",
)
"""What the worker keeps as soon as it is installed."""


@get("/app.webmanifest", sync_to_thread=False)
def webmanifest() -> Response[bytes]:
    """Send the app's manifest, its icons under their addresses."""
    return Response(_manifest(), media_type="application/manifest+json", headers={"cache-control": "max-age=3600"})


@get("/sw.js", sync_to_thread=False)
def worker() -> Response[bytes]:
    """Send the worker for the whole site; a change of any asset makes it a new one."""
    headers = {"service-worker-allowed": "/", "cache-control": "no-cache"}
    return Response(_worker(), media_type="text/javascript; charset=utf-8", headers=headers)


@get("/offline", media_type=MediaType.HTML, sync_to_thread=False)
def offline(locale: Reader) -> str:
    """Show what there is to do where there is no line and no last view."""
    return render("offline.html", locale)


@cache
def _manifest() -> bytes:
    written = msgspec.json.decode(MANIFEST.read_bytes())
    for icon in written["icons"]:
        icon["src"] = address(icon["src"])
    return msgspec.json.encode(written)


@cache
def _worker() -> bytes:
    kept = msgspec.json.encode([address(name) for name in FIRST_VIEW])
    return b"const FIRST_VIEW = %s;\n%s" % (kept, (WEB / "worker.js").read_bytes())
