"""
The container file and the compose file agree with the product: commands, settings, ports and paths that there are.

No engine for containers runs here; what can be known without one is held, and planted faults are found.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.cli import DOORS
from backend.http.routes import ROUTES
from tests.guards.tree import ROOT

DEPLOY = ROOT / "manifest/deploy"
COMPOSE, CONTAINERFILE = (DEPLOY / name for name in ("compose.yaml", "Containerfile"))
ASKED = re.compile(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)")
NAMED = re.compile(r'environment\.get\("([A-Z_]+)"\)')
VERSION = re.compile(r":v?\d[\w.-]*$")
ADDRESS = re.compile(r"(?:@|valkey://)(\w+):(\d+)")
PORTS = {"database": 5432, "pooler": 6432, "announcements": 6379}
"""Where the services beside the product answer: PostgreSQL and Valkey at their own ports, the pooler at its setting."""

PORT_OF = {"web": "PORT", "worker": "WORKER_PORT"}


def compose_faults(text: str) -> list[str]:
    """Return a sentence for each thing in a compose file that the product does not have or do."""
    said = yaml.safe_load(text)
    found = [
        f"{name}: {fault}"
        for name, service in said["services"].items()
        if service["image"] == "handrail"
        for fault in _service_faults(service)
    ]
    return found + _joint_faults(said) + _advice_faults(text, said["services"])


def _joint_faults(said: dict[str, Any]) -> list[str]:
    """Return what does not fit together: images without a version, volumes, services that wait for others, doors."""
    services, volumes = said["services"], set(said["volumes"])
    mounted = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    doors = [door.rpartition(":")[0] for service in services.values() for door in service.get("ports", ())]
    awaited = {other for service in services.values() for other in service.get("depends_on", ())}
    found = [f"{one} is mounted and not declared, or declared and not mounted" for one in sorted(volumes ^ mounted)]
    found += [f"two services want {door}" for door in sorted(set(doors)) if doors.count(door) > 1]
    found += [f"{door} is open to every network" for door in doors if not door.startswith("127.0.0.1:")]
    for name, service in services.items():
        if service["image"] != "handrail" and not VERSION.search(service["image"]):
            found.append(f"{name}: {service['image']} names no version")
        if name in awaited and "healthcheck" not in service:
            found.append(f"{name} is waited for, and nobody asks after its health")
    return found + [f"there is no service {name}" for name in sorted(awaited - set(services))]


def _advice_faults(text: str, services: dict[str, Any]) -> list[str]:
    """Return which addresses, in the words at the head of the file or in its settings, lead to no service's port."""
    addresses = [(host, int(port)) for host, port in ADDRESS.findall(text)]
    found = [f"nobody answers at {host}:{port}" for host, port in addresses if PORTS.get(host) != port]
    own = int(services["pooler"]["environment"]["LISTEN_PORT"])
    return found + ([] if own == PORTS["pooler"] else [f"the pooler listens at {own}"])


def _service_faults(service: dict[str, Any]) -> list[str]:
    command, environment = service["command"][0], service["environment"]
    found = [] if command in DOORS else [f"there is no command {command}"]
    found += [f"there is no setting {name}" for name in environment if name not in known_settings()]
    port = environment.get(PORT_OF.get(command, ""), "")
    found += _asked_faults(" ".join(service["healthcheck"]["test"]), port)
    found += [f"{each} does not lead to {port}" for each in service.get("ports", ()) if not each.endswith(f":{port}")]
    if environment["HANDRAIL_DATA"] not in {volume.partition(":")[2] for volume in service["volumes"]}:
        found.append(f"{environment['HANDRAIL_DATA']} is not kept in a volume")
    if not service.get("read_only") or service.get("user", "0") in {"0", "root"}:
        found.append("its root is not read-only, or its user is root")
    return found


def _asked_faults(words: str, *ports: str) -> list[str]:
    asked = ASKED.search(words)
    if asked is None:
        return ["its health is not asked for"]
    paths = {path for handler in ROUTES for path in handler.paths}  # type: ignore[union-attr]
    found = [] if asked[2] in paths else [f"there is no path {asked[2]}"]
    return found + ([] if asked[1] in ports else [f"nobody answers at {asked[1]}"])


