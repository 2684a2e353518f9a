"""
`handrail demo-company`: write the files of a company that is drawn from real purchases.
"""

from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from backend.cli.words import PERIOD
from backend.demo.company import LARGE, write_company
from backend.demo.promoters import Shape
from backend.demo.purchases import MONTHS
from backend.kernel.period import Period


@click.command()
@click.option("--promoters", type=click.IntRange(1, 1_000_000), default=350, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed draws the same company.")
@click.option(
    "--until", type=PERIOD, default=None, help="The last of the twelve months.  [default: this month, in UTC]"
)
@click.option(
    "--months",
    type=click.IntRange(1, MONTHS),
    default=None,
    help=f"How many of the twelve, counted back from the last, have orders.  [default: 12; 1 from {LARGE:,} people on]",
)
@click.option(
    "--shape",
    type=click.Choice([shape.value for shape in Shape]),
    default=Shape.GROWN.value,
    show_default=True,
    help="Grown as real networks are, a line of one leg each, or everybody under the first.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
def command(*, promoters: int, seed: int, until: Period | None, months: int | None, shape: str, out: Path) -> None:
    """
    Write members.csv and orders.csv of a company drawn from real purchases.

    The purchases are those of the public CDNOW data set, July 1997 to June 1998, dated again month by month. The same
    words give the same bytes.
    """
    today = datetime.now(UTC)
    write_company(
        out,
        promoters=promoters,
        seed=seed,
        until=until or Period(today.year, today.month),
        months=months,
        shape=Shape(shape),
    )
    click.echo(f"{out / 'members.csv'}\n{out / 'orders.csv'}")
