"""
What is declared: every document can be read, every requirement is hashed, and every decision says why.
"""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant

HEADINGS = ["## Context", "## Decision", "## Consequences"]
DECISIONS = "manifest/decisions"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
READERS: dict[str, Callable[[str], object]] = {".toml": tomllib.loads, ".json": json.loads, ".webmanifest": json.loads}


def unreadable(root: Path) -> list[str]:
    """Return each TOML or JSON document of the manifest that cannot be read."""
    paths = [path for path in sorted((root / "manifest").rglob("*")) if path.suffix in READERS]
    return [sentence for path in paths for sentence in _reading(root, path)]


def _reading(root: Path, path: Path) -> list[str]:
    try:
        READERS[path.suffix](path.read_text(encoding="utf-8"))
    except ValueError as error:
        return [f"{path.relative_to(root)} cannot be read: {error}"]
    return []


def unhashed(root: Path) -> list[str]:
    """Return each requirement that is not pinned to a version and to its digests."""
    return [
        f"{path.relative_to(root)}: {entry.split()[0]} is not pinned and hashed: run scripts/lock."
        for path in sorted((root / "manifest/requirements").glob("*.txt"))
        for entry in _entries(path.read_text())
        if not (re.match(r"[\w.\-\[\]]+==", entry) and HASH.search(entry))
    ]


def _entries(text: str) -> list[str]:
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [line for line in lines if not line.lstrip().startswith("#")]


def unreasoned(root: Path) -> list[str]:
    """Return each decision whose number is taken, whose headings are not the three, or that the index does not list."""
    folder = root / DECISIONS
    index = (folder / "README.md").read_text()
    paths = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    numbers = [path.name[:4] for path in paths]
    return [f"{path.name} {fault}." for path in paths for fault in _decision_faults(path, index, numbers)]


def _decision_faults(path: Path, index: str, numbers: list[str]) -> list[str]:
    headings = [line for line in path.read_text().splitlines() if line.startswith("## ")]
    holds = {
        "is not named 0001-like-this.md": re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", path.name),
        "bears a number that another has": numbers.count(path.name[:4]) == 1,
        f"has other headings than {', '.join(HEADINGS)}": headings == HEADINGS,
        "is not listed in the decisions' README.md": f"({path.name})" in index,
    }
    return [fault for fault, right in holds.items() if not right]


@pytest.mark.parametrize("rule", [unreadable, unhashed, unreasoned])
def test_the_manifest_holds(rule: Callable[[Path], list[str]]) -> None:
    """Nothing in the manifest breaks a rule."""
    assert [] == rule(ROOT)


PLANTED = [
    (unreadable, "manifest/plans/a.toml", "a = \n", 1),
    (unreadable, "manifest/app.webmanifest", "{", 1),
    (unhashed, "manifest/requirements/a.txt", "msgspec==0.20.0\n", 1),
    (unhashed, "manifest/requirements/a.txt", f"msgspec>=0.20 --hash=sha256:{'0' * 64}\n", 1),
    (
        unhashed,
        "manifest/requirements/a.txt",
        f"# a\nmsgspec==0.20.0 \\\n    --hash=sha256:{'0' * 64}\n    # via b\n",
        0,
    ),
    (unreasoned, f"{DECISIONS}/0007-a.md", "\n".join(HEADINGS), 0),
    (unreasoned, f"{DECISIONS}/0007-a.md", "## Context\n", 1),
    (unreasoned, f"{DECISIONS}/0008-unlisted.md", "\n".join(HEADINGS), 1),
]


@pytest.mark.parametrize(("rule", "name", "text", "count"), PLANTED)
def test_a_planted_fault_is_caught(
    *, rule: Callable[[Path], list[str]], name: str, text: str, count: int, tmp_path: Path
) -> None:
    """Each rule finds the fault that breaks it, and lets a right file pass."""
    plant(tmp_path, f"{DECISIONS}/README.md", "- [a](0007-a.md)\n")
    assert count == len(rule(plant(tmp_path, name, text)))


def test_a_number_taken_twice_is_caught(tmp_path: Path) -> None:
    """Two decisions never bear the same number."""
    plant(tmp_path, f"{DECISIONS}/README.md", "(0007-a.md) (0007-b.md)")
    for name in ("a", "b"):
        plant(tmp_path, f"{DECISIONS}/0007-{name}.md", "\n".join(HEADINGS))
    assert 2 == len(unreasoned(tmp_path))
