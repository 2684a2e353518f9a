"""
The trade's notation: networks, volumes and carried titles as one would write them on a napkin.

`tree("A > B C; B > D")` says who sponsors whom, `points("B 400; D 120.50")` who bought how much. `company(…)` makes a
Snapshot of such words, and `tests.lines` writes earning lines back in them.
"""

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from backend.engine.columns.sheet import held_width
from backend.engine.outcome import State
from backend.engine.periods.assemble import STATED, Roll, Units, Volumes, snapshot_of
from backend.engine.periods.history import slots_of, width
from backend.engine.snapshot import Carried, Snapshot
from backend.plan.terms import Terms

PERIOD = "2026-10"
LONG_AGO = 365
"""Days since joining of whoever is not said to have joined lately."""

LISTED = {"foster": "foster", "closed": "closed", "granted": "granted"}
DENIED = {"owing": "fees_paid", "uncleared": "cleared"}
YES_OR_NO = {"said_active": "active_stated", "said_qualified": "qualified"}
SHARES = {
    "sold": "customer_share_bp",
    "verified": "verified_share_bp",
    "percent_held": "percent_held_bp",
}
"""What a company may state, as words of `company` and columns: lists, who has not, yes or no, percents."""

PAUSES = {"compliance": State.HELD_COMPLIANCE, "payment": State.HELD_PAYMENT}


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

    `own` and `customers` are points that are PV and CV alike, `own_cv` and `customer_cv` other CV where it differs;
    `first` is the part of `own` that is a first order, `first_cv` its CV where that differs. `units` of products are
    written `B tea 3, mug 1`, and `first_units` is the part of them in first orders. `enrolled` is written as a tree,
    otherwise sponsors enroll; `joined` is days since joining; `trained`, `foster`, `closed`, `granted` are lists, and
    so are `owing`, of who owes fees, and `uncleared`, of whom compliance has not cleared; `market`, `carried`,
    `earlier_marks`, `earlier_volumes` and `held_paid` go by ids of the terms. `said_active` and `said_qualified` are
    yes or no, `sold`, `verified` and `percent_held` percents, `bought` counts customers, `paused` says what holds pay.
    `period` is another than `PERIOD`.
    """
    placed = tree(sponsors)
    period = words_of.pop("period", "") or PERIOD
    volumes = _volumes(placed, words_of)
    before = carried(words_of.pop("carried", ""), terms)
    for name, slots in (("earlier_marks", _marks), ("earlier_volumes", _slots), ("held_paid", _paid)):
        for who, text in words(words_of.pop(name, "")).items():
            before[who] = replace(before.get(who, Carried()), **slots(text, terms))
    roll = _roll(terms, placed, words_of)
    return snapshot_of(period=period, roll=roll, volumes=volumes, carried=before, terms=terms)


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


def _marks(text: str, terms: Terms) -> dict[str, tuple[int, ...]]:
    """Read `star 1101, gold 1`: whether each mark held one period ago, two periods ago, and so on."""
    told = dict(part.split() for part in text.split(","))
    assert told.keys() <= {mark.id for mark in terms.marks}, f"the plan has no mark {sorted(told)}"
    return {"marks": tuple(int(told.get(mark.id, "0")[::-1], 2) for mark in terms.marks)}


def _slots(text: str, terms: Terms) -> dict[str, tuple[int, ...]]:
    """Read `quarter 500 300, year 900`: earlier periods' points that are CV too, the latest first, or their sum."""
    told = {part.split()[0]: [_hundredths(much) for much in part.split()[1:]] for part in text.split(",")}
    assert told.keys() <= {volume.id for volume in terms.volumes}, f"the plan has no volume {sorted(told)}"
    slots = [0] * width(terms)
    for volume, place in zip(terms.volumes, slots_of(terms), strict=True):
        for at, much in enumerate(told.get(volume.id, [])):
            slots[place.first + at] = slots[place.first + place.held + at] = much
    return {"volumes": tuple(slots)}


