"""
Assets: styles, scripts, typefaces and icons under names that hold their content's digest.

A name never changes its content, so a phone keeps the file for a year and never asks again. Files are read and
compressed once, when the server starts to serve.
"""

import gzip
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Struct

WEB = Path(__file__).parents[2] / "web"
FOLDERS = ("styles", "js", "vendor", "icons")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
DENSE = {".png", ".woff2"}
"""Kinds that are compressed already."""


STYLES = "styles.css"
"""All styles as one file, so that a slow line waits once: tokens, then base, then the components by name."""


class Asset(Struct, frozen=True, kw_only=True):
    """A file as it is sent: its kind, its bytes, and the same compressed where that makes it smaller."""

    kind: str
    plain: bytes
    gzipped: bytes


@cache
def _shelf() -> dict[str, Asset]:
    """Return all assets by address."""
    return {address(name): _asset(WEB / name) for name in _names()}


@cache
def _names() -> tuple[str, ...]:
    """Return the paths of all assets below `web`."""
    files = (path for folder in FOLDERS for path in sorted((WEB / folder).rglob("*")) if path.suffix in KINDS)
    return (STYLES, *(path.relative_to(WEB).as_posix() for path in files if path.suffix != ".css"))


@cache
def address(name: str) -> str:
    """Return where a file below `web` is served: `/assets/styles/base.0123456789ab.css`."""
    path = WEB / name
    digest = sha256(_content(path)).hexdigest()[:12]
    return f"/assets/{path.relative_to(WEB).with_suffix('').as_posix()}.{digest}{path.suffix}"


def _content(path: Path) -> bytes:
    """Return a file's bytes; a style's `url(…)` and a script's `from "./…"` are led to addresses."""
    content = _joined_styles() if path.name == STYLES else path.read_bytes()
    if path.suffix == ".css":
        return re.sub(rb'url\("\.\./([^"]+)"\)', lambda found: b'url("%s")' % _led(found[1]), content)
    if path.parent.name == "js":
        return re.sub(rb'from "\./([^"]+)"', lambda found: b'from "%s"' % _led(b"js/" + found[1]), content)
    return content


def _joined_styles() -> bytes:
    """Return the styles in the order in which they build on each other."""
    folder = WEB / "styles"
    first = [folder / "tokens.css", folder / "base.css"]
    return b"\n".join(path.read_bytes() for path in [*first, *sorted(set(folder.glob("*.css")) - set(first))])


def _led(name: bytes) -> bytes:
    """Return the address of a file that another file names."""
    return address(name.decode()).encode()


def _asset(path: Path) -> Asset:
    """Read and compress a file."""
    content = _content(path)
    return Asset(
        kind=KINDS[path.suffix],
        plain=content,
        gzipped=b"" if path.suffix in DENSE else gzip.compress(content, mtime=0),
    )


@get("/assets/{path:path}", opt={"no_compress": True}, sync_to_thread=False)
def asset(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """Send an asset, to be kept for ever; an address that is none is not found."""
    found = _shelf().get("/assets" + path)
    if found is None:
        raise NotFoundException(f"no asset is called {path}")
    zipped = bool(found.gzipped) and "gzip" in request.headers.get("accept-encoding", "")
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(found.gzipped if zipped else found.plain, media_type=found.kind, headers=headers)
