"""
`handrail demo`: the whole product with a living company, and the way in.

The company is drawn once into the data folder and imported up to its beginning; from there its shop is played over
HTTP. What is kept of the course lets a stopped demo go on where it was.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import rich_click as click
import structlog

from backend.cli.logs import json_logs
from backend.demo.begun import Faces, beginning, faces
from backend.demo.company import write_company
from backend.demo.course import Course, check_words, keep_course, read_course
from backend.demo.replay import MONTHS, Replay
from backend.demo.shop import Answer, Shop
from backend.demo.ticker import tick
from backend.files.members import read_members
from backend.files.orders import read_orders
from backend.flows.create_sign_in_link import create_sign_in_link
from backend.flows.import_company import import_company
from backend.flows.open_shop import open_shop
from backend.flows.set_clock import set_clock
from backend.flows.shop_secret import secret_of
from backend.kernel.period import Period, periods_between
from backend.serving import Serving, database
from backend.settings import CHECKOUT, Settings, read_settings
from backend.store.company import FastClock
from backend.store.database import opened
from backend.store.founding import is_founded
from backend.store.views import company_page

PLAN = CHECKOUT / "manifest" / "plans" / "stairstep.toml"
NAME = "Larkfield"
SHOP = "demo-shop"
KEEP_SECONDS = 2.0
LOOK_SECONDS = 0.2
POSTED_AGAIN = timedelta(days=40)
"""A demo that goes on posts so much again: what the intake has, it recognises."""

log = structlog.get_logger()


@click.command()
@click.option("--promoters", type=click.IntRange(2, 100_000), default=350, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed draws the same company.")
@click.option(
    "--speed",
    type=click.IntRange(1, 100_000),
    default=1800,
    show_default=True,
    help="Seconds of the company in one of ours; 1800 is an hour in two seconds.",
)
def command(promoters: int, seed: int, speed: int) -> None:
    """
    Run the whole product with a living company, and print the way in.

    Ctrl+C ends it; started again, it goes on where it was. PORT says where it is served, HANDRAIL_DATA where it lives.
    """
    json_logs("demo")
    asyncio.run(_demo(read_settings(), promoters=promoters, seed=seed, speed=speed))


async def _demo(settings: Settings, *, promoters: int, seed: int, speed: int) -> None:
    folder = settings.data_folder / "demo"
    serving = Serving(settings)
    click.echo("The company is being set up; the first time this takes some seconds.")
    async with database(settings) as dsn:
        course = _course(folder, promoters=promoters, seed=seed, settings=settings)
        async with opened(dsn):
            await _founded(folder, course, settings)
            clock = FastClock(real_at=datetime.now(UTC), company_at=course.company_at, speed=speed)
            await set_clock(real_at=clock.real_at, company_at=clock.company_at, speed=speed)
            secret = secret_of(settings.secret, SHOP, await open_shop(SHOP))
            links = await _links(folder, course)
        replay = _replay(folder, course, settings)
        start = beginning(course.last_period, settings.zone)
        shop = Shop(host=serving.host, port=serving.port, key=SHOP, secret=secret)
        since = max(start, course.company_at - POSTED_AGAIN)
        await _serve(
            serving,
            links,
            tick(replay, shop, since=since, now=clock.now, speed=speed, told=_log_refusals),
            _keep(folder / "course.json", course, clock),
        )


def _course(folder: Path, *, promoters: int, seed: int, settings: Settings) -> Course:
    """Return the course that is kept; where there is none, draw the company and begin one."""
    path = folder / "course.json"
    kept = read_course(path)
    if kept:
        check_words(path, kept, promoters=promoters, seed=seed)
        return kept
    today = datetime.now(UTC)
    until = Period(today.year, today.month)
    write_company(folder, promoters=promoters, seed=seed, until=until)
    shown = _faces(folder, until, settings)
    course = Course(
        promoters=promoters,
        seed=seed,
        until=str(until),
        distributor=shown.distributor,
        sponsor=shown.sponsor,
        company_at=beginning(until, settings.zone),
    )
    keep_course(path, course)
    return course


def _faces(folder: Path, until: Period, settings: Settings) -> Faces:
    """Return who shows the demo, judged by the month before the last one of the files."""
    from backend.files.calculation import computed, terms_of
    from backend.files.company import read_company
    from backend.plan.reading import read_plan

    document = read_plan(PLAN.read_bytes(), PLAN.name)
    periods = list(periods_between(until.plus(1 - MONTHS), until.plus(-1)))
    members, orders = ((folder / name).read_bytes() for name in ("members.csv", "orders.csv"))
    company = read_company(members, orders, zone=settings.zone)
    months = computed(company, [terms_of(document, period) for period in periods], periods, settings.zone)
    return faces(list(months)[-1])


async def _founded(folder: Path, course: Course, settings: Settings) -> None:
    """Import the company up to its beginning, unless that was done before."""
    if await is_founded():
        return
    start = beginning(course.last_period, settings.zone)
    await import_company(
        members_csv=(folder / "members.csv").read_bytes(),
        orders_csv=(folder / "orders.csv").read_bytes(),
        plan_source=PLAN.read_text(encoding="utf-8"),
        name=NAME,
        zone=settings.zone,
        now=start,
        before=start,
    )


def _replay(folder: Path, course: Course, settings: Settings) -> Replay:
    orders = read_orders((folder / "orders.csv").read_bytes(), zone=settings.zone)
    return Replay(orders, until=course.last_period, zone=settings.zone, seed=course.seed)


async def _links(folder: Path, course: Course) -> list[tuple[str, str]]:
    """Return who may come in, in words, each with the path of a fresh sign-in link."""
    members = read_members((folder / "members.csv").read_bytes())
    names = dict(zip(members.member, members.name, strict=True))
    return [
        (f"distributor ({names[course.distributor]})", await create_sign_in_link(member_code=course.distributor)),
        (f"sponsor ({names[course.sponsor]})", await create_sign_in_link(member_code=course.sponsor)),
        ("operator", await create_sign_in_link(member_code=None)),
    ]


async def _serve(serving: Serving, links: list[tuple[str, str]], *beside: Coroutine[None, None, None]) -> None:
    """Serve with the ticker beside it until either ends; print the way in once pages are answered."""
    running = asyncio.create_task(serving.run())
    ready = asyncio.create_task(serving.ready.wait())
    await asyncio.wait([running, ready], return_when=asyncio.FIRST_COMPLETED)
    tasks = [asyncio.create_task(each) for each in beside]
    if ready.done():
        await _numbers(running)
        click.echo(f"Handrail is at {serving.address}\n")
        click.echo("\n".join(f"{who}\n  {serving.address}{path}" for who, path in links))
        click.echo("\nCtrl+C ends it.")
        await asyncio.wait([running, *tasks], return_when=asyncio.FIRST_COMPLETED)
        serving.stop()
    for task in (ready, *tasks):
        task.cancel()
    ends = await asyncio.gather(running, *tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
            raise end


async def _numbers(running: "asyncio.Task[None]") -> None:
    """Wait for the worker's first numbers, without which no page has anything to show."""
    while not running.done() and await company_page() is None:  # noqa: ASYNC110 - another process writes them
        await asyncio.sleep(LOOK_SECONDS)


async def _keep(path: Path, course: Course, clock: FastClock) -> None:
    """Keep how far the clock has come, every two seconds."""
    from msgspec.structs import replace

    while True:
        await asyncio.sleep(KEEP_SECONDS)
        keep_course(path, replace(course, company_at=clock.now()))


def _log_refusals(answers: list[Answer]) -> None:
    for answer in answers:
        if answer.status == "refused":
            log.warning("order-refused", order=answer.order)
