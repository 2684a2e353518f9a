"""
Settings: read once from the environment, passed on as a value; nothing else in the product looks at the environment.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from backend.kernel.finding import Finding, Place, Refused

CHECKOUT = Path(__file__).resolve().parents[1]
SECRET_CHARACTERS = 32
PORTS = range(65536)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one process of the product runs with; `database_url` is None where the product's own PostgreSQL serves."""

    data_folder: Path
    database_url: str | None
    host: str
    port: int
    secret: str
    zone: ZoneInfo

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
    port, zone = environment.get("PORT") or "8080", environment.get("HANDRAIL_ZONE") or "UTC"
    secret = environment.get("HANDRAIL_SECRET") or ""
    findings = [
        *_url_findings(database_url),
        *_port_findings(port),
        *_zone_findings(zone),
        *_secret_findings(secret),
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
    )


def _usual_folder() -> Path:
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".data"
    return Path("~/.local/share/handrail")


def _url_findings(url: str | None) -> list[Finding]:
    if url is None or (urlsplit(url).scheme in {"postgresql", "postgres"} and len(urlsplit(url).path) > 1):
        return []
    form = "postgresql://user:password@host:5432/name"
    return [_finding("DATABASE_URL", "This is not the address of a PostgreSQL database.", f"Write it as {form}.")]


def _port_findings(port: str) -> list[Finding]:
    if port.isascii() and port.isdigit() and int(port) in PORTS:
        return []
    return [_finding("PORT", f"{port!r} is not a port.", "Name a number from 1 to 65535, or 0 for any free one.")]


def _zone_findings(zone: str) -> list[Finding]:
    if zone in available_timezones():
        return []
    return [_finding("HANDRAIL_ZONE", f"{zone!r} is not a time zone.", "Name one as in Europe/Berlin.")]


def _secret_findings(secret: str) -> list[Finding]:
    if not secret or len(secret) >= SECRET_CHARACTERS:
        return []
    words = f"It has {len(secret)} characters; {SECRET_CHARACTERS} are the least."
    return [_finding("HANDRAIL_SECRET", words, "Name a longer one, or none: then one is made and kept.")]


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
