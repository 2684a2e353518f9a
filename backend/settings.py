"""
Settings: read once from the environment, passed on as a value; nothing else in the product looks at the environment.
"""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from backend.kernel.finding import Finding, Place, Refused

CHECKOUT = Path(__file__).resolve().parents[1]
SECRET_CHARACTERS = 32
TOKEN_CHARACTERS = 16
PORTS = range(65536)
DESK = re.compile(r"tcp://[^/:@\s]+:([1-9]\d{0,4})", re.ASCII)
ANNOUNCERS = {"redis", "rediss", "valkey", "valkeys"}
REMEDIES = {
    "HANDRAIL_SECRET": "Name a longer one, or none: then one is made and kept.",
    "METRICS_TOKEN": "Name a longer one, or none: then there are no figures.",
}


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What one process of the product runs with; `database_url` is None where the product's own PostgreSQL serves.

    Where a pooler in transaction mode stands at `database_url`, `pooled` says so and `database_direct_url` leads past
    it: listening, and locks that last, need a connection of their own. At `database_read_url` stands a hot standby that
    web processes read pages from. At `desk` they ask a worker on another machine; workers answer at its port.
    """

    data_folder: Path
    database_url: str | None
    host: str
    port: int
    secret: str
    zone: ZoneInfo
    database_direct_url: str | None = None
    database_read_url: str | None = None
    pooled: bool = False
    announcements: str | None = None
    desk: str | None = None
    metrics_token: str = ""
    worker_port: int | None = None

    @property
    def cluster_folder(self) -> Path:
        """The folder of the product's own PostgreSQL."""
        return self.data_folder / "database"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the settings from an environment; raises Refused with a finding for each one that is malformed.

    The secret is made once, in the data folder and readable by its owner only, where the environment names none.
    """
    data_folder = Path(environment.get("HANDRAIL_DATA") or _usual_folder()).expanduser().absolute()
    database_url = environment.get("DATABASE_URL") or None
    direct_url, announcements = environment.get("DATABASE_DIRECT_URL") or None, environment.get("ANNOUNCEMENTS") or None
    desk = environment.get("DESK") or None
    read_url = environment.get("DATABASE_READ_URL") or None
    pooled, worker_port = environment.get("DATABASE_POOLED") or "no", environment.get("WORKER_PORT") or ""
    metrics_token = environment.get("METRICS_TOKEN") or ""
    port, zone = environment.get("PORT") or "8080", environment.get("HANDRAIL_ZONE") or "UTC"
    secret = environment.get("HANDRAIL_SECRET") or ""
    findings = [
        *_url_findings("DATABASE_URL", database_url),
        *_url_findings("DATABASE_DIRECT_URL", direct_url),
        *_url_findings("DATABASE_READ_URL", read_url),
        *_read_findings(read_url, database_url),
        *_pooled_findings(pooled, database_url, direct_url),
        *_announcements_findings(announcements),
        *_desk_findings(desk, secret),
        *_port_findings("PORT", port),
        *_port_findings("WORKER_PORT", worker_port or "0"),
        *_zone_findings(zone),
        *_secret_findings("HANDRAIL_SECRET", secret, SECRET_CHARACTERS),
        *_secret_findings("METRICS_TOKEN", metrics_token, TOKEN_CHARACTERS),
    ]
    if findings:
        raise Refused(findings)
    return Settings(
        data_folder=data_folder,
        database_url=database_url,
        host=environment.get("HOST") or "127.0.0.1",
        port=int(port),
        secret=secret or _kept_secret(data_folder),
        zone=ZoneInfo(zone),
        database_direct_url=direct_url,
        database_read_url=read_url,
        pooled=pooled == "yes",
        announcements=announcements,
        desk=desk,
        metrics_token=metrics_token,
        worker_port=int(worker_port) if worker_port else None,
    )


def _usual_folder() -> Path:
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".data"
    return Path("~/.local/share/handrail")


def _url_findings(name: str, url: str | None) -> list[Finding]:
    if url is None or (urlsplit(url).scheme in {"postgresql", "postgres"} and len(urlsplit(url).path) > 1):
        return []
    form = "postgresql://user:password@host:5432/name"
    return [_finding(name, "This is not the address of a PostgreSQL database.", f"Write it as {form}.")]


def _pooled_findings(pooled: str, url: str | None, direct_url: str | None) -> list[Finding]:
    if pooled not in {"yes", "no"}:
        return [_finding("DATABASE_POOLED", f"{pooled!r} is neither yes nor no.", "Write yes where a pooler stands.")]
    if pooled == "yes" and not (url and direct_url):
        words = "Behind a pooler, listening and locks that last need a way past it."
        return [
            _finding("DATABASE_POOLED", words, "Name the pooler in DATABASE_URL, PostgreSQL in DATABASE_DIRECT_URL.")
        ]
    return []


def _read_findings(read_url: str | None, url: str | None) -> list[Finding]:
    if read_url is None or url:
        return []
    remedy = "Name the primary in DATABASE_URL, or leave the replica out."
    return [_finding("DATABASE_READ_URL", "The product's own PostgreSQL has no replica.", remedy)]


def _announcements_findings(address: str | None) -> list[Finding]:
    if address is None or (urlsplit(address).scheme in ANNOUNCERS and urlsplit(address).hostname):
        return []
    remedy = "Write it as redis://host:6379 or valkey://host:6379, or leave it out: then PostgreSQL announces."
    return [_finding("ANNOUNCEMENTS", "This is not the address of a Redis or Valkey.", remedy)]


def _desk_findings(address: str | None, secret: str) -> list[Finding]:
    """Return what is wrong with the desk's address; machines that share no data folder need one secret by name."""
    if address is None:
        return []
    found = DESK.fullmatch(address)
    if found is None or int(found[1]) not in PORTS:
        return [_finding("DESK", "This is not the address of a desk.", "Write it as tcp://host:8090.")]
    words = "Web processes and workers on other machines know each other by HANDRAIL_SECRET."
    return [] if secret else [_finding("DESK", words, "Name the same one on all machines.")]


def _port_findings(name: str, port: str) -> list[Finding]:
    if port.isascii() and port.isdigit() and int(port) in PORTS:
        return []
    return [_finding(name, f"{port!r} is not a port.", "Name a number from 1 to 65535, or 0 for any free one.")]


def _zone_findings(zone: str) -> list[Finding]:
    if zone in available_timezones():
        return []
    return [_finding("HANDRAIL_ZONE", f"{zone!r} is not a time zone.", "Name one as in Europe/Berlin.")]


def _secret_findings(name: str, secret: str, least: int) -> list[Finding]:
    if not secret or len(secret) >= least:
        return []
    words = f"It has {len(secret)} characters; {least} are the least."
    return [_finding(name, words, REMEDIES[name])]


def _kept_secret(folder: Path) -> str:
    """Return the secret of a data folder, made by whoever asks first; two that ask at once get the same."""
    kept = folder / "secret"
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not kept.exists():
            _write_once(kept, secrets.token_urlsafe(48))
        return kept.read_text()
    except OSError as error:
        words = f"The data folder cannot be used: {error.strerror}."
        raise Refused(
            [_finding("HANDRAIL_DATA", words, f"Let this user write to {folder}, or name another.")]
        ) from error


def _write_once(path: Path, text: str) -> None:
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_text(text)
    try:
        os.link(own, path)
    except FileExistsError:
        assert path.exists()
    finally:
        own.unlink()


def _finding(name: str, message: str, remedy: str) -> Finding:
    return Finding(code="setting", place=Place(source=name), message=message, remedy=remedy)
