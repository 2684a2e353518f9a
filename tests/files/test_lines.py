"""Lines decoded when asked for are the lines of the text, and of many known words the nearest is still found."""

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.files.lines import Lines
from backend.files.noted import MOST_ASKED, MOST_COMPARED, Nearest, nearest


@given(st.lists(st.text(st.sampled_from('aé"語,\n\r '), max_size=5)), st.integers(0, 5))
@settings(deadline=None)
def test_lines_are_those_of_the_text(parts: list[str], first: int) -> None:
    """Whatever ends a line, and in whatever script it is: one by one, in part and in blocks, the lines are the same."""
    text = "\n".join(parts)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = Lines(text.encode())

    assert expected == [lines[at] for at in range(len(lines))]
    assert expected[1:3] == (lines.part(1, 3) if len(lines) > 1 else [])
    assert expected[first:] == [line for _, block in lines.blocks(first) for line in block]
    assert any(line.strip() for line in expected[first:]) == lines.anything(first)


def test_of_few_words_the_nearest_is_the_nearest() -> None:
    """Asked for many words, each is answered as if it were the only one."""
    known = [f"M{at:04d}" for at in range(MOST_COMPARED)]

    assert [nearest(word, known) for word in ("M0O17", "X", "M00011")] == [
        Nearest(known).to(word) for word in ("M0O17", "X", "M00011")
    ]


def test_of_many_words_one_that_begins_alike_is_named() -> None:
    """Among a hundred thousand words those of its length and beginning are looked at; after long nothing is said."""
    near = Nearest([f"M{at:06d}" for at in range(100_000)] + ["Zürich"])
    said = [near.to("Zurich") for _ in range(MOST_ASKED + 1)]

    assert [' Did you mean "Zürich"?'] * MOST_ASKED + [""] == said
