"""
A stage: the whole site, served on the hand-made cast, for what concerns the screens and not the numbers.

`uvicorn --factory tests.http.stage:served` serves it. What reads the store is replaced here and nowhere else; hub,
routes, pages, streams and headers are the product's own. A sign-in link's token is the code of who enters, and
`company` the operator. `POST /stage/orders` changes a number as an order would.
"""

import signal
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
from litestar import Litestar, Request, get, post
from litestar.params import JSONBody

from backend.flows.ports import EngineAway
from backend.forecast.change import Changes
from backend.forecast.preview import Preview
from backend.http import session as sessions
from backend.http.site import site
from backend.kernel.trace import Trace
from backend.live.hub import Hub
from backend.store import views
from backend.store.views import CompanyPage, MemberPage, PlanPage
from tests.http import cast, foreseen

OPERATOR = "company"


class Session(msgspec.Struct, frozen=True):
    """Who entered, as the store would say it."""

    token: str
    role: str
    member_code: str


class Script:
    """What the stage shows at present."""

    def __init__(self) -> None:
        """Begin with the cast."""
        self.member = cast.member_page()
        self.company = cast.company_page()

    def order(self, points: int) -> None:
        """Let an order of so many hundredths of a point reach Amara's page."""
        standing = self.member.standing
        self.member = msgspec.structs.replace(
            self.member,
            revision=self.member.revision + 1,
            computed_at=self.member.computed_at + timedelta(seconds=5),
            now=self.member.now + timedelta(seconds=5),
            standing=msgspec.structs.replace(standing, gv_points=standing.gv_points + points),
        )


class Answers:
    """An engine that explains the group volume only, foresees what the cast does, and is away while told to be."""

    away = False

    async def explain(self, member: str, number: str = "") -> tuple[Trace, ...]:
        """Return the trace of the group volume; the member is the cast's."""
        assert member
        assert number
        if self.away:
            raise EngineAway
        pv = Trace(name="pv", value=15250, unit="points", rule="3.1")
        leg = Trace(name="leg", value=608800, unit="points", rule="4.2", about={"member": "LUIS"})
        return (Trace(name="gv", value=624050, unit="points", rule="4.2", parts=(pv, leg), adds_up=True),)

    async def changes(self, member: str) -> Changes:
        """Return what would change for the member of the cast."""
        assert member
        if self.away:
            raise EngineAway
        return foreseen.changes()

    async def breakaway(self, member: str, leg: str) -> Preview:
        """Return the breakaway of a leg of the cast's member."""
        assert member
        if self.away:
            raise EngineAway
        return foreseen.preview(leg=leg)


SCRIPT = Script()


async def member_page(code: str) -> MemberPage | None:
    """Return Amara's page, under her code alone."""
    return SCRIPT.member if code == SCRIPT.member.code else None


async def company_page() -> CompanyPage:
    """Return the company's page."""
    return SCRIPT.company


async def plan_terms() -> object:
    """Return the cast's plan."""
    return cast.terms()


async def plan_clauses() -> dict[str, str]:
    """Return the cast's clauses in words."""
    return {number: f"What clause {number} says." for number in ("2.1", "3.1", "4.2")}


async def plan_page() -> PlanPage:
    """Return the plan that ships."""
    return cast.plan_page()


async def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of those legs of the cast whose codes are asked for."""
    asked = set(codes)
    return {leg.code: leg.name for leg in SCRIPT.member.legs if leg.code in asked}


async def market_of(code: str) -> str:
    """Return the market of everybody."""
    return "US" if code else ""


async def session_of(token: str) -> Session | None:
    """Return the session whose token is its code."""
    return await sign_in(token)


async def sign_in(token: str) -> Session | None:
    """Enter by code; what holds a dot is no code."""
    if "." in token:
        return None
    return Session(token, "operator", "") if token == OPERATOR else Session(token, "member", token)


async def sign_out(token: str) -> None:
    """Leave; the stage remembers nobody."""
    assert token


@post("/stage/orders")
async def orders(data: JSONBody[dict[str, int]], request: Request[Any, Any, Any]) -> dict[str, int]:
    """Change a number and announce it."""
    SCRIPT.order(data["points"])
    request.app.state.hub.announce(SCRIPT.member.code)
    return {"revision": SCRIPT.member.revision}


@get("/stage/broken")
async def broken() -> None:
    """Make a mistake."""
    raise ZeroDivisionError("a secret detail")


@get("/stage/away")
async def away() -> None:
    """Lose the database."""
    raise ConnectionRefusedError("a secret address")


def play(put: Callable[[object, str, object], None]) -> Litestar:
    """Return the site on the cast; `put` sets an attribute, for good or until a test is over."""
    for name in (member_page, company_page, plan_terms, plan_clauses, plan_page, names_of, market_of, session_of):
        put(views, name.__name__, name)
    for name in (sign_in, sign_out):
        put(sessions, name.__name__, name)
    put(SCRIPT, "member", cast.member_page())
    staged = site([])
    staged.state.hub = Hub()
    staged.state.engine = Answers()
    for handler in (orders, broken, away):
        staged.register(handler)
    return staged


def served() -> Litestar:
    """Return the site for a process of its own, in which a signal to stop ends the streams first."""
    staged = play(setattr)
    staged.on_startup.append(partial(_end_streams_first, staged.state.hub))
    return staged


def _end_streams_first(hub: Hub) -> None:
    """Put the end of the streams before what the server does at a signal."""
    for number in (signal.SIGTERM, signal.SIGINT):
        usual = signal.getsignal(number)
        assert callable(usual)
        signal.signal(number, partial(_stop, hub, usual))


def _stop(hub: Hub, usual: Callable[[int, object], object], number: int, frame: object) -> None:
    """End the streams, then do the usual."""
    hub.stop()
    usual(number, frame)
