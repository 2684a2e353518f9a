"""
Folding: of very many parts the largest stay in sight, nothing is lost, and what stands for itself is never folded.
"""

from backend.http.folding import LARGEST, UNFOLDED, folded
from backend.kernel.trace import Trace


def _part(name: str, value: int) -> Trace:
    return Trace(name=name, value=value, unit="minor")


def test_few_parts_are_not_folded() -> None:
    """What is read at once stands as it is."""
    parts = [_part("leg", value) for value in range(UNFOLDED)]

    assert (parts, []) == folded(parts)


def test_the_largest_of_many_stay_in_their_order() -> None:
    """The largest legs stay, also those below zero; a cut stays whatever its size, and the sum is that of all."""
    parts = [_part("own", 0), *(_part("leg", value) for value in (5, -90, 7, 80, 1, 70, 60, 2, 50, 40, 30, 20, 3))]
    parts.append(_part("cut", -1))
    shown, away = folded(parts)

    assert [0, -90, 80, 70, 60, 50, 40, 30, 20, -1] == [part.value for part in shown]
    assert [5, 7, 1, 2, 3] == [part.value for part in away]
    assert LARGEST + 2 == len(shown)
