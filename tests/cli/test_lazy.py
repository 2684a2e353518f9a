"""The command line answers quickly, loads only what is called, and prints mistakes without a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner

from backend.cli import DOORS, group
from backend.cli.lazy import Door, LazyGroup
from backend.kernel.finding import Finding, Place, Refused

ROOT = Path(__file__).parents[2]


@click.command
@click.argument("word")
def refusing(word: str) -> None:
    """Refuse twice."""
    raise Refused(
        [
            Finding(code="b", place=Place(source=word, line=2), message="Second.", remedy="Mend."),
            Finding(code="a", place=Place(source=word, line=1), message="First.", remedy="Mend."),
        ]
    )


def _group(monkeypatch: pytest.MonkeyPatch) -> LazyGroup:
    monkeypatch.setitem(sys.modules, "a_room", type("Room", (), {"command": refusing}))  # type: ignore[arg-type]
    return LazyGroup(
        name="house", doors={"refuse": Door("a_room:command", "The sign."), "gone": Door("no.room:x", "Gone.")}
    )


def test_refusal_is_printed_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each finding stands on a line of its own, in order, and the exit code is 1."""
    result = CliRunner().invoke(_group(monkeypatch), ["refuse", "a.csv"])
    assert (1, "a.csv:1 a: First. Mend.\na.csv:2 b: Second. Mend.\n") == (result.exit_code, result.stderr)


def test_help_shows_signs_without_opening_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command whose module does not exist still has its sign in the help."""
    result = CliRunner().invoke(_group(monkeypatch), ["--help"])
    assert 0 == result.exit_code
    assert "The sign." in result.output
    assert "Gone." in result.output


def test_a_command_has_its_own_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the door stands the command itself, with its own words."""
    result = CliRunner().invoke(_group(monkeypatch), ["refuse", "--help"])
    assert "Refuse twice." in result.output


def test_unknown_command() -> None:
    """A misspelled command is an error of use."""
    result = CliRunner().invoke(group, ["calk"])
    assert 2 == result.exit_code
    assert "No such command 'calk'" in result.stderr


def test_help_loads_neither_engine_nor_web() -> None:
    """Reading the help loads no compiler, no arrays, no web server and no database."""
    heavy = "{'numba', 'numpy', 'litestar', 'tortoise', 'asyncpg', 'uvicorn'}"
    words = f"import sys, backend.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout


@pytest.mark.parametrize("name", sorted(DOORS))
def test_every_door_opens(name: str) -> None:
    """Each command of the table can be called for its help."""
    result = CliRunner().invoke(group, [name, "--help"])
    assert (0, None) == (result.exit_code, result.exception)
