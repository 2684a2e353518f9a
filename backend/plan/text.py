"""
The plan on one day as people read it: rules in words, tables where numbers stand side by side, each with its clause.

Plain text, some ninety columns wide; what stands here is made from the same terms that the engine computes with, so
whoever reads it reads what is paid.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import fill

from backend.kernel.points import percent_text
from backend.plan.currencies import DECIMALS
from backend.plan.document import Document
from backend.plan.phrases import minor_words, points_words, requirement_words
from backend.plan.resolve import terms_on
from backend.plan.terms import Market, Terms

WIDTH = 92
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ROUNDINGS = ("half and more up", "halves to the even side", "cut off")


def plan_text(document: Document, day: date) -> str:
    """Return the plan as it stands on a day; raises Refused where it does not hold then."""
    terms = terms_on(document, day)
    sections = [
        _heading(document, day),
        _section("Volume and activity", _volume(terms)),
        _section("The ladder", _ladder(terms)),
        _section("What is paid on it", _differential(terms)),
        _section("Titles", _titles(terms)),
        _section("Overrides", _overrides(terms)),
        _section("Pool and bonuses", _bonuses(terms)),
        _section("Markets", _markets(terms)),
        _section("Rounding", [_rounding(document, terms)]),
        _section("The clauses", _clauses(document)),
    ]
    return "\n\n".join(sections) + "\n"


def _heading(document: Document, day: date) -> str:
    until = f" until {document.ends}" if document.ends else ""
    lines = [document.title, f"{document.name}, as it stands on {day}; it holds from {document.begins}{until}."]
    return "\n".join([*lines, *([document.company] if document.company else [])])


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([title, "─" * len(title), *lines])


def _rule(text: str, clause: str) -> str:
    """Return a sentence over as many lines as it needs, with its clause at the end."""
    return fill(f"{text}  [{clause}]" if clause else text, WIDTH, subsequent_indent="    ")


def _rows(rows: Sequence[tuple[str, ...]], *, right: set[int]) -> list[str]:
    """Return rows as columns; those of numbers stand to the right. The last column is wrapped under itself."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [c.rjust(w) if n in right else c.ljust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True))]
        head = "".join(f"{cell}  " for cell in cells[:-1])
        line = fill(cells[-1].rstrip(), WIDTH - len(head), drop_whitespace=True)
        lines.append(head + line.replace("\n", "\n" + " " * len(head)))
    return lines


def _volume(terms: Terms) -> list[str]:
    limit = (
        f"at most {points_words(terms.own_pv_limit)} of own orders count"
        if terms.own_pv_limit
        else "no limit on own orders"
    )
    return [
        _rule(f"PV: own orders and those of own customers; {limit}.", terms.own_pv_limit_clause),
        _rule(f"Active in a month: {requirement_words(terms.active, terms)}.", terms.active.clause),
    ]


def _ladder(terms: Terms) -> list[str]:
    rows = [("step", "percent", "clause", "asks for")]
    rows += [
        (step.id, percent_text(step.percent_bp), step.clause, requirement_words(step.requirement, terms))
        for step in terms.steps
    ]
    return _rows(rows, right={1})


def _differential(terms: Terms) -> list[str]:
    breaks = f"A leg breaks away when its leader has {requirement_words(terms.breakaway, terms)}"
    stays = f"it stays so while its leader keeps the title {terms.titles[terms.breakaway_title].name}"
    top = percent_text(terms.steps[-1].percent_bp)
    return [
        _rule("On own PV: the step's percent of its CV.", terms.personal_clause),
        _rule(
            f"On legs: the own percent less the highest paid below, never less than zero. Both together at most {top}.",
            terms.differential_clause,
        ),
        _rule(f"{breaks}; {stays}.", terms.breakaway.clause),
    ]


def _titles(terms: Terms) -> list[str]:
    lines = []
    for title in terms.titles:
        lines.append(_rule(f"{title.name}: {requirement_words(title.requirement, terms)}.", title.requirement.clause))
        if title.keep.any_of:
            lines.append(_rule(f"    kept by: {requirement_words(title.keep, terms)}.", title.keep.clause))
    return [*lines, _maintenance(terms)]


