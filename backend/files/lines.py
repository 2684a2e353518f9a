"""
The lines of a file, decoded when they are asked for: a file of millions of lines is kept as its bytes and no more.
"""

from collections.abc import Iterator

import numpy as np

BLOCK = 20_000
"""So many lines are decoded at once."""


class Lines:
    """The lines of a text in UTF-8, counted from nought; an end of line is LF, CRLF or CR."""

    def __init__(self, data: bytes) -> None:
        """Find the ends of all lines; the text must be UTF-8."""
        self._data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
        ends = np.flatnonzero(np.frombuffer(self._data, dtype=np.uint8) == ord("\n"))
        self._begins = np.concatenate(([0], ends + 1, [len(self._data) + 1]))

    def __len__(self) -> int:
        """Count the lines; behind the last end of line stands one more, which may be empty."""
        return len(self._begins) - 1

    def __getitem__(self, at: int) -> str:
        """Return a line without its end."""
        return self.part(at, at + 1)[0]

    def part(self, first: int, behind: int) -> list[str]:
        """Return the lines from one up to another, which is not among them, or up to the last."""
        behind = min(behind, len(self))
        return self._data[self._begins[first] : self._begins[behind] - 1].decode("utf-8").split("\n")

    def blocks(self, first: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield the lines from one on in blocks, each with the number of its first line."""
        for at in range(first, len(self), BLOCK):
            yield at, self.part(at, at + BLOCK)

    def anything(self, first: int) -> bool:
        """Tell whether any line from one on holds more than blanks."""
        return any(line.strip() for _, block in self.blocks(first) for line in block)
