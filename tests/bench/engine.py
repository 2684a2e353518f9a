"""
A full pass of the engine beside a program in C, set-based SQL and plain Python that compute the same, member by member.

Run by `scripts/bench engine`; it exits with 1 where a figure falls short of its bar, or an engine finds anything else.
tests/bench/README.md says what is compared, in which files companies are handed to other engines, and what was found.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from backend.engine.snapshot import Snapshot
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from backend.plan.terms import Terms
from tests.bench.rivals import company as companies
from tests.bench.rivals import results
from tests.bench.rivals.c_program import CProgram, compiled
from tests.bench.rivals.company import SHAPES, Company, company_of, snapshot_of
from tests.bench.rivals.foreign import Foreign
from tests.bench.rivals.handrail import Handrail, WholePlan, footprint
from tests.bench.rivals.plain import Plain
from tests.bench.rivals.postgresql import PostgreSQL
from tests.bench.rivals.results import Engine
from tests.bench.rivals.rounds import Timed
from tests.databases import session_server

PLAN = Path(__file__).parents[2] / "manifest" / "plans" / "stairstep.toml"
DAY = date(2026, 10, 31)
SEED = 7

SUBSET, WHOLE, IN_C, IN_SQL, IN_PYTHON = "Handrail, the subset", "Handrail, the whole plan", "C", "PostgreSQL", "Python"
NAMES = {"c": IN_C, "sql": IN_SQL, "plain": IN_PYTHON}
C_BAR, WHOLE_BAR, SHAPE_BAR, BYTES_BAR = 1.5, 3.0, 2.0, 200.0
SLOW_BARS = {IN_SQL: 200.0, IN_PYTHON: 100.0}
BARRED_FROM, SLOW_BARRED_FROM = 100_000, 1_000_000
"""From so many members on the bars hold: against C and the engine itself, and against the slow rivals."""


def main() -> int:
    """Measure, print, and say whether every bar was reached."""
    said = _said()
    terms = default_terms()
    reached = [within for size in said.members for within in sizes(size, terms, said)]
    if said.shape_members:
        reached += [*shapes(said.shape_members, terms, said)]
    return 0 if all(reached) else 1


def _said() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--members", type=int, nargs="*", default=[100_000, 1_000_000])
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--rivals", nargs="*", choices=[*NAMES], default=[*NAMES])
    words.add_argument("--slow-members", type=int, default=1_000_000, help="SQL and Python go up to so many members")
    words.add_argument("--slow-rounds", type=int, default=1)
    words.add_argument(
        "--shape-members", type=int, default=100_000, help="of the chain and the star; 0 leaves them out"
    )
    words.add_argument("--write", type=Path, help="a folder that the companies' files are left in, with what was found")
    words.add_argument("--engine", action="append", default=[], help="NAME=COMMAND, as the page says")
    return words.parse_args()


def default_terms() -> Terms:
    """Return the terms of the plan that ships."""
    return terms_on(read_plan(PLAN.read_bytes(), PLAN.name), DAY)


def sizes(size: int, terms: Terms, said: argparse.Namespace) -> Iterator[bool]:
    """Measure a random tree of so many members, print the figures, and yield whether each reaches its bar."""
    company = company_of("random", size, SEED)
    snapshot = snapshot_of(company, terms)
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        fast = _fast(company, snapshot, terms, said, folder)
        slow = _slow(company, terms, said, held) if size <= said.slow_members else {}
        slow |= _foreign(company, terms, said, folder)
        timed = Timed(fast | slow)
        timed.warm(*fast)
        for turn in range(max(said.rounds, said.slow_rounds)):
            timed.turn(*(fast if turn < said.rounds else ()), *(slow if turn < said.slow_rounds else ()))
    print(f"\nrandom tree of {size:,} members: drawn {company.digest()}, found {timed.digest}")
    for name in fast | slow:
        print(f"  {name:26}{1000 * timed.seconds(name):12,.1f} ms of processor time")
    yield from figures(timed, size, [*fast, *slow])
    if said.write:
        leave(company, terms, timed, said.write / str(size))
    taken = footprint(snapshot, terms)
    print(f"  bytes a member: company {taken.snapshot:.0f}, sheet {taken.sheet:.0f}, lines {taken.lines:.0f}, ", end="")
    print(f"most at once beside the company {taken.peak:.0f}")
    yield at_most(
        "bytes a member of company and sheet", taken.snapshot + taken.sheet, BYTES_BAR, holds=size >= BARRED_FROM
    )


def figures(timed: Timed, size: int, names: list[str]) -> Iterator[bool]:
    """Print the ratios of one size beside their bars; small companies have none."""
    subset, holds = timed.seconds(SUBSET), size >= BARRED_FROM
    if IN_C in names:
        yield at_most("the subset to C", subset / timed.seconds(IN_C), C_BAR, holds=holds)
    yield at_most("the whole plan to the subset", timed.seconds(WHOLE) / subset, WHOLE_BAR, holds=holds)
    for name, bar in SLOW_BARS.items():
        if name in names:
            ratio = timed.seconds(name) / subset
            yield at_least(f"{name} to the subset", ratio, bar, holds=size >= SLOW_BARRED_FROM)


def shapes(size: int, terms: Terms, said: argparse.Namespace) -> Iterator[bool]:
    """Measure a line as deep and a member as wide as the company beside a random tree of as many, a member's share."""
    timed: dict[str, Timed] = {}
    with tempfile.TemporaryDirectory() as folder:
        for shape in SHAPES:
            company = company_of(shape, size, SEED)
            timed[shape] = Timed(_fast(company, snapshot_of(company, terms), terms, said, Path(folder)))
            timed[shape].warm(*timed[shape].names)
            print(f"{'' if len(timed) > 1 else chr(10)}{shape} of {size:,} members: drawn {company.digest()}, ", end="")
            print(f"found {timed[shape].digest}")
        for _ in range(said.rounds):
            for each in timed.values():
                each.turn(*each.names)
    for name in timed[SHAPES[0]].names:
        a_member = {shape: 1e9 * each.seconds(name) / size for shape, each in timed.items()}
        print(f"  {name:26}" + ", ".join(f"{shape} {ns:,.0f}" for shape, ns in a_member.items()) + " ns a member")
        for shape in SHAPES[1:] if name != IN_C else ():
            yield at_most(f"{name}: {shape} to {SHAPES[0]} tree", a_member[shape] / a_member[SHAPES[0]], SHAPE_BAR)


