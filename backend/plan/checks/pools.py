"""
Checks of pools: where the money comes from, what splits it, and that no CV pays into one fund twice.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator
from itertools import pairwise

from backend.kernel.dated import Since
from backend.kernel.finding import Finding
from backend.kernel.points import points_text
from backend.plan.checks.volumes import LONGEST_HISTORY
from backend.plan.checks.walk import whole
from backend.plan.document.gates import GroupVolume
from backend.plan.document.rewards import Pool, Tier, Units
from backend.plan.forms import Fault
from backend.plan.today import Checked, Today, Written

LEGS = ("leg_mark", "leg_periods", "of_last")
NEEDED = {"points": (), "equal": (), "volume": (), "leg tiers": ("tiers", *LEGS), "leg units": ("units", *LEGS)}
ALLOWED = NEEDED | {"points": ("leg_points",), "volume": ("volume",), "leg tiers": ("volume", "tiers", *LEGS)}
SETTINGS = ("leg_points", "volume", "tiers", "units", *LEGS)


def _pools(checked: Checked) -> Iterator[Written[Pool]]:
    for number, pool in enumerate(checked.plan.pools):
        if not checked.is_broken(("pools", number)):
            yield Written(pool, ("pools", number))


def one_source(checked: Checked) -> Iterator[Finding]:
    """A pool is a share of CV or a set amount for each share, not both; a set amount needs no fund."""
    for pool in _pools(checked):
        value, path = pool.value, pool.path
        if value.share is None and value.set_amount is None:
            message = f'"{value.id}" has neither a share of CV nor a set amount.'
            fault = Fault("fund-missing", message, 'Add share = { … = "2 %" }, or set_amount.')
            yield checked.finding(path, fault)
        if value.set_amount is None:
            continue
        if value.share is not None:
            message = f"A share of CV already stands in {checked.line((*path, 'share'))}."
            yield checked.source.key((*path, "set_amount"), Fault("fund-both", message, "Keep one of the two."))
        elif value.fund_volume is not None or value.fund != "company":
            field = "fund_volume" if value.fund_volume is not None else "fund"
            message = f"Each share is paid the amount of {checked.line((*path, 'set_amount'))}, and there is no fund."
            fault = Fault("fund-idle", message, f'Take "{field}" out, or write a share in place of the amount.')
            yield checked.source.key((*path, field), fault)


def split_has_its_settings(today: Today) -> Iterator[Finding]:
    """Each way to split has the settings that it needs, and none of another's."""
    for pool in _pools(today):
        value, path = pool.value, pool.path
        for field in SETTINGS:
            found = getattr(value, field)
            given = (today.on(found, *path, field) if isinstance(found, Since) else found) is not None
            if not given and field in NEEDED[value.split]:
                fault = Fault("split-missing", f'A split by "{value.split}" needs "{field}".', f'Add "{field}".')
                yield today.finding((*path, "split"), fault)
            if given and field not in ALLOWED[value.split]:
                stands = f'"{value.split}" in {today.line((*path, "split"))}'
                message = f'The split is by {stands}, which has no "{field}".'
                fault = Fault("split-idle", message, "Take it out, or split another way.")
                yield today.source.key((*path, field), fault)


def fosters_are_of_legs(checked: Checked) -> Iterator[Finding]:
    """A pool tells foster legs apart only where its split counts legs."""
    for pool in _pools(checked):
        if pool.value.fosters != "counted" and "leg_mark" not in NEEDED[pool.value.split]:
            stands = f'"{pool.value.split}" in {checked.line((*pool.path, "split"))}'
            message = f"The split is by {stands}, which counts no legs."
            fault = Fault("split-idle", message, "Take it out, or split another way.")
            yield checked.source.key((*pool.path, "fosters"), fault)


def points_are_given(today: Today) -> Iterator[Finding]:
    """A pool split by points has titles that have some, or points for legs."""
    given = [today.on(title.value.pool_points, *title.path, "pool_points") for title in today.titles()]
    for pool in _pools(today):
        legs = today.on(pool.value.leg_points, *pool.path, "leg_points")
        pointless = not (legs and legs.value) and not any(each and each.value for each in given)
        if pool.value.split == "points" and pointless and whole(today, "titles"):
            message = f'On {today.day} no title has "pool_points" and no leg gives any, so nobody shares in the pool.'
            fault = Fault("pool-pointless", message, 'Give titles "pool_points", or split the pool another way.')
            yield today.finding(pool.path, fault)


