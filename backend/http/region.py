"""
Regions: the parts of a page that change on their own, drawn once for the first paint and again for the stream.

A stream sends a region only when its HTML differs from what this connection was sent last. A list sends the rows that
changed, and itself only when rows came, went or moved.
"""

from msgspec import Struct


class Region(Struct, frozen=True, kw_only=True):
    """A part of a page: its element's id, what stands in it (a row: the element itself), and its rows if a list."""

    target: str
    html: str
    rows: tuple["Region", ...] = ()
    is_row: bool = False


def changed(regions: tuple[Region, ...], sent: dict[str, str]) -> list[Region]:
    """Return the regions that differ from what was sent, rows alone where only rows do; notes them as sent."""
    news: list[Region] = []
    for region in regions:
        order = " ".join(row.target for row in region.rows) or region.html
        rows = [row for row in region.rows if sent.get(row.target) != row.html]
        news += [region] if sent.get(region.target) != order else rows
        sent[region.target] = order
        sent.update((row.target, row.html) for row in region.rows)
    return news


def partial(region: Region) -> str:
    """Wrap a region so that htmx morphs its element: the inside of a block, the whole of a row."""
    style = "outerMorph" if region.is_row else "innerMorph"
    return f'<hx-partial hx-target="[id=\'{region.target}\']" hx-swap="{style}">{region.html}</hx-partial>'