def _maintenance(terms: Terms) -> str:
    window, grace = terms.maintenance.window_periods, terms.maintenance.grace_periods
    takes = f"A title falls when what keeps it is missed {_times(window)} in a row"
    first = f"; {'the first miss is' if grace == 1 else f'the first {grace} misses are'} grace" if grace else ""
    risk = f", and from the {_ordinal(grace)} on the title is at risk" if grace + 1 < window else ""
    return _rule(f"{takes}{first}{risk}.", terms.maintenance.clause)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _overrides(terms: Terms) -> list[str]:
    rates = [percent_text(rate) for rate in terms.overrides.rates_bp]
    rows = [("title", *[_ordinal(number) for number in range(len(rates))])]
    rows += [
        (title.name, *[rate if number < title.generations else "–" for number, rate in enumerate(rates)])
        for title in terms.titles
        if title.generations
    ]
    gate = f"To earn them: {requirement_words(terms.overrides.gate, terms)}. Who does not is passed over."
    head = "On the CV of groups that broke away, by title and generation, counted upward:"
    table = _rows(rows, right=set(range(1, len(rates) + 1)))
    return [_rule(head, terms.overrides.clause), *table, _rule(gate, terms.overrides.gate.clause)]


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"no. {number + 1}"


def _bonuses(terms: Terms) -> list[str]:
    lines = list(_pool(terms))
    if any(title.fast_start_minor for title in terms.titles):
        days = terms.fast_start.within_days
        paid = _amounts(terms, {title.name: title.fast_start_minor for title in terms.titles})
        lines.append(_rule(f"Fast start, for a title within {days} days of joining: {paid}.", terms.fast_start.clause))
    if any(title.held_bonus_minor for title in terms.titles):
        months = terms.title_held.successive_periods
        paid = _amounts(terms, {title.name: title.held_bonus_minor for title in terms.titles})
        lines.append(_rule(f"Once, for a title held {months} months in a row: {paid}.", terms.title_held.clause))
    return lines or ["None."]


def _pool(terms: Terms) -> Iterator[str]:
    if not terms.pool.share_bp:
        return
    points = ", ".join(f"{title.name} {title.pool_points}" for title in terms.titles if title.pool_points)
    leg = f", and {terms.pool.leg_points} for each leg broken away" if terms.pool.leg_points else ""
    yield _rule(
        f"Pool: {percent_text(terms.pool.share_bp)} of the company's CV, by points: {points}{leg}.", terms.pool.clause
    )
    yield _rule(f"    To share in it: {requirement_words(terms.pool.gate, terms)}.", terms.pool.gate.clause)


def _amounts(terms: Terms, amounts: dict[str, int]) -> str:
    currency = terms.markets[0].currency
    given = ((name, minor) for name, minor in amounts.items() if minor)
    return ", ".join(f"{name} {minor_words(minor, currency, DECIMALS[currency])}" for name, minor in given)


def _markets(terms: Terms) -> list[str]:
    rows: list[tuple[str, ...]] = [("market", "a point is worth", "return days", "pool weight", "clause")]
    rows += [_market(market) for market in terms.markets]
    return [*_rows(rows, right={1, 2, 3}), f"Members of no market here follow {terms.markets[0].id}."]


def _market(market: Market) -> tuple[str, ...]:
    worth = minor_words(market.minor_per_point, market.currency, DECIMALS[market.currency])
    return market.id, worth, str(market.return_days), str(market.pool_weight), market.clause


def _rounding(document: Document, terms: Terms) -> str:
    text = f"Each line of pay becomes whole minor units of its currency: {ROUNDINGS[terms.rounding]}."
    return _rule(text, document.rounding.clause)


def _clauses(document: Document) -> list[str]:
    width = max(len(clause) for clause in document.clauses)
    return [
        fill(text, WIDTH, initial_indent=f"{clause.ljust(width)}  ", subsequent_indent=" " * (width + 2))
        for clause, text in document.clauses.items()
    ]
