"""
A caret in a text shows a place in it: `percent = ‸5` is line 1, column 11.
"""

CARET = "‸"


def without(text: str) -> str:
    """Return the text without its caret."""
    return text.replace(CARET, "")


def spot_of(text: str) -> tuple[int, int]:
    """Return line and column of the only caret, both counted from one."""
    assert text.count(CARET) == 1, "one caret shows one place"
    before = text[: text.index(CARET)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
