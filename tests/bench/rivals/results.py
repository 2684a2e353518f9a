"""
What every engine has to say of a company, member by member, and what differs between two of them.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tests.bench.rivals.company import digest_of

RESULTS = {
    "gv": "<i8",
    "step": "<i4",
    "broken_away": "<i1",
    "title": "<i4",
    "differential_minor": "<i8",
    "override_minor": "<i8",
}
"""Group volume in hundredths, step and title by index, amounts in minor units: the columns and their types."""

Results = dict[str, NDArray[np.int64 | np.int32 | np.int8]]


class Engine(Protocol):
    """A program that computes one company, made ready before it is timed."""

    def settle(self) -> float:
        """Compute everything anew, and return the seconds of processor time."""

    def results(self) -> Results:
        """Return what the last computation found, a column for each of `RESULTS`."""


def blank(size: int) -> Results:
    """Return columns of zeros."""
    return {name: np.zeros(size, dtype=kind) for name, kind in RESULTS.items()}


def differences(expected: Results, found: Results) -> list[str]:
    """Return a sentence for each column in which members differ: how many do, and the first of them."""
    sentences = []
    for name in RESULTS:
        differing = np.flatnonzero(expected[name] != found[name])
        if differing.size:
            first = differing[0]
            says = f"{found[name][first]} in place of {expected[name][first]}"
            sentences.append(f"{name} of {differing.size:,} members, first of member {first}: {says}")
    return sentences


def digest(found: Results) -> str:
    """Return the SHA-256 of the columns in the order and types of `RESULTS`."""
    return digest_of({name: found[name].astype(kind) for name, kind in RESULTS.items()})


def written(found: Results, folder: Path) -> None:
    """Write results as a file a column, `NAME.TYPE`."""
    for name, kind in RESULTS.items():
        found[name].astype(kind).tofile(folder / f"{name}.{kind[1:]}")


def read(folder: Path) -> Results:
    """Return the results that a program wrote to a folder."""
    return {name: np.fromfile(folder / f"{name}.{kind[1:]}", dtype=kind) for name, kind in RESULTS.items()}
