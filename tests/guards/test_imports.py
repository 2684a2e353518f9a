"""
Who may import whom: the table of the house, held for every import, those inside functions and for types included.

A library joins by a word in its row and a decision in manifest/decisions; a new arrow between packages needs its
reason there too.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.guards.tree import ROOT, parsed, plant, python_files

NOUNS = "kernel network plan engine forecast"


class Row(NamedTuple):
    """What a package may import: rooms of the house, a module where only that one is meant, and libraries."""

    first: set[str]
    third: set[str]


def _row(first: str, third: str) -> Row:
    return Row(set(first.split()), set(third.split()))


EVERYTHING = f"{NOUNS} metrics files intake flows store live worker http embedded demo settings app serving cli"
WEB = f"{NOUNS.replace('engine', 'engine.outcome engine.snapshot')} metrics files intake flows store.views settings"

TABLE = {
    "kernel": _row("", "msgspec"),
    "network": _row("kernel", "msgspec numpy numba"),
    "plan": _row("kernel", "msgspec tree_sitter tree_sitter_toml"),
    "engine": _row("kernel network plan.terms", "msgspec numpy numba"),
    "forecast": _row("kernel network plan engine", "msgspec numpy"),
    "files": _row(NOUNS, "msgspec numpy"),
    "intake": _row("kernel files", "msgspec"),
    "store": _row(f"{NOUNS} intake", "tortoise asyncpg msgspec numpy pgqueuer"),
    "metrics": _row("kernel", "msgspec prometheus_client"),
    "flows": _row(f"{NOUNS} files intake store metrics.figures", "msgspec numpy tortoise uuid_utils"),
    "live": _row("kernel flows.ports forecast.change forecast.preview", "asyncpg msgspec redis structlog"),
    "worker": _row(f"{NOUNS} flows store live metrics", "asyncpg numpy msgspec pgqueuer structlog"),
    "embedded": _row("kernel", ""),
    "settings": _row("kernel", "msgspec"),
    "demo": _row("kernel files plan", "msgspec mimesis"),
    "http": _row(WEB, "litestar jinja2 babel msgspec structlog"),
    "http.stream": _row(f"{WEB} live.hub", "litestar jinja2 babel msgspec structlog"),
    "app": _row(EVERYTHING, "litestar jinja2 msgspec structlog"),
    "serving": _row(EVERYTHING, "uvicorn structlog"),
    "cli": _row(EVERYTHING, "rich rich_click click uvicorn structlog msgspec"),
    "__main__": _row("cli", ""),
}


class Import(NamedTuple):
    """One import: the line, and what is imported, with `backend.` taken off the rooms of the house."""

    line: int
    target: str
    ours: bool


def breaches(root: Path) -> list[str]:
    """Return a sentence for each import that its row does not allow."""
    return [
        _sentence(root, path, found)
        for path in python_files(root)
        for found in _imports(root, path)
        if _breaks(root, path, found)
    ]


def unlisted(root: Path) -> list[str]:
    """Return a sentence for each package that has no row, or that the map in backend/__init__.py does not show."""
    rooms = [path.name for path in sorted((root / "backend").iterdir()) if (path / "__init__.py").exists()]
    shown = {
        line.split()[0]
        for line in (ast.get_docstring(parsed(root / "backend/__init__.py")) or "").splitlines()
        if line.strip()
    }
    without = [
        f"backend/{room} has no row in the table of tests/guards/test_imports.py: add one."
        for room in rooms
        if room not in TABLE
    ]
    return without + [
        f"backend/{room} is not on the map in backend/__init__.py: add its line." for room in rooms if room not in shown
    ]


def _breaks(root: Path, path: Path, found: Import) -> bool:
    module = _module(root, path)
    row = _row_of(module)
    if not found.ours:
        return found.target not in row.third
    own = module.partition(".")[0]
    allowed = row.first | {own}
    return not any(found.target == room or found.target.startswith(f"{room}.") for room in allowed)


def _row_of(module: str) -> Row:
    names = module.split(".")
    prefixes = [".".join(names[:length]) for length in range(len(names), 0, -1)]
    return next((TABLE[prefix] for prefix in prefixes if prefix in TABLE), Row(set(), set()))


def _module(root: Path, path: Path) -> str:
    names = path.relative_to(root / "backend").with_suffix("").parts
    return ".".join(name for name in names if name != "__init__")


def _imports(root: Path, path: Path) -> Iterator[Import]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the whole name instead of a relative import"
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield from _import(node.lineno, deeper if _is_module(root, deeper) else str(node.module))


def _import(line: int, name: str) -> Iterator[Import]:
    top, _, rest = name.partition(".")
    if top == "backend" and rest:
        yield Import(line, rest, ours=True)
    elif top not in sys.stdlib_module_names and top != "backend":
        yield Import(line, top, ours=False)


def _is_module(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def _sentence(root: Path, path: Path, found: Import) -> str:
    row = _row_of(_module(root, path))
    rooms, libraries = ", ".join(sorted(row.first)) or "no room", ", ".join(sorted(row.third)) or "no library"
    return (
        f"{path.relative_to(root)}:{found.line} imports {found.target}; its row allows {rooms} and {libraries}. "
        "Move the code to a room that may, or add to the row in tests/guards/test_imports.py with a decision."
    )


def test_every_import_is_in_its_row() -> None:
    """No package imports what its row does not name."""
    assert [] == breaches(ROOT)


def test_every_package_is_listed() -> None:
    """Each package has a row and stands on the map."""
    assert [] == unlisted(ROOT)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("backend/kernel/a.py", "import backend.store.views\n"),
        ("backend/kernel/a.py", "from backend import store\n"),
        ("backend/kernel/a.py", "import numpy as np\n"),
        ("backend/plan/a.py", "def late():\n    from litestar import get\n"),
        (
            "backend/plan/a.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from backend.engine import run\n",
        ),
        ("backend/engine/a.py", "from backend.plan.document import Plan\n"),
        ("backend/engine/a.py", "from backend.plan import document\n"),
        ("backend/http/phone.py", "from backend.store.orders import save\n"),
        ("backend/http/phone.py", "from backend.live.hub import Hub\n"),
        ("backend/http/phone.py", "from backend.engine.volume import volume\n"),
        ("backend/flows/a.py", "import tests.notation\n"),
        ("backend/newroom/a.py", "import msgspec\n"),
    ],
)
def test_a_planted_import_is_caught(tmp_path: Path, name: str, text: str) -> None:
    """An import that breaks its row is named with file, line and remedy, wherever it hides."""
    for room in ("store", "plan/document"):
        plant(tmp_path, f"backend/{room}.py", "")
    (sentence,) = breaches(plant(tmp_path, name, text))
    assert sentence.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "backend/engine/a.py",
            "import numba, numpy, sys\nfrom backend.plan.terms import Terms\nfrom backend.kernel import points\n",
        ),
        ("backend/http/stream.py", "from backend.live.hub import Hub\nfrom backend.store.views import view\n"),
        ("backend/engine/a.py", "from backend.engine.outcome import Outcome\n"),
    ],
)
def test_what_a_row_allows_passes(tmp_path: Path, name: str, text: str) -> None:
    """The table lets through what it names, and a package itself."""
    assert [] == breaches(plant(tmp_path, name, text))


def test_a_planted_package_is_caught(tmp_path: Path) -> None:
    """A new package needs a row and a line on the map."""
    plant(tmp_path, "backend/__init__.py", '"""\nThe map:\n\nkernel    words\n"""\n')
    plant(tmp_path, "backend/kernel/__init__.py", "")
    assert 2 == len(unlisted(plant(tmp_path, "backend/extra/__init__.py", "")))


def test_the_web_never_loads_the_compiler() -> None:
    """Importing every module of http, and the app, loads neither numba nor its 140 MB."""
    modules = [f"backend.{_module(ROOT, path)}" for path in python_files(ROOT, "backend/http")]
    modules += ["backend.app"] if (ROOT / "backend/app.py").exists() else []
    words = (
        f"import importlib, sys; [importlib.import_module(name) for name in {modules}]; print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ("False\n", "") == (done.stdout, done.stderr)
