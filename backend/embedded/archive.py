"""
Archive: a whole database in one file, by PostgreSQL's own pg_dump and pg_restore.

The programs come with the product; where the server is of another version, those on the PATH are taken if they fit
better. A file stands under its name only when it is whole, and a database is filled wholly or not at all.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from backend.embedded.binaries import Runner, environment, programs
from backend.kernel.finding import Finding, Place, Refused

TIMEOUT_SINCE = 17
"""From this version on pg_restore begins with a setting that older servers do not know, and gives up."""

LINES = 5


class Tool(NamedTuple):
    """One of PostgreSQL's programs, and the version that it is of."""

    path: Path
    major: int


def dump(dsn: str, file: Path, *, server: int) -> None:
    """
    Write a database, as it is at one instant, into a file that its owner alone may read; others go on writing.

    `server` is the major version of the database's server. Raises Refused where the file exists, no pg_dump is as new
    as the server, or pg_dump fails.
    """
    if file.exists():
        raise Refused([_finding(file, "backup-exists", "This file exists.", "Name another, or remove it first.")])
    tool = _fitting("pg_dump", server)
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        unfinished.touch(mode=0o600)
        _run(tool, dsn, file, ["--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}"])
        _settle(unfinished, file)
    except OSError as error:
        words = f"It cannot be written: {error.strerror}."
        raise Refused([_finding(file, "backup-unwritable", words, "Name a folder with room.")]) from error
    finally:
        unfinished.unlink(missing_ok=True)


def fill(dsn: str, file: Path, *, server: int) -> None:
    """
    Fill an empty database from a file in one transaction.

    Raises Refused where the file is none that pg_restore can read, no pg_restore fits the server, or it fails.
    """
    if not file.is_file():
        raise Refused([_finding(file, "backup-missing", "There is no such file.", "Name one that backup wrote.")])
    tool = _reading(file, server)
    _run(tool, dsn, file, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)])


def _fitting(name: str, server: int) -> Tool:
    """Return the oldest of the programs that is not older than the server, which speaks its language best."""
    found = _tools(name)
    fitting = [tool for tool in found if tool.major >= server]
    if fitting:
        return fitting[0]
    words = ", ".join(f"{tool.path} is {tool.major}" for tool in found) or "there is none"
    raise Refused([_tool_finding(name, f"The server is PostgreSQL {server}, and of {name} {words}.", server)])


def _reading(file: Path, server: int) -> Tool:
    """Return the program that reads a file and whose language the server understands."""
    found = [tool for tool in _tools("pg_restore") if tool.major >= server]
    readers = [tool for tool in found if _listed(tool, file).returncode == 0]
    for tool in readers:
        if tool.major < TIMEOUT_SINCE or server >= TIMEOUT_SINCE:
            return tool
    if readers:
        words = f"pg_restore {readers[0].major} fills no PostgreSQL {server}, and no older one reads the file."
        raise Refused([_tool_finding("pg_restore", words, server)])
    tool = _fitting("pg_restore", server)
    said = _said(_listed(tool, file))
    words = f"pg_restore {tool.major} cannot read it: {said}"
    raise Refused([_finding(file, "backup-unreadable", words, "Name a whole file that backup wrote.")])


def _listed(tool: Tool, file: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([tool.path, "--list", file], capture_output=True, text=True, check=False, env=environment())


def _tools(name: str) -> list[Tool]:
    """Return the programs of a name, the product's own and the PATH's, the oldest first."""
    oneself = Runner(os.geteuid(), os.getegid(), dropped=False)
    paths = {programs(oneself) / name, *([Path(named)] if (named := shutil.which(name)) else [])}
    return sorted((Tool(path, _major(path)) for path in paths if path.exists()), key=lambda tool: tool.major)


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, env=environment()).stdout
    number = re.search(r"\) (\d+)", said)
    assert number is not None, said
    return int(number[1])


def _run(tool: Tool, dsn: str, file: Path, words: Sequence[str]) -> None:
    """Run a program on a database; its password stays out of the list of processes, which everybody may read."""
    parts = urlsplit(dsn)
    password = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    place = parts.netloc.rpartition("@")[-1]
    shown = parts._replace(netloc=f"{parts.username}@{place}" if parts.username else place).geturl()
    command = [str(tool.path), "--no-password", f"--dbname={shown}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment() | password)
    if done.returncode != 0:
        words_said = f"{tool.path.name} {tool.major} failed: {_said(done)}"
        raise Refused([_finding(file, "backup-failed", words_said, "Mend what it names, and try again.")])


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    return " | ".join(done.stderr.strip().splitlines()[-LINES:])


def _settle(unfinished: Path, file: Path) -> None:
    """Give a written file its name once the disk has it."""
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.rename(file)


def _tool_finding(name: str, message: str, server: int) -> Finding:
    remedy = f"Put {name} {server} on the PATH (on Debian: apt-get install postgresql-client-{server})."
    return Finding(code="backup-tool", place=Place(source=name), message=message, remedy=remedy)


def _finding(file: Path, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=Place(source=str(file)), message=message, remedy=remedy)