def _fast(
    company: Company, snapshot: Snapshot, terms: Terms, said: argparse.Namespace, folder: Path
) -> dict[str, Engine]:
    """Return the engines that take their turn in every round."""
    in_c = {IN_C: CProgram(company, compiled(terms, folder))} if "c" in said.rivals else {}
    return {SUBSET: Handrail(snapshot, terms), **in_c, WHOLE: WholePlan(snapshot, terms)}


def leave(company: Company, terms: Terms, timed: Timed, folder: Path) -> None:
    """Write a company and what every engine found of it, for whoever adds another one."""
    for made in (folder / "company", folder / "results"):
        made.mkdir(parents=True, exist_ok=True)
    companies.written(company, terms, folder / "company")
    results.written(timed.expected, folder / "results")


def _slow(company: Company, terms: Terms, said: argparse.Namespace, held: ExitStack) -> dict[str, Engine]:
    makers: dict[str, Callable[[], Engine]] = {
        "sql": lambda: held.enter_context(PostgreSQL(company, terms, held.enter_context(session_server()))),
        "plain": lambda: Plain(company, terms),
    }
    return {NAMES[name]: made() for name, made in makers.items() if name in said.rivals}


def _foreign(company: Company, terms: Terms, said: argparse.Namespace, folder: Path) -> dict[str, Engine]:
    named = [engine.partition("=") for engine in said.engine]
    return {name: Foreign(company, terms, command, folder) for name, _, command in named}


def at_most(what: str, value: float, bar: float, *, holds: bool = True) -> bool:
    """Print a figure beside its upper bar, or alone where none holds."""
    return _judged(what, value, f"bar at most {bar:.2f}", within=value <= bar, holds=holds)


def at_least(what: str, value: float, bar: float, *, holds: bool = True) -> bool:
    """Print a figure beside its lower bar, or alone where none holds."""
    return _judged(what, value, f"bar at least {bar:.2f}", within=value >= bar, holds=holds)


def _judged(what: str, value: float, bar: str, *, within: bool, holds: bool) -> bool:
    reached = ("reached" if within else "MISSED") if holds else ""
    print(f"{reached:9}{what} {value:.2f}, {bar if holds else 'no bar at this size'}", flush=True)
    return within or not holds


if __name__ == "__main__":
    sys.exit(main())
