"""
What a month owes for earlier ones, as text: a table of the whole, and a member's lines one by one.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.table import Table

from backend.cli.given import money_text
from backend.engine.periods.adjustments import Adjustment
from backend.files.rows import AdjustmentResult, UnrecoveredResult
from backend.plan.currencies import DECIMALS


def adjustment_table(rows: Iterable[AdjustmentResult]) -> Table:
    """Return what is adjusted, summed by earlier month, bonus and currency: posted up to then, due now, difference."""
    table = Table("adjusts", "bonus", "currency", box=None)
    for head in ("posted", "due", "difference", "lines"):
        table.add_column(head, justify="right")
    for (month, bonus, currency), found in groupby(sorted(rows, key=_kind), key=_kind):
        lines = list(found)
        sums = (sum(getattr(line, name) for line in lines) for name in ("posted_minor", "due_minor", "amount_minor"))
        amounts = (money_text(amount, DECIMALS[currency]) for amount in sums)
        table.add_row(month, bonus.replace("_", " "), currency, *amounts, f"{len(lines):,}")
    return table


def unrecovered_text(rows: Iterable[UnrecoveredResult]) -> str:
    """Say that what came back lowers no month, and with which month a calculation begins that recovers it."""
    months = [row.of_period for row in rows]
    returns = "1 return is" if len(months) == 1 else f"{len(months):,} returns are"
    return f"{returns} not recovered: their orders lie before the first month. Begin the span with {min(months)}."


def adjusted_lines(found: Iterable[Adjustment], member: str, number: str = "") -> Iterator[str]:
    """Yield a member's adjustments as lines: which month, on what, what was posted, what is due, and the difference."""
    for each in found:
        of = each.of
        if of.earner == member and number in ("", of.bonus, of.bonus.partition(":")[0]):
            amounts = (each.posted_minor, each.due_minor, each.amount_minor)
            posted, due, amount = (f"{money_text(one, DECIMALS[of.currency])} {of.currency}" for one in amounts)
            through = f" · through {of.leg}" if of.leg and of.leg != of.source else ""
            generation = f" · generation {of.generation}" if of.generation else ""
            said = f"{of.bonus.replace('_', ' ')}{generation}{f' · from {of.source}' if of.source else ''}{through}"
            yield f"  {amount} · {each.period} {said} · posted {posted}, due {due}"


def _kind(row: AdjustmentResult) -> tuple[str, str, str]:
    return row.of_period, row.bonus, row.currency
