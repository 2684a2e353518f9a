"""
The trade's notation: networks, volumes and carried titles as one would write them on a napkin.

`tree("A > B C; B > D")` says who sponsors whom, `points("B 400; D 120.50")` who bought how much. `company(…)` makes a
Snapshot of such words, and `lines_text` writes earning lines back in them.
"""

from collections.abc import Collection, Mapping

import numpy as np

from backend.engine.assemble import Roll, Volumes, snapshot_of
from backend.engine.outcome import Bonus, Outcome
from backend.engine.snapshot import Carried, Snapshot
from backend.kernel.points import percent_text, points_text
from backend.plan.terms import Terms

PERIOD = "2026-10"
LONG_AGO = 365
"""Days since joining of whoever is not said to have joined lately."""


def tree(text: str) -> dict[str, str | None]:
    """Read `A > B C; B > D`: each member with its sponsor, in the order of the words; who has none is a root."""
    sponsors: dict[str, str | None] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        sponsor, _, legs = part.partition(">")
        sponsors.setdefault(sponsor.strip(), None)
        sponsors.update(dict.fromkeys(legs.split(), sponsor.strip()))
    return sponsors


def points(text: str) -> dict[str, int]:
    """Read `B 400; D 120.50` as hundredths of a point by member."""
    return {who: _hundredths(much) for who, much in _pairs(text)}


def counts(text: str) -> dict[str, int]:
    """Read `B 4; D 12` as whole numbers by member."""
    return {who: int(much) for who, much in _pairs(text)}


def words(text: str) -> dict[str, str]:
    """Read `B leader; D seller` as words by member."""
    return dict(_pairs(text))


def carried(text: str, terms: Terms) -> dict[str, Carried]:
    """Read `B leader held 2 missed 1`: titles by their ids, and their clocks."""
    return {who: _carried(what.split(), [title.id for title in terms.titles]) for who, what in _pairs(text)}


def company(terms: Terms, sponsors: str, **words_of: str) -> Snapshot:
    """
    Make a snapshot of a tree and of what is said about its members; names of members are their ids.

    `own` and `customers` are points that are PV and CV alike, `own_cv` and `customer_cv` other CV where it differs.
    `enrolled` is written as a tree, otherwise sponsors enroll; `joined` is days since joining; `trained` lists who has
    done the training; `market` and `carried` go by ids of the terms.
    """
    placed = tree(sponsors)
    own, customers = points(words_of.pop("own", "")), points(words_of.pop("customers", ""))
    own_cv, customer_cv = (points(words_of.pop(name, "")) for name in ("own_cv", "customer_cv"))
    titles = carried(words_of.pop("carried", ""), terms)
    roll = _roll(terms, placed, words_of)
    volumes = Volumes(
        members=list(placed),
        own_pv=_column(placed, own),
        customer_pv=_column(placed, customers),
        own_cv=_column(placed, own | own_cv),
        customer_cv=_column(placed, customers | customer_cv),
        provisional_pv=_column(placed, {}),
    )
    return snapshot_of(period=PERIOD, roll=roll, volumes=volumes, carried=titles, terms=terms)


def lines_text(snapshot: Snapshot, terms: Terms, outcome: Outcome, bonuses: Collection[Bonus]) -> list[str]:
    """
    Write earning lines: `A differential 5 % of 100 through B, 5 % paid below = 5.00`, amounts in hundredths.
    """
    lines = outcome.lines
    chosen = [line for line in range(len(lines)) if lines.bonus[line] in bonuses]
    columns = {name: getattr(lines, name).tolist() for name in lines.__struct_fields__}
    return [_line({name: column[line] for name, column in columns.items()}, snapshot.members) for line in chosen]


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [part.split(maxsplit=1) for part in text.split(";") if part.strip()]
    return [(part[0], part[1].strip()) for part in parts]


def _hundredths(text: str) -> int:
    whole, _, rest = text.strip().partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int(rest.ljust(2, "0") if rest else 0))


def _carried(what: list[str], titles: list[str]) -> Carried:
    clocks = dict(zip(what[1::2], map(int, what[2::2]), strict=True))
    return Carried(title=titles.index(what[0]), **clocks)


def _roll(terms: Terms, placed: dict[str, str | None], words_of: dict[str, str]) -> Roll:
    enrollers = placed | tree(words_of.pop("enrolled", ""))
    joined = dict.fromkeys(placed, LONG_AGO) | counts(words_of.pop("joined", ""))
    trained = set(words_of.pop("trained", "").split())
    market, markets = words(words_of.pop("market", "")), [market.id for market in terms.markets]
    assert not words_of, f"the notation knows no {sorted(words_of)}"
    return Roll(
        ids=list(placed),
        sponsors=list(placed.values()),
        enrollers=[enrollers[who] for who in placed],
        market=np.array([markets.index(market.get(who, markets[0])) for who in placed], np.int32),
        days_since_joining=np.array([joined[who] for who in placed], np.int32),
        training=np.array([who in trained for who in placed], np.bool_),
    )


def _column(placed: Mapping[str, str | None], volumes: Mapping[str, int]) -> np.ndarray:
    assert volumes.keys() <= placed.keys(), f"nobody is called {sorted(volumes.keys() - placed.keys())}"
    return np.array([volumes.get(who, 0) for who in placed], np.int64)


def _line(line: dict[str, int], members: tuple[str, ...]) -> str:
    bonus = Bonus(line["bonus"])
    said = f"{members[line['earner']]} {bonus.name.lower()}"
    if bonus in (Bonus.PERSONAL, Bonus.DIFFERENTIAL, Bonus.OVERRIDE):
        said += f" {percent_text(line['rate_bp'])} of {points_text(line['base_cv'])}"
    if bonus == Bonus.OVERRIDE:
        said += f" from {members[line['source']]}"
    if line["leg"] >= 0:
        said += f" through {members[line['leg']]}"
    if bonus == Bonus.DIFFERENTIAL:
        said += f", {percent_text(line['less_bp'])} paid below"
    if bonus == Bonus.OVERRIDE:
        said += f", generation {line['generation']}"
    return f"{said} = {line['amount_minor'] / 100:.2f}"
