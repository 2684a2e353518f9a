"""
What others wrote and the phone receives: each file is named with version, licence and digest, and is what it was.
"""

import hashlib
import tomllib
from pathlib import Path

import pytest

from tests.guards.tree import ROOT, plant

FIELDS = {"path", "name", "version", "licence", "sha256"}
VENDOR = "web/vendor"


def faults(root: Path) -> list[str]:
    """Return each vendored file that is not named, not fully named, missing, or not the one that was named."""
    listed = tomllib.loads((root / VENDOR / "VENDOR.toml").read_text()).get("file", [])
    found = {path.relative_to(root / VENDOR).as_posix() for path in (root / VENDOR).rglob("*") if path.is_file()}
    named = {entry.get("path", "") for entry in listed}
    strangers = [
        f"{name} is not named in VENDOR.toml."
        for name in sorted(found - named - {"VENDOR.toml"})
        if not _is_licence(name, named)
    ]
    return strangers + [fault for entry in listed for fault in _entry_faults(root / VENDOR, entry)]


def _is_licence(name: str, named: set[str]) -> bool:
    work = name.removesuffix(".licence.txt")
    return work != name and any(path.startswith(work) for path in named)


def _entry_faults(folder: Path, entry: dict[str, str]) -> list[str]:
    if missing := sorted(field for field in FIELDS if not entry.get(field)):
        return [f"{entry.get('path')} lacks {', '.join(missing)} in VENDOR.toml."]
    path = folder / entry["path"]
    if not path.is_file():
        return [f"{entry['path']} is named in VENDOR.toml and is not there."]
    same = hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    return [] if same else [f"{entry['path']} is not what VENDOR.toml names: run scripts/vendor."]


def test_every_file_is_named_and_unchanged() -> None:
    """Each vendored file has name, version, licence and digest, and matches it."""
    assert [] == faults(ROOT)


ENTRY = '[[file]]\npath = "a.js"\nname = "a"\nversion = "1"\nlicence = "MIT"\nsha256 = "{}"\n'
RIGHT = ENTRY.format(hashlib.sha256(b"x").hexdigest())


def test_a_licence_stands_beside_its_work(tmp_path: Path) -> None:
    """The text of a licence needs no entry beside the work that it belongs to, and no other work's."""
    plant(tmp_path, f"{VENDOR}/a.js", "x")
    plant(tmp_path, f"{VENDOR}/a.licence.txt", "MIT")
    assert [] == faults(plant(tmp_path, f"{VENDOR}/VENDOR.toml", RIGHT))
    plant(tmp_path, f"{VENDOR}/z.licence.txt", "MIT")
    assert ["z.licence.txt is not named in VENDOR.toml."] == faults(tmp_path)


@pytest.mark.parametrize(
    ("listed", "count"),
    [
        (RIGHT, 0),
        ("", 1),
        (ENTRY.format("0" * 64), 1),
        (RIGHT.replace('"MIT"', '""'), 1),
        (RIGHT + ENTRY.replace("a.js", "b.js").format("0"), 1),
    ],
)
def test_a_planted_file_is_caught(tmp_path: Path, listed: str, count: int) -> None:
    """A file that is unnamed, changed, without licence or missing is found; a right one passes."""
    plant(tmp_path, f"{VENDOR}/a.js", "x")
    assert count == len(faults(plant(tmp_path, f"{VENDOR}/VENDOR.toml", listed)))
