"""Settings come from the environment, each has a default, and a malformed one names its remedy."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend.kernel.finding import Refused
from backend.settings import CHECKOUT, read_settings


def test_defaults(tmp_path: Path) -> None:
    """Nothing but a data folder is needed: own database, loopback, port 8080, UTC."""
    settings = read_settings({"HANDRAIL_DATA": str(tmp_path)})
    assert (None, "127.0.0.1", 8080, "UTC") == (
        settings.database_url,
        settings.host,
        settings.port,
        settings.zone.key,
    )


def test_every_name(tmp_path: Path) -> None:
    """Each name in the README is read."""
    settings = read_settings(
        {
            "HANDRAIL_DATA": str(tmp_path),
            "DATABASE_URL": "postgresql://ann:x@db:5432/shop",
            "HOST": "0.0.0.0",
            "PORT": "0",
            "HANDRAIL_SECRET": "s" * 32,
            "HANDRAIL_ZONE": "Europe/Berlin",
        }
    )
    assert "postgresql://ann:x@db:5432/shop" == settings.database_url
    assert ("0.0.0.0", 0, "s" * 32, "Europe/Berlin") == (
        settings.host,
        settings.port,
        settings.secret,
        settings.zone.key,
    )
    assert tmp_path / "database" == settings.cluster_folder


def test_the_names_of_a_fleet(tmp_path: Path) -> None:
    """Pooler, announcements, figures and the worker's port are read; a pooler without a way past it is refused."""
    said = {
        "HANDRAIL_DATA": str(tmp_path),
        "DATABASE_URL": "postgresql://ann:x@pooler:6432/shop",
        "DATABASE_DIRECT_URL": "postgresql://ann:x@db:5432/shop",
        "DATABASE_POOLED": "yes",
        "DATABASE_READ_URL": "postgresql://ann:x@standby:5432/shop",
        "ANNOUNCEMENTS": "valkey://news:6379",
        "DESK": "tcp://worker:8090",
        "HANDRAIL_SECRET": "s" * 32,
        "METRICS_TOKEN": "t" * 16,
        "WORKER_PORT": "8081",
    }
    settings = read_settings(said)
    assert (True, "postgresql://ann:x@db:5432/shop") == (settings.pooled, settings.database_direct_url)
    assert ("postgresql://ann:x@standby:5432/shop", "tcp://worker:8090") == (settings.database_read_url, settings.desk)
    assert ("valkey://news:6379", "t" * 16, 8081) == (
        settings.announcements,
        settings.metrics_token,
        settings.worker_port,
    )
    with pytest.raises(Refused, match="has no replica"):
        read_settings(said | {"DATABASE_URL": "", "DATABASE_POOLED": "no"})
    with pytest.raises(Refused, match="know each other by HANDRAIL_SECRET"):
        read_settings(said | {"HANDRAIL_SECRET": ""})
    wrong = {
        "DESK": "tcp://worker",
        "DATABASE_DIRECT_URL": "",
        "DATABASE_READ_URL": "standby",
        "ANNOUNCEMENTS": "http://news",
        "METRICS_TOKEN": "t",
        "WORKER_PORT": "x",
    }
    with pytest.raises(Refused) as refused:
        read_settings(said | wrong)
    assert ["ANNOUNCEMENTS", "DATABASE_POOLED", "DATABASE_READ_URL", "DESK", "METRICS_TOKEN", "WORKER_PORT"] == [
        finding.place.source for finding in refused.value.findings
    ]


def test_secret_is_made_once(tmp_path: Path) -> None:
    """The secret is the same for every process of a data folder, and only its owner can read it."""
    first = read_settings({"HANDRAIL_DATA": str(tmp_path)}).secret
    assert first == read_settings({"HANDRAIL_DATA": str(tmp_path)}).secret
    assert len(first) >= 32
    assert 0o600 == (tmp_path / "secret").stat().st_mode & 0o777
    assert ["secret"] == [path.name for path in tmp_path.iterdir()]


def test_two_processes_make_one_secret(tmp_path: Path) -> None:
    """Processes that start at the same moment agree on the secret."""
    words = "from backend.settings import read_settings; print(read_settings().secret)"
    command = [sys.executable, "-c", words]
    environment = {"HANDRAIL_DATA": str(tmp_path / "new")}
    started = [
        subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert 1 == len({process.communicate()[0] for process in started})


def test_all_mistakes_at_once() -> None:
    """Every malformed setting is named with its remedy, and none of them is repeated aloud if it is a secret."""
    wrong = {"DATABASE_URL": "mysql://x", "PORT": "８０", "HANDRAIL_ZONE": "Mars", "HANDRAIL_SECRET": "short"}
    with pytest.raises(Refused) as refused:
        read_settings(wrong)
    assert ["DATABASE_URL", "HANDRAIL_SECRET", "HANDRAIL_ZONE", "PORT"] == [
        finding.place.source for finding in refused.value.findings
    ]
    assert "short" not in str(refused.value)


@pytest.mark.parametrize(
    ("port", "right"), [("0", True), ("65535", True), ("65536", False), ("-1", False), ("x", False)]
)
def test_ports(port: str, *, right: bool, tmp_path: Path) -> None:
    """A port is a number that TCP has."""
    environment = {"HANDRAIL_DATA": str(tmp_path), "PORT": port}
    if right:
        assert int(port) == read_settings(environment).port
    else:
        with pytest.raises(Refused):
            read_settings(environment)


def test_unusable_folder_is_a_finding(tmp_path: Path) -> None:
    """A data folder that is a file is a finding, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        read_settings({"HANDRAIL_DATA": str(tmp_path / "file")})
    assert "HANDRAIL_DATA" == refused.value.findings[0].place.source
