"""
Drafts: plan documents drawn at random over the whole grammar of a plan file, as the TOML that a company would send in.

What may stand in a document is read from its structs, so a new setting is drawn as soon as it is there. `together` says
what belongs together; beside it a draft is careless now and then, so that settings contradict each other, names point
nowhere, and values are missing or of another market alone.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, Literal, get_args, get_origin

from msgspec import NODEFAULT
from msgspec.structs import fields

from backend.kernel.dated import Since
from backend.plan import forms
from backend.plan.decode import NONE, accepts_nothing, form_of, hints, is_union, present
from backend.plan.document import SCHEMA, Document
from backend.plan.document.rewards import PaidBonus
from tests.plan.draft_values import Numbers, Site
from tests.plan.together import (
    BESIDE,
    BREAKAWAY,
    EITHER,
    LENGTHS,
    NAMES,
    NEEDS,
    NOT_BY_MARKET,
    PAID_BY,
    ROW_NAMES,
    SINGLE,
    TAGS,
    agree,
    measures_at,
)

BEGINS = date(2026, 1, 1)
CHANGES = (date(2026, 2, 1), date(2026, 2, 15), date(2026, 3, 1))
ENDS = date(2026, 12, 1)
CURRENCIES = ("USD", "EUR", "JPY", "KWD")
ASKED = ("requires", "requalify", "keep", "fast_track", "paid_requires")
RARE = ("beyond_first", "of_several_lines", "of_one_line")
"""What a guarantee or an override says whenever it can, for it hardly ever comes about otherwise."""

ARRAYS = tuple(each.name for each in fields(Document) if get_origin(each.type) is tuple and each.default == ())
"""The arrays of tables that may be empty."""

TABLES = tuple(each.name for each in fields(Document) if each.default is None)
"""What a plan may say once, or not at all."""


class Draft:
    """One plan being drafted; `careless` is how often it does what makes no sense."""

    def __init__(self, seed: int) -> None:
        """Draw how large the plan is and how much it says."""
        self.chance = random = Random(seed)
        self.careless = random.choice((0.0, 0.0, 0.0, 0.01, 0.04))
        self.often = random.choice((0.3, 0.6, 0.9))
        self.sizes = {
            "steps": random.randint(1, 5),
            "titles": random.randint(1, 5),
            "markets": random.choice((1, 1, 2, 3)),
            **{table: random.choice((0, 1, 1, 2)) for table in ARRAYS},
        }
        self.late_marks = random.randint(0, self.sizes["marks"])
        self.volumes = [random.choice(("any", "any", "own", "marked")) for _ in range(self.sizes["volumes"])]
        self.tables = {name for name in TABLES if random.random() < SINGLE.get(name, 0.4)}
        self.changes = [day for day in CHANGES if random.random() < 0.3]
        self.numbers = Numbers(Random(seed + 1), [random.choice(CURRENCIES) for _ in range(self.sizes["markets"])])

    def maybe(self, probability: float) -> bool:
        """Say yes with a probability."""
        return self.chance.random() < probability

    def has(self, table: str) -> bool:
        """Say whether the plan has a table, or at least one of an array."""
        return table in self.tables or self.sizes.get(table, 0) > 0

    def slips(self) -> bool:
        """Say whether the draft is careless here."""
        return self.maybe(self.careless)

    def document(self) -> dict[str, Any]:
        """Return the whole document as TOML values."""
        plan: dict[str, Any] = {"schema": SCHEMA, "name": "draft", "title": "A draft", "period": "month"}
        plan |= {"begins": BEGINS} | ({"ends": ENDS} if self.maybe(0.2) else {})
        for each in fields(Document):
            if each.name in plan or each.name in {"clauses", "company", "ends"}:
                continue
            if each.name in self.sizes:
                kind = get_args(hints(Document)[each.name])[0]
                rows = [self.table(kind, Site(each.name, row)) for row in range(self.sizes[each.name])]
                plan |= {each.name: rows} if rows else {}
            elif each.default is NODEFAULT or each.name in self.tables or each.name == "year_begins_month":
                plan[each.name] = self.value(hints(Document)[each.name], Site(each.name, 0, "Document", each.name))
        if not self.slips():
            agree(plan)
        return plan | {"clauses": {clause: f"Clause {clause}." for clause in sorted(set(clauses_in(plan)))}}

    def value(self, kind: Any, site: Site) -> Any:
        """Draw a value of a type."""
        kind = present(kind)
        if form := form_of(kind):
            return self.written(form, site)
        if is_union(kind):
            return self.one_of(kind, site, [])
        drawn = {Since: self.dated, tuple: self.array, Literal: self.word}.get(get_origin(kind), self.table)
        return drawn(kind, site)

    def written(self, form: forms.Form, site: Site) -> Any:
        """Draw a number, a day, a text, or the name of something."""
        if self.slips():
            return self.numbers.extreme(form)
        if form is forms.ID or form is forms.TEXT:
            return self.named(site)
        if form is forms.DAY:
            return self.chance.choice(CHANGES)
        return self.numbers.written(form, site)

    def named(self, site: Site) -> str:
        """Draw an own id or name, a clause, or the id of something that is there."""
        if site.field == "clause":
            return str(self.chance.randint(1, 6))
        if site.field == "product":
            return f"product-{site.index}"
        if site.field in {"id", "name"}:
            return f"{site.table[0]}{site.row}" if site.field == "id" else f"{site.table} {site.row}"
        table = NAMES[site.measure if site.field == "at_least" else site.field]
        return self.chance.choice(list(self.known(table, site)) or ["nowhere"])

    def known(self, table: str, site: Site) -> Iterator[str]:
        """Yield what may be named at a place: of steps and titles those above the first, of titles only lower ones."""
        first = 0 if table == "marks" else 1
        most = site.row if (site.table, table) in {("titles", "titles"), ("marks", "marks")} else self.sizes[table]
        if table != "volumes":
            yield from (f"{table[0]}{row}" for row in range(first, most))
            return
        fund, late = site.field == "fund_volume", site.measure != ""
        yield from ("own",) if fund else ("own", "gv", "tgv")
        yield from ("side_volume",) if not fund and self.has("breakaway") else ()
        for row, kind in enumerate(self.volumes):
            if (kind == "own" or not fund) and not (kind == "marked" and late):
                yield f"v{row}"

    def word(self, kind: Any, site: Site) -> str:
        """Draw one of the words that may stand here; as often as not the first."""
        words = [word for word in get_args(kind) if word not in BREAKAWAY or self.has("breakaway")]
        return words[0] if self.maybe(0.25) and site.field != "measure" else self.chance.choice(words)

    def dated(self, kind: Any, site: Site) -> dict[str, Any]:
        """Draw values by the day they begin, and for a market; all of one shape, unless the draft is careless."""
        each = get_args(kind)[0]
        days = [BEGINS, *(day for day in self.changes if self.maybe(0.2))]
        where = [(day, "") for day in days]
        if self.sizes["markets"] > 1 and self.maybe(0.15) and (site.struct, site.field) not in NOT_BY_MARKET:
            where += [(self.chance.choice(days), f"m{self.chance.randrange(self.sizes['markets'])}")]
        if self.slips():
            where = where[1:]
        shape = self.chance.getrandbits(32)
        return {forms.since_key(*at): self.entry(each, site, shape, first=at == (BEGINS, "")) for at in sorted(where)}

    def entry(self, kind: Any, site: Site, shape: int, *, first: bool) -> Any:
        """Draw one dated value: the same parts each time, with other numbers."""
        if accepts_nothing(kind) and not first and self.maybe(0.3):
            return NONE
        chance, self.chance = self.chance, Random(shape + self.slips())
        drawn = self.value(kind, site)
        self.chance = chance
        return drawn

    def array(self, kind: Any, site: Site) -> list[Any]:
        """Draw a list: conditions of different measures, rows that begin higher and higher, bonuses that differ."""
        each = get_args(kind)[0]
        if each == PaidBonus:
            paid = [word for word in get_args(PaidBonus) if self.slips() or self.has(PAID_BY.get(word, "steps"))]
            paid = [word for word in paid if word != "multiplier" or site.table == "caps"]
            return self.chance.sample(paid, min(len(paid), self.chance.randint(1, 3)))
        count = self.chance.randint(*LENGTHS.get(site.field, (1, 3)))
        if is_union(each):
            drawn: list[Any] = []
            for _ in range(count):
                drawn.append(self.one_of(each, site, [one["measure"] for one in drawn]))
            return drawn
        if getattr(each, "__name__", "") in ROW_NAMES:
            return self.rows(each, site, count)
        listed = [self.value(each, site._replace(index=at)) for at in range(count)]
        if site.field == "tiers" and not self.slips():
            listed[-1].pop("up_to", None)
        return listed

    def rows(self, kind: Any, site: Site, count: int) -> list[Any]:
        """Draw rows that begin from a title, a step or a number of legs, all from the same of the three."""
        by = self.chance.choice(("title", "step", "legs") if self.has("breakaway") else ("title", "step"))
        names = [f"{by[0]}{row}" for row in range(self.sizes[f"{by}s"])] if by != "legs" else []
        names = sorted(self.chance.sample(names, min(count, len(names))))
        drawn = [self.table(kind, site._replace(index=at)) for at in range(len(names) or count)]
        for at, row in enumerate(drawn):
            for word in ("title", "step", "legs"):
                row.pop(word, None)
            row[by] = names[at] if names else at + 1
        return drawn

    def one_of(self, kind: Any, site: Site, taken: list[str]) -> dict[str, Any]:
        """Draw a table of one of several kinds, told apart by what they measure."""
        arms = {word: arm for arm in get_args(kind) for word in get_args(hints(arm)["measure"])}
        possible = list(arms) if self.slips() else self.measurable(arms, site, taken)
        word = self.chance.choice(possible or list(arms))
        return self.table(arms[word], site._replace(measure=word))

    def measurable(self, arms: dict[str, Any], site: Site, taken: list[str]) -> list[str]:
        """Return what can be asked at a place: what is known there, of things that the plan has."""
        late = site.table == "marks" and site.row >= self.sizes["marks"] - self.late_marks
        known = [word for word in arms if word not in BREAKAWAY or self.has("breakaway")]
        found = [word for word in measures_at(site, late=late, arms=known) if word not in taken]
        return [word for word in found if word not in TAGS or list(self.known(TAGS[word], site._replace(measure=word)))]

    def table(self, kind: Any, site: Site) -> dict[str, Any]:
        """Draw a table: what it must say, and some of what it may, with what belongs to that."""
        site = site._replace(struct=kind.__name__, level=self.level(site))
        types = hints(kind)
        drawn: dict[str, Any] = {}
        either = EITHER.get(site.struct, ())
        chosen = self.chance.choice(either) if either else ""
        for each in sorted(fields(kind), key=lambda one: one.name not in NEEDS.get(site.struct, {})):
            here = site._replace(field=each.name)
            if each.name == "measure" and site.measure:
                drawn["measure"] = site.measure
            elif self.says(each, here, drawn, chosen):
                drawn[each.name] = self.value(types[each.name], here)
        return drawn

    def level(self, site: Site) -> float:
        """Return how high a table stands: a step or title as high as its row, what keeps a title a bit lower."""
        if site.table in {"steps", "titles"}:
            return max(0.1, site.row - (0.96 if site.field in {"keep", "requalify"} else 0))
        return site.level if site.struct and site.table != "Document" else self.chance.choice((0.5, 1.0, 2.0))

    def says(self, each: Any, site: Site, drawn: dict[str, Any], chosen: str) -> bool:
        """Say whether a table says something: what it must, what belongs to what it says already, else by chance."""
        must = each.default is NODEFAULT
        if self.slips():
            return must or self.maybe(0.5)
        bound = self.bound(each.name, site, drawn)
        if bound is not None:
            return bound
        if each.name in EITHER.get(site.struct, ()):
            return bool(each.name == chosen)
        named = NAMES.get(each.name) if not must and site.measure == "" else None
        if named and not list(self.known(named, site)):
            return False
        return must or each.name in RARE or self.maybe(0.04 if each.name in {"begins", "ends"} else self.often)

    def bound(self, name: str, site: Site, drawn: dict[str, Any]) -> bool | None:
        """Say whether other parts of the plan ask for a field or make it senseless; None where they do neither."""
        beside = BESIDE.get((site.struct, name))
        if beside and not self.has(beside):
            return False
        if site.struct in {"Step", "Title"} and name in ASKED:
            return site.row > 0 if name in {"requires", "keep"} or site.row == 0 else None
        if site.struct == "GroupVolume" and name in {"only_with_mark", "legs"}:
            return self.volumes[site.row] == {"only_with_mark": "marked", "legs": "own"}[name]
        for field, by_word in NEEDS.get(site.struct, {}).items():
            if any(name in needed for needed in by_word.values()):
                return name in by_word.get(drawn.get(field, next(iter(by_word))), ())
        return None


def clauses_in(value: Any) -> Iterator[str]:
    """Yield every clause that a document names."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and "clause" in value:
        yield value["clause"]
    for each in inner:
        yield from clauses_in(each)
