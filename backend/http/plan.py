"""
Plan: the company's plan as people read it. The ladder as stairs, then rule by rule, each with its clause at a tap.

Members and operators read the same page; a member's own market and own step are marked. It is drawn from the terms
that the engine computes with, in the words that the command line prints too.
"""

from collections.abc import Iterator

from babel import Locale
from litestar import MediaType, get
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery
from msgspec import Struct

from backend.http.given import Entered, Reader
from backend.http.render import render
from backend.http.session import Visitor
from backend.http.voice import Spoken
from backend.kernel.points import percent_text
from backend.plan.rules import Rule, Section, Table, beside_stairs, rung_rules, sections
from backend.plan.rules.said import spoken
from backend.plan.terms import Terms
from backend.store import views
from backend.store.views import PlanPage

ACROSS, UP = 100, 40
"""A rung's drawing, as wide and as high; the page stretches it to its text."""


class Rung(Struct, frozen=True, kw_only=True):
    """A step of the ladder: what it pays and asks, and its part of the stairs, which begins at `x`."""

    percent_bp: int
    name: str
    line: "Line"
    state: str
    """`gone`, `here` or `ahead`; empty where nobody in particular looks at it."""
    x: int
    rail: tuple[int, int]
    """Where the rail enters from below, and where it leaves above."""


class Line(Struct, frozen=True, kw_only=True):
    """A rule in the reader's words, with its clause where the rule before it does not bear the same."""

    said: str
    clause: str = ""
    clause_text: str = ""
    below: bool = False


class Sheet(Struct, frozen=True, kw_only=True):
    """A table in the reader's words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Part(Struct, frozen=True, kw_only=True):
    """A section as drawn: rules and tables in reading order."""

    id: str
    title: str
    lines: tuple[Line | Sheet, ...]


class Drawn(Struct, frozen=True, kw_only=True):
    """The whole page: whose it is, of which market, and the markets that have values of their own."""

    title: str
    period: str
    home: str
    market: str
    markets: tuple[str, ...]
    rungs: tuple[Rung, ...]
    """The highest first."""
    parts: tuple[Part, ...]


@get("/plan", media_type=MediaType.HTML)
async def plan(visitor: Entered, locale: Reader, market: FromQuery[str] = "") -> str:
    """Show the plan of the reader's market, or of the one that is asked for; raises 404 for one that the plan lacks."""
    page = await views.plan_page()
    markets = [each.id for each in page.terms.markets]
    if market and market not in markets:
        raise NotFoundException("the plan has no such market")
    own = market or await views.market_of(visitor.member_code)
    step = await _step_of(visitor)
    return draw(page, locale, market=markets.index(own) if own in markets else 0, home=visitor.home, step=step)


def draw(page: PlanPage, locale: Locale, *, market: int, home: str, step: int) -> str:
    """Draw the page for a market; `step` is where the reader stands, or -1."""
    return render("plan.html", locale, drawn=drawn(page, locale, market=market, home=home, step=step))


def drawn(page: PlanPage, locale: Locale, *, market: int, home: str, step: int) -> Drawn:
    """Put a plan into the words of a reader."""
    terms, voice = page.terms.of(market), Spoken(locale)
    differing = page.terms.elsewhere
    return Drawn(
        title=page.title,
        period=terms.on[:7],
        home=home,
        market=terms.markets[market].id,
        markets=tuple(each.id for each in terms.markets) if differing else (),
        rungs=tuple(reversed([*_rungs(page, terms, voice, step=step)])),
        parts=tuple(_part(page, section, voice) for section in beside_stairs(sections(terms, page.rounding_clause))),
    )


async def _step_of(visitor: Visitor) -> int:
    """Return the step on which a member stands; -1 for an operator, and for who has no numbers yet."""
    page = None if visitor.operator else await views.member_page(visitor.member_code)
    return page.standing.step if page else -1


def _rungs(page: PlanPage, terms: Terms, voice: Spoken, *, step: int) -> Iterator[Rung]:
    for index, (rung, rule) in enumerate(zip(terms.steps, rung_rules(terms), strict=True)):
        x, width = ACROSS * index // len(terms.steps), ACROSS // len(terms.steps)
        yield Rung(
            percent_bp=rung.percent_bp,
            name="" if rung.name == percent_text(rung.percent_bp) else rung.name,
            line=_line(page, rule, voice),
            state="" if step < 0 else "here" if index == step else "gone" if index < step else "ahead",
            x=x,
            rail=(x - width, x),
        )


def _part(page: PlanPage, section: Section, voice: Spoken) -> Part:
    lines: list[Line | Sheet] = []
    cited = ""
    for part in section.parts:
        if isinstance(part, Table):
            lines += [_sheet(part, voice), *_row_clauses(page, part, voice)]
        else:
            lines.append(_line(page, part, voice, cited=cited))
            cited = part.clause or cited
    return Part(id=section.id, title=spoken(section.title, voice), lines=tuple(lines))


def _line(page: PlanPage, rule: Rule, voice: Spoken, *, cited: str = "") -> Line:
    said = spoken(rule.said, voice)
    if not rule.clause or rule.clause == cited:
        return Line(said=said, below=rule.below)
    return Line(said=said, clause=rule.clause, clause_text=page.clauses[rule.clause], below=rule.below)


def _row_clauses(page: PlanPage, table: Table, voice: Spoken) -> list[Line]:
    """Return what opens into the clause of each row, by the row's name, where rows have clauses of their own."""
    names = [(row[0], clause) for row, clause in zip(table.rows, table.clauses, strict=False) if clause]
    return [_line(page, Rule(name, clause, below=True), voice) for name, clause in names]


def _sheet(table: Table, voice: Spoken) -> Sheet:
    rows = tuple(tuple(spoken(cell, voice) for cell in row) for row in table.rows)
    return Sheet(heads=tuple(spoken(head, voice) for head in table.heads), rows=rows)