def _paid(text: str, terms: Terms) -> dict[str, tuple[int, ...]]:
    """Read `leader 2 100.00, senior 0 75`: how many periods ago a title last paid its bonus, and all it has paid."""
    titles, found = [title.id for title in terms.titles], [0] * held_width(terms)
    for title, since, amount in (part.split() for part in text.split(",")):
        at = 2 * titles.index(title)
        found[at : at + 2] = int(since), _hundredths(amount)
    return {"held_paid": tuple(found)}


def _volumes(placed: dict[str, str | None], words_of: dict[str, str]) -> Volumes:
    said = {
        name: points(words_of.pop(name, ""))
        for name in ("own", "customers", "own_cv", "customer_cv", "first", "first_cv")
    }
    return Volumes(
        members=list(placed),
        own_pv=_column(placed, said["own"]),
        customer_pv=_column(placed, said["customers"]),
        own_cv=_column(placed, said["own"] | said["own_cv"]),
        customer_cv=_column(placed, said["customers"] | said["customer_cv"]),
        provisional_pv=_column(placed, {}),
        first_pv=_column(placed, said["first"]),
        first_cv=_column(placed, said["first"] | said["first_cv"]),
        units=_units(words_of.pop("units", ""), words_of.pop("first_units", "")),
    )


def _units(every: str, first: str) -> tuple[Units, ...]:
    """Read `B tea 3, mug 1; C tea -1`: units of products by member, those of first orders apart from the rest."""
    counted = {False: _products(every), True: _products(first)}
    rest = {key: count - counted[True].get(key, 0) for key, count in counted[False].items()}
    return tuple(
        Units(member=member, product=product, count=count, first=of_first)
        for of_first, found in ((False, rest), (True, counted[True]))
        for (member, product), count in found.items()
    )


def _products(text: str) -> dict[tuple[str, str], int]:
    parts = [(who, part.split()) for who, said in _pairs(text) for part in said.split(",")]
    return {(who, product): int(count) for who, (product, count) in parts}


def _roll(terms: Terms, placed: dict[str, str | None], words_of: dict[str, str]) -> Roll:
    enrollers = placed | tree(words_of.pop("enrolled", ""))
    joined = dict.fromkeys(placed, LONG_AGO) | counts(words_of.pop("joined", ""))
    trained = set(words_of.pop("trained", "").split())
    market, markets = words(words_of.pop("market", "")), [market.id for market in terms.markets]
    stated = _stated(placed, words_of)
    assert not words_of, f"the notation knows no {sorted(words_of)}"
    return Roll(
        ids=list(placed),
        sponsors=list(placed.values()),
        enrollers=[enrollers[who] for who in placed],
        market=np.array([markets.index(market.get(who, markets[0])) for who in placed], np.int32),
        days_since_joining=np.array([joined[who] for who in placed], np.int32),
        training=np.array([who in trained for who in placed], np.bool_),
        stated=stated,
    )


def _stated(placed: dict[str, str | None], words_of: dict[str, str]) -> dict[str, np.ndarray]:
    """Return the columns of what the company is said to state."""
    told: dict[str, dict[str, int]] = {}
    for word, name in LISTED.items():
        told[name] = dict.fromkeys(words_of.pop(word, "").split(), 1)
    for word, name in DENIED.items():
        told[name] = dict.fromkeys(words_of.pop(word, "").split(), 0)
    for word, name in YES_OR_NO.items():
        told[name] = {who: ("no", "yes").index(said) for who, said in words(words_of.pop(word, "")).items()}
    for word, name in SHARES.items():
        told[name] = points(words_of.pop(word, ""))
    told["customers"] = counts(words_of.pop("bought", ""))
    told["paused"] = {who: int(PAUSES[said]) for who, said in words(words_of.pop("paused", "")).items()}
    return {
        name: _column(placed, said, STATED[name]).astype(np.bool_ if isinstance(STATED[name], bool) else np.int32)
        for name, said in told.items()
    }


def _column(placed: Mapping[str, str | None], values: Mapping[str, int], otherwise: int = 0) -> np.ndarray:
    assert values.keys() <= placed.keys(), f"nobody is called {sorted(values.keys() - placed.keys())}"
    return np.array([values.get(who, otherwise) for who in placed], np.int64)