def container_faults(text: str) -> list[str]:
    """Return a sentence for each thing in a container file that the checkout does not have or the product not do."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    said = {word: [line.split(maxsplit=1)[1] for line in lines if line.startswith(f"{word} ")] for word in WORDS}
    copied = [path for line in said["COPY"] if "--from" not in line for path in line.split()[:-1]]
    found = [f"there is no {path} to copy" for path in copied if not (ROOT / path).exists()]
    (command,) = yaml.safe_load(said["CMD"][-1])
    found += [] if command in DOORS else [f"there is no command {command}"]
    found += [] if yaml.safe_load(said["ENTRYPOINT"][-1]) == ["handrail"] else ["it begins with another program"]
    found += [] if said["USER"] and said["USER"][-1] not in {"root", "0"} else ["its user is root"]
    found += [f"there is no setting {name}" for name in _set(said["ENV"][-1]) if name not in known_settings()]
    found += [] if f"HANDRAIL_DATA={said['VOLUME'][-1]} " in said["ENV"][-1] else ["its data is not kept in a volume"]
    found += [f"{line} names no version" for line in said["FROM"] if not VERSION.search(line.split()[0])]
    return found + _asked_faults(said["HEALTHCHECK"][-1], *said["EXPOSE"][-1].split())


def _set(words: str) -> list[str]:
    """Return the names that are set and are not of the system, Python or the caches."""
    names = [word.partition("=")[0] for word in words.split()]
    return [name for name in names if name != "PATH" and not name.startswith(("PYTHON", "XDG_"))]


def known_settings() -> set[str]:
    """Return the names that the product reads from the environment."""
    return set(NAMED.findall((ROOT / "backend/settings.py").read_text()))


WORDS = ("FROM", "COPY", "ENV", "VOLUME", "CMD", "ENTRYPOINT", "USER", "EXPOSE", "HEALTHCHECK")


def test_the_compose_file_agrees_with_the_product() -> None:
    """Every command, setting, port and path in it is one of the product's, and no process may write to its root."""
    assert [] == compose_faults(COMPOSE.read_text())


def test_the_container_file_agrees_with_the_product() -> None:
    """What it copies is there, it starts a command that there is, as nobody in particular."""
    assert [] == container_faults(CONTAINERFILE.read_text())


def test_the_fleet_is_two_and_two_with_one_user() -> None:
    """Two web processes, two workers, a database; pooler and announcements wait for their profile."""
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    commands = sorted(service["command"][0] for service in services.values() if service["image"] == "handrail")
    profiles = {name: service["profiles"] for name, service in services.items() if "profiles" in service}
    users = {service["user"] for service in services.values() if "user" in service}

    assert ["web", "web", "worker", "worker"] == commands
    assert {"pooler": ["pooler"], "announcements": ["announcements"]} == profiles
    assert {"10001"} == users
    assert "--uid 10001" in CONTAINERFILE.read_text()


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (COMPOSE, "command: [worker]", "command: [toil]"),
        (COMPOSE, "HANDRAIL_ZONE:", "HANDRAIL_ZONES:"),
        (COMPOSE, "8080/health/ready", "8080/health/fine"),
        (COMPOSE, "8081/health/ready", "8082/health/ready"),
        (COMPOSE, "8001:8080", "8001:80"),
        (COMPOSE, 'user: "10001"', 'user: "0"'),
        (COMPOSE, "postgres:18", "postgres:latest"),
        (COMPOSE, "edoburu/pgbouncer:v1.26.0-p0", "edoburu/pgbouncer"),
        (COMPOSE, '["data:/data"]', '["datum:/data"]'),
        (COMPOSE, "HANDRAIL_DATA: /data", "HANDRAIL_DATA: /var/data"),
        (COMPOSE, "127.0.0.1:8002:8080", "127.0.0.1:8001:8080"),
        (COMPOSE, "127.0.0.1:8002:8080", "8002:8080"),
        (COMPOSE, "database: {condition", "databases: {condition"),
        (COMPOSE, 'LISTEN_PORT: "6432"', 'LISTEN_PORT: "6433"'),
        (COMPOSE, "@pooler:6432", "@pooler:5432"),
        (COMPOSE, "valkey://announcements:6379", "valkey://news:6379"),
        (COMPOSE, "DATABASE_READ_URL: $", "DATABASE_READS_URL: $"),
        (CONTAINERFILE, "HANDRAIL_DATA=/data", "HANDRAIL_DATA=/datum"),
        (CONTAINERFILE, "    HOST=0.0.0.0", "    HOSTS=0.0.0.0"),
        (CONTAINERFILE, "python:3.11-slim-bookworm AS", "python AS"),
        (CONTAINERFILE, 'CMD ["web"]', 'CMD ["sites"]'),
        (CONTAINERFILE, "COPY web web", "COPY webs web"),
        (CONTAINERFILE, "USER handrail", "USER root"),
        (CONTAINERFILE, "/health/live", "/alive"),
        (CONTAINERFILE, "EXPOSE 8080", "EXPOSE 80"),
    ],
)
def test_a_planted_fault_is_caught(file: Path, right: str, wrong: str) -> None:
    """A word that the product does not know is named."""
    text = file.read_text()
    assert right in text
    faults = compose_faults if file == COMPOSE else container_faults
    assert faults(text.replace(right, wrong))
