"""
What several commands are given: files that a person names, months, and how money is written.
"""

from pathlib import Path

import rich_click as click

from backend.kernel.finding import Finding, Place, Refused
from backend.kernel.period import Period

FILE = click.Path(dir_okay=False, path_type=Path)


def read_bytes(path: Path) -> bytes:
    """Return what stands in a file; raises Refused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        message = f"The file cannot be read: {(wrong.strerror or 'unknown reason').lower()}."
        finding = Finding(
            code="file-unreadable",
            place=Place(source=str(path)),
            message=message,
            remedy="Mend the path or its rights.",
        )
        raise Refused([finding])


def span_of(period: Period | None, periods: tuple[Period, ...] | None) -> tuple[Period, ...]:
    """Return the months to compute; one of the two options must say which."""
    if periods is None:
        if period is None:
            raise click.UsageError("Say which month: --period 2026-10, or --periods 2026-08..2026-10.")
        return (period,)
    if period is not None and period not in periods:
        raise click.UsageError(f"--period {period} lies outside of --periods.")
    return periods if period is None else tuple(each for each in periods if each <= period)


def money_text(amount_minor: int, decimals: int) -> str:
    """Return minor units as an amount with its decimals, thousands set apart: `1,234.50`."""
    sign, digits = "-" if amount_minor < 0 else "", str(abs(amount_minor)).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{sign}{int(whole):,}" + (f".{fraction}" if fraction else "")