def legs_look_back(today: Today) -> Iterator[Finding]:
    """A leg counts by 1 to 63 of the last periods, and by no more of them than are looked at."""
    for pool in _pools(today):
        wanted = today.on(pool.value.leg_periods, *pool.path, "leg_periods")
        looked = today.on(pool.value.of_last, *pool.path, "of_last")
        if looked and not 1 <= looked.value <= LONGEST_HISTORY:
            message = f"A mark is remembered for {LONGEST_HISTORY} periods, and this looks at {looked.value}."
            fault = Fault("periods-range", message, f"Write 1 to {LONGEST_HISTORY} periods.")
            yield today.finding(looked.path, fault)
        elif wanted and wanted.value == 0:
            fault = Fault("condition-idle", "Every leg had the mark in no period.", "Ask for 1 period or more.")
            yield today.finding(wanted.path, fault)
        elif wanted and looked and wanted.value > looked.value:
            most = f"{looked.value} in {today.line(looked.path)}"
            message = f"{wanted.value} periods are more than are looked at: {most}."
            yield today.finding(wanted.path, Fault("periods-order", message, "Ask for fewer, or look at more."))


def tiers_ascend(today: Today) -> Iterator[Finding]:
    """Tiers ascend, each has points for some CV, and the last has no upper end."""
    for pool in _pools(today):
        found = today.on(pool.value.tiers, *pool.path, "tiers")
        tiers = [Written(tier, (*found.path, at)) for at, tier in enumerate(found.value)] if found else []
        if found and not tiers:
            yield today.finding(found.path, Fault("tiers-empty", "There is no tier.", "Write one without an end."))
        for tier in tiers:
            yield from _tier(today, tier, last=tier is tiers[-1])
        for lower, higher in pairwise(tiers):
            if lower.value.up_to and higher.value.up_to is not None and higher.value.up_to <= lower.value.up_to:
                ends = f"{points_text(lower.value.up_to)} in {today.line(lower.path)}"
                message = f"It ends no higher than the tier below: {ends}."
                yield today.finding((*higher.path, "up_to"), Fault("tiers-order", message, "Let tiers ascend."))


def _tier(today: Today, tier: Written[Tier], *, last: bool) -> Iterator[Finding]:
    if last and tier.value.up_to is not None:
        fault = Fault("tiers-end", "CV above the last tier would give nothing.", 'Take "up_to" out of the last tier.')
        yield today.finding((*tier.path, "up_to"), fault)
    if not last and not tier.value.up_to:
        fault = Fault("tiers-end", "No tier after this one would ever be reached.", 'Write "up_to" above 0.')
        yield today.finding(tier.path, fault)
    if tier.value.per == 0:
        fault = Fault("tier-zero", "Points for each 0 of CV are without number.", 'Write "per" above 0.')
        yield today.finding((*tier.path, "per"), fault)


def units_ascend(today: Today) -> Iterator[Finding]:
    """Units go by a number of legs that ascends, from one leg on."""
    for pool in _pools(today):
        found = today.on(pool.value.units, *pool.path, "units")
        rows: list[Units] = list(found.value) if found else []
        if found and not rows:
            yield today.finding(found.path, Fault("units-empty", "There is no row.", "Write legs and units."))
        for at, row in enumerate(rows):
            least = rows[at - 1].legs if at else 0
            if found and row.legs <= least:
                where = f"the row of {today.line((*found.path, at - 1))}" if at else "no leg at all"
                message = f"It begins with {row.legs} legs, no more than {where}."
                fault = Fault("units-order", message, "Let the numbers of legs ascend from 1 on.")
                yield today.finding((*found.path, at, "legs"), fault)


def fund_counts_once(checked: Checked) -> Iterator[Finding]:
    """Each CV is in a fund once: added up over members it is their own alone, and over periods it is paid once."""
    volumes = {volume.id: Written(volume, ("volumes", at)) for at, volume in enumerate(checked.plan.volumes)}
    for pool in _pools(checked):
        name = pool.value.fund_volume
        volume = volumes.get(name or "")
        path = (*pool.path, "fund_volume")
        if name in {"gv", "tgv", "side_volume"}:
            message = f'"{name}" holds the volume of legs, which are in the fund themselves.'
            fault = Fault("fund-legs", message, 'Write "own", or a volume with legs = "no".')
            yield checked.finding(path, fault)
        elif volume and volume.value.legs == "yes":
            message = f"The volume of {checked.line(volume.path)} holds that of legs, which are in the fund themselves."
            fault = Fault("fund-legs", message, 'Write "own", or a volume with legs = "no".')
            yield checked.finding(path, fault)
        elif volume:
            yield from _paid_again(checked, pool, volume)


def _paid_again(checked: Checked, pool: Written[Pool], volume: Written[GroupVolume]) -> Iterator[Finding]:
    yearly = pool.value.paid == "in the last period of the year"
    again = volume.value.window == "lifetime" or (volume.value.window != "period" and not yearly)
    if again and not checked.is_broken(volume.path):
        where = f'"{volume.value.window}" in {checked.line((*volume.path, "window"))}'
        message = f'The fund is paid "{pool.value.paid}", and its volume counts {where}: the same CV pays again.'
        remedy = 'Name a volume of the period, or one of the year with paid = "in the last period of the year".'
        yield checked.finding((*pool.path, "fund_volume"), Fault("fund-again", message, remedy))
