"""
Checks of what is paid on volume: activity, personal commission, retail margin and the differential fit each other.
"""

# ruff: noqa: D401 - the docstring of a check is the rule that it checks

from collections.abc import Iterator

from backend.kernel.finding import Finding
from backend.kernel.points import BASIS, percent_text
from backend.plan.forms import Fault
from backend.plan.source import Path
from backend.plan.today import Checked, Today

ONE_LINE = "gross less deductions"


def nothing_idle(checked: Checked) -> Iterator[Finding]:
    """What pays nothing has no settings of how it is paid."""
    plan = checked.plan
    tables = (
        ("personal", plan.personal, ("customer_share", "verified_share")),
        ("differential", plan.differential, ("from_level", "requires", "rounded")),
    )
    for name, table, fields in tables:
        for field in fields:
            said = getattr(table, field) not in {None, "per line"}
            if table.pays == "no" and said and not checked.is_broken((name,)):
                message = f"[{name}] pays nothing, says {checked.line((name, 'pays'))}, so this says nothing."
                fault = Fault("pays-idle", message, f'Take "{field}" out, or write pays = "yes".')
                yield checked.source.key((name, field), fault)


def own_sales_are_paid(checked: Checked) -> Iterator[Finding]:
    """Who is paid on own sales only, for want of activity, is paid on own sales at all."""
    plan = checked.plan
    if plan.active.otherwise == "own sales only" and plan.personal.pays == "no":
        where = checked.line(("personal", "pays"))
        message = f"Own sales are not paid, says {where}, so there is nothing left to pay who is not active."
        fault = Fault("otherwise-idle", message, 'Write otherwise = "forfeit" or "compress up".')
        yield checked.finding(("active", "otherwise"), fault)


def deductions_agree(checked: Checked) -> Iterator[Finding]:
    """What an inactive leg is deducted at, and what becomes of its pay, are one question with one answer."""
    plan = checked.plan
    if plan.differential.deducts != "reached" or plan.active.otherwise != "compress up":
        return
    if plan.differential.pays == "yes" and not checked.is_broken(("active",)):
        where = checked.line(("active", "otherwise"))
        message = (
            f"An inactive leg is deducted at the percent reached, and its pay compresses up, says {where}: not both."
        )
        remedy = 'Write otherwise = "forfeit" in [active], or deducts = "paid" here.'
        yield checked.finding(("differential", "deducts"), Fault("deducts-otherwise", message, remedy))


def one_line_fits(today: Today) -> Iterator[Finding]:
    """One line of gross less deductions truncates, deducts each frontline leg, and leaves no level out."""
    rule = today.plan.differential
    if rule.rounded != ONE_LINE or rule.pays == "no" or today.is_broken(("differential",)):
        return
    path: Path = ("differential", "rounded")
    mode = today.on(today.plan.rounding.mode, "rounding", "mode")
    if mode and mode.value != "truncate":
        message = f'Each deduction is truncated, and [rounding] says "{mode.value}" in {today.line(mode.path)}.'
        fault = Fault("rounded-mode", message, 'Write mode = "truncate", or rounded = "per line".')
        yield today.finding(path, fault)
    if today.plan.rounding.on == "the sum":
        where = today.line(("rounding", "on"))
        message = f"Each deduction is truncated by itself, and {where} rounds the sum of a member's lines."
        fault = Fault("rounded-sum", message, 'Write on = "each line", or rounded = "per line".')
        yield today.finding(path, fault)
    if rule.against != "frontline":
        where = today.line(("differential", "against"))
        message = f"What is taken off are the frontline legs' own lines, and {where} measures against all below."
        fault = Fault("rounded-against", message, 'Write against = "frontline", or rounded = "per line".')
        yield today.finding(path, fault)
    level = today.on(rule.from_level, "differential", "from_level")
    if level and level.value == 2:
        message = f"The line is on the whole group, and {today.line(level.path)} leaves the first level out."
        fault = Fault("rounded-level", message, 'Take from_level out, or write rounded = "per line".')
        yield today.finding(path, fault)
    breakaway = today.plan.breakaway
    if breakaway and breakaway.closes == "volume":
        where = today.line(("breakaway", "closes"))
        message = f"The line is on the whole group, and {where} closes a group's volume and not its differential."
        fault = Fault("rounded-closes", message, 'Let breakaway close both, or write rounded = "per line".')
        yield today.finding(path, fault)


def levels_in_range(today: Today) -> Iterator[Finding]:
    """The differential begins on the first level or on the second."""
    level = today.on(today.plan.differential.from_level, "differential", "from_level")
    if level and not 1 <= level.value <= 2:
        message = f"The differential cannot begin on level {level.value}."
        yield today.finding(level.path, Fault("level-range", message, "Write 1 or 2."))


def promise_can_be_kept(today: Today) -> Iterator[Finding]:
    """The most promised for both together holds only where each percent is measured against the highest below."""
    rule, ladder = today.plan.differential, today.plan.ladder
    promised = today.on(rule.at_most, "differential", "at_most")
    if promised is None or rule.against != "frontline" or (ladder and ladder.frontline_floor == "yes"):
        return
    where = today.line(("differential", "against"))
    message = f"Measured against the frontline, as in {where}, a leg's leader may stand below someone deeper."
    remedy = 'Take the promise out, write against = "highest paid below", or frontline_floor = "yes" in [ladder].'
    yield today.finding(promised.path, Fault("promise-open", message, remedy))


def shares_mean_something(today: Today) -> Iterator[Finding]:
    """A share of sales to customers that full pay asks for is more than nothing."""
    rule = today.plan.personal
    for field, values in (("customer_share", rule.customer_share), ("verified_share", rule.verified_share)):
        share = today.on(values, "personal", field)
        if share and share.value == 0:
            fault = Fault("share-zero", "A share of 0 % is always reached.", f'Raise it, or take "{field}" out.')
            yield today.finding(share.path, fault)


def margin_below_price(today: Today) -> Iterator[Finding]:
    """A margin that is a share of the customer's price is less than the whole price."""
    rule = today.plan.retail
    rate = today.on(rule.rate, "retail", "rate") if rule else None
    if rule and rate and rule.share_of == "price" and rate.value >= BASIS:
        where = today.line(("retail", "share_of"))
        message = f"{percent_text(rate.value)} of the price, as in {where}, leave nothing for the goods."
        yield today.finding(rate.path, Fault("retail-whole", message, "Write less, or a share of cost."))


def year_has_a_month(checked: Checked) -> Iterator[Finding]:
    """The plan's year begins in one of twelve months."""
    month = checked.plan.year_begins_month
    if not 1 <= month <= 12 and not checked.is_broken(("year_begins_month",)):
        fault = Fault("month-range", f"There is no month {month}.", "Write 1 for January to 12 for December.")
        yield checked.finding(("year_begins_month",), fault)
