"""
Checks of guarantees: on groups that stand by themselves, of a share that there is, with a band that lies below it.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.kernel.points import BASIS, percent_text, points_text
from backend.plan.checks.overrides import FIRST, SEEN_ANEW, overrides_of, tables_of
from backend.plan.document.paying import Guarantee, Override
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked, Today, Written


def guarantees_fit(checked: Checked) -> Iterator[Finding]:
    """A guarantee is asked on groups that stand by themselves, and one on frontline groups of the first earner only."""
    for override in overrides_of(checked):
        value, path = override.value, (*override.path, "guarantee")
        if value.guarantee is None:
            continue
        if value.groups in SEEN_ANEW:
            where = checked.line((*override.path, "groups"))
            message = f"Groups are seen from each earner anew, says {where}, so none has one amount to guarantee."
            fault = Fault("guarantee-groups", message, 'Take it out, or write groups = "broken away" or "with mark".')
            yield checked.finding(path, fault)
        if value.guarantee.charged == "on frontline groups":
            yield from _of_frontline(checked, override, path)


def _of_frontline(checked: Checked, override: Written[Override], path: Path) -> Iterator[Finding]:
    guarantee = override.value.guarantee
    if override.value.earners != FIRST:
        where = checked.line((*override.path, "earners"))
        message = f"Whoever is above earns on frontline groups anyway, as {where} lets one earn in each generation."
        fault = Fault("guarantee-charged", message, f'Write earners = "{FIRST}", or charged = "on the own group".')
        yield checked.finding((*path, "charged"), fault)
    for field in ("of_one_line", "of_several_lines"):
        if guarantee and getattr(guarantee, field) != "in full":
            where = checked.line((*path, "charged"))
            message = f"Lines are weighed against the own group's share; {where} charges frontline groups."
            fault = Fault("guarantee-lines", message, 'Write "in full", or charged = "on the own group".')
            yield checked.finding((*path, field), fault)


def guarantees_have_rates(today: Today) -> Iterator[Finding]:
    """A guarantee has points, and a rate in the generation in which the group's upline stands."""
    for override in overrides_of(today):
        guarantee, path = override.value.guarantee, (*override.path, "guarantee")
        if guarantee is None:
            continue
        volume = today.on(guarantee.volume, *path, "volume")
        if volume and volume.value == 0:
            fault = Fault("guarantee-zero", "A guarantee of 0 points gives nothing.", "Raise it, or take it out.")
            yield today.finding(volume.path, fault)
        generation = 1 if guarantee.charged == "on the own group" else 2
        tables = tables_of(today, override)
        if tables and not any(_rate(override.value, table.value, generation) for table in tables):
            where = today.line(tables[0].path)
            message = f"The rates of {where} pay nothing in generation {generation}, so there is nothing to guarantee."
            fault = Fault("guarantee-rateless", message, f"Write a rate for generation {generation}, or take it out.")
            yield today.finding(path, fault)


def _rate(override: Override, rates: tuple[int, ...], generation: int) -> int:
    if generation <= len(rates):
        return rates[generation - 1]
    return rates[-1] if rates and override.deeper == "last rate" else 0


def bands_whole(checked: Checked) -> Iterator[Finding]:
    """A band has both: from where on a group is in it, and what part of its shortfall is asked for."""
    for override in overrides_of(checked):
        guarantee, path = override.value.guarantee, (*override.path, "guarantee")
        if guarantee is None or (guarantee.band_from is None) == (guarantee.band_part is None):
            continue
        given, missing = ("band_part", "band_from") if guarantee.band_from is None else ("band_from", "band_part")
        message = f'A band has a beginning and a part, and beside "{given}" there is no "{missing}".'
        yield checked.source.key((*path, given), Fault("band-half", message, f'Add "{missing}", or take it out.'))


def bands_fit(today: Today) -> Iterator[Finding]:
    """A band begins above nothing and below the guaranteed volume, and asks for more than nothing and less than all."""
    for override in overrides_of(today):
        guarantee, path = override.value.guarantee, (*override.path, "guarantee")
        if guarantee is not None:
            yield from _beginning(today, guarantee, path)
            yield from _part(today, guarantee, path)


def _beginning(today: Today, guarantee: Guarantee, path: Path) -> Iterator[Finding]:
    begins = today.on(guarantee.band_from, *path, "band_from")
    volume = today.on(guarantee.volume, *path, "volume")
    if begins and volume and volume.value and begins.value >= volume.value:
        stands = f"{points_text(volume.value)} in {today.line(volume.path)}"
        message = f"No group that reaches the band at {points_text(begins.value)} leaves anything short of {stands}."
        yield today.finding(begins.path, Fault("band-order", message, "Let the band begin below the volume."))
    if begins and begins.value == 0:
        where = today.line(volume.path) if volume else today.line(path)
        message = (
            f"From 0 on every group below the volume of {where} would be in the band, and one with returns in none."
        )
        yield today.finding(begins.path, Fault("band-zero", message, "Let the band begin at some points."))


def _part(today: Today, guarantee: Guarantee, path: Path) -> Iterator[Finding]:
    part = today.on(guarantee.band_part, *path, "band_part")
    begins = today.on(guarantee.band_from, *path, "band_from")
    if part and part.value in (0, BASIS):
        where = f" of {today.line(begins.path)}" if begins else ""
        says = "nothing" if part.value == 0 else "as much as below it"
        message = f"With {percent_text(part.value)} the band{where} asks for {says}."
        fault = Fault("band-part", message, "Write a part between the two, or change the guaranteed volume.")
        yield today.finding(part.path, fault)
