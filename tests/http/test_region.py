"""
Regions: a connection is sent what changed for it, and nothing twice.
"""

from backend.http.region import Region, changed, partial


def listed(*rows: tuple[str, str]) -> Region:
    """Return a list of rows by id and text."""
    made = tuple(Region(target=target, html=html, is_row=True) for target, html in rows)
    return Region(target="legs", html="".join(row.html for row in made), rows=made)


def targets(regions: list[Region]) -> list[str]:
    """Return the ids of regions."""
    return [region.target for region in regions]


def test_only_what_differs_is_sent() -> None:
    """The first time everything is new; then only the region whose HTML differs; then nothing."""
    sent: dict[str, str] = {}
    first = (Region(target="a", html="1"), Region(target="b", html="1"))
    assert ["a", "b"] == targets(changed(first, sent))
    second = (Region(target="a", html="1"), Region(target="b", html="2"))
    assert ["b"] == targets(changed(second, sent))
    assert [] == changed(second, sent)


def test_a_list_sends_the_rows_that_differ() -> None:
    """A row that changes goes alone; a row that comes, goes or moves sends the whole list."""
    sent: dict[str, str] = {}
    assert ["legs"] == targets(changed((listed(("x", "1"), ("y", "1")),), sent))
    assert ["y"] == targets(changed((listed(("x", "1"), ("y", "2")),), sent))
    assert ["legs"] == targets(changed((listed(("y", "2"), ("x", "1")),), sent))
    assert ["legs"] == targets(changed((listed(("y", "2")),), sent))
    assert [] == changed((listed(("y", "2")),), sent)


def test_a_row_that_left_and_came_back_is_whole() -> None:
    """A row that left and came back is on the page again as it is now."""
    sent: dict[str, str] = {}
    changed((listed(("x", "1"), ("y", "1")),), sent)
    changed((listed(("x", "1")),), sent)
    assert ["legs"] == targets(changed((listed(("x", "1"), ("y", "1")),), sent))


def test_a_list_that_empties_is_sent() -> None:
    """A list without rows sends what it says instead of them."""
    sent: dict[str, str] = {}
    changed((listed(("x", "1")),), sent)
    assert ["legs"] == targets(changed((Region(target="legs", html="nobody"),), sent))


def test_blocks_morph_inside_and_rows_whole() -> None:
    """A block keeps its element and a row is its element."""
    assert 'hx-swap="innerMorph"' in partial(Region(target="a", html="1"))
    assert 'hx-swap="outerMorph"' in partial(Region(target="a", html="1", is_row=True))
