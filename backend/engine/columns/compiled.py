"""
How the engine's loops are compiled, and where what was compiled is kept.

Numba's own cache notices a change only in the file of the function itself, so a kernel that calls a rule in another
file would go on with the old rule. Here the folder bears the digest of all sources that kernels are made of: another
rule is another folder.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba

from backend.kernel import points

F = TypeVar("F", bound=Callable[..., object])

PREFIX = "kernels-"
ENGINE = Path(__file__).parents[1]


def sources_digest() -> str:
    """Return a digest of every source that a kernel may be compiled from, and of the compiler's version."""
    hashed = sha256(numba.__version__.encode())
    for path in [*sorted(ENGINE.rglob("*.py")), Path(points.__file__)]:
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:16]


def cache_home() -> Path:
    """Return the folder that holds compiled kernels: beside the sources, or in the user's cache if those are locked."""
    beside = ENGINE / "__pycache__"
    if _may_write(beside):
        return beside
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "handrail"  # noqa: PTH111 - no home, no error


def cache_in_use() -> Path:
    """Return the folder of these very rules: what NUMBA_CACHE_DIR names, or one with the digest of the sources."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    return Path(named) if named else cache_home() / f"{PREFIX}{sources_digest()}"


def _may_write(folder: Path) -> bool:
    """Say whether a folder is there, or can be made, and takes files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


KEPT = cache_in_use().is_absolute() and _may_write(cache_in_use())
"""Whether what is compiled outlives the process; a user without any folder compiles anew each time."""

numba.config.CACHE_DIR = str(cache_in_use())  # type: ignore[attr-defined] # numba sets its options by name


def kernel(function: F) -> F:
    """
    Compile a loop over columns on its first call, and keep what was compiled for the next process.

    Other threads go on meanwhile: a loop reads and writes the columns of its own sheet only.
    """
    return cast(F, numba.njit(cache=KEPT, nogil=True)(function))


def borrowing(function: F) -> F:
    """
    Compile what a loop calls for every single member: it borrows the columns that it is given and may make none.

    Numba counts references on every column of a sheet with each call, which cost forty times the rule itself.
    """
    options = {"cache": KEPT, "_nrt": False}
    return cast(F, numba.njit(**options)(function))  # type: ignore[call-overload] # the option has no type


def part(function: F) -> F:
    """
    Mark a part of such a loop, compiled into it: a sheet of sixty columns is slow to hand on for the compiler, too.
    """
    return cast(F, numba.njit(inline="always")(function))


divided = kernel(points.divided)
"""`kernel.points.divided`, the one rounding rule, as kernels call it."""
