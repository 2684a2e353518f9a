"""
Reading: a message of events, JSON read strictly; every mistake of every event is a finding at its field.

`{"events": [...]}`, a list, or one event; each says its `kind`. Cells have the same written forms as in the files.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from backend.files import cells
from backend.files.facts import fact_of, value_of
from backend.files.noted import Fault, nearest
from backend.files.products import MOST_UNITS, in_order
from backend.intake import events
from backend.intake.events import Event, ListPrice
from backend.intake.message import entries, finding
from backend.intake.order_body import read_body
from backend.intake.verdict import Told
from backend.kernel.finding import Finding

MOST_EVENTS = 1000
MOST_CORRECTIONS = 999
ORDERS = ("order", "return", "refund", "cancellation")
TYPES = ("retail", "preferred")


class Cell(NamedTuple):
    """How a field is read from text, and whether it must be there."""

    read: Callable[[str], Any]
    required: bool = False


def type_of(text: str) -> str | Fault:
    """Read whether a customer is a retail or a preferred one."""
    if text in TYPES:
        return text
    return Fault("type-unknown", f'"{text}" is no type of customer.', "Write retail or preferred.")


def correction_of(text: str) -> int | Fault:
    """Read the number of a correction."""
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    remedy = f"Write 1 for the first correction, at most {MOST_CORRECTIONS}; leave it out where nothing is corrected."
    return Fault("correction-wrong", f'"{text}" is no number of a correction.', remedy)


CORRECTION = Cell(correction_of)
PRICE: Mapping[str, Cell] = {
    "market": Cell(cells.code),
    "from": Cell(cells.day, required=True),
    "pv": Cell(cells.points, required=True),
    "cv": Cell(cells.points, required=True),
}
FIELDS: Mapping[str, Mapping[str, Cell]] = {
    "member": {
        "member": Cell(cells.code, required=True),
        "sponsor": Cell(cells.code),
        "enroller": Cell(cells.code),
        "name": Cell(cells.name),
        "joined": Cell(cells.day, required=True),
        "market": Cell(cells.code),
        "title": Cell(cells.code),
        "held": Cell(cells.count),
        "missed": Cell(cells.count),
        "training": Cell(cells.training),
    },
    "customer": {
        "customer": Cell(cells.code, required=True),
        "member": Cell(cells.code, required=True),
        "name": Cell(cells.name),
        "type": Cell(type_of, required=True),
        "from": Cell(cells.day, required=True),
        "correction": CORRECTION,
    },
    "placement": {
        "member": Cell(cells.code, required=True),
        "sponsor": Cell(cells.code),
        "from": Cell(cells.day, required=True),
        "correction": CORRECTION,
    },
    "enrolment": {
        "member": Cell(cells.code, required=True),
        "enroller": Cell(cells.code),
        "from": Cell(cells.day, required=True),
        "correction": CORRECTION,
    },
    "leaving": {"member": Cell(cells.code, required=True), "on": Cell(cells.day), "correction": CORRECTION},
    "fact": {
        "member": Cell(cells.code, required=True),
        "from": Cell(cells.day, required=True),
        "fact": Cell(fact_of, required=True),
        "value": Cell(str, required=True),
        "correction": CORRECTION,
    },
    "product": {"product": Cell(cells.code, required=True), "name": Cell(cells.name)},
    "price": {"product": Cell(cells.code, required=True), **PRICE},
}
"""The fields of each kind of event that are text."""

LISTS: Mapping[str, tuple[str, ...]] = {"product": ("parts", "prices")}
"""Fields that are no text."""

UNSAID: Mapping[str, Mapping[str, Any]] = {
    "customer": {"name": ""},
    "placement": {"sponsor": None},
    "enrolment": {"enroller": None},
    "leaving": {"on": None},
}
"""What a field holds that an event does not say."""

KINDS = (*FIELDS, *ORDERS)


def read_events(raw: bytes, zone: ZoneInfo) -> list[Event | Told]:
    """
    Read a message: each event as it was said, or what is wrong with it, in the order of the message.

    Raises Refused where the message as a whole is none.
    """
    return [
        _event(number, entry, zone)
        for number, entry in enumerate(entries(raw, one="an event", many="events", most=MOST_EVENTS))
    ]


def _event(number: int, entry: Any, zone: ZoneInfo) -> Event | Told:
    kind = entry.get("kind") if isinstance(entry, dict) else None
    event: Event | None = None
    if not isinstance(entry, dict):
        faults = [("", Fault("event-wrong", "This is not an event.", "An event is an object."))]
    elif not isinstance(kind, str) or kind not in KINDS:
        near = nearest(kind, list(KINDS)) if isinstance(kind, str) else ""
        remedy = f"The kinds are {', '.join(KINDS)}.{near}"
        faults = [("kind", Fault("kind-unknown", "The event says no kind that there is.", remedy))]
    elif kind in ORDERS:
        event, faults = read_body(entry, zone)
    else:
        event, faults = read_event(kind, {name: value for name, value in entry.items() if name != "kind"})
    if event is not None:
        return event
    findings = tuple(_finding(number, path, fault) for path, fault in faults)
    return Told(kind=kind if isinstance(kind, str) else "", key=_named(entry), status="refused", findings=findings)


def read_event(kind: str, entry: Mapping[str, Any]) -> tuple[Event | None, list[tuple[str, Fault]]]:
    """Read one event that is no order; None, and all that is wrong by field, where it cannot be read."""
    fields, lists = FIELDS[kind], LISTS.get(kind, ())
    faults = list(_shape_faults(kind, entry))
    misshapen = {name for name, _ in faults}
    values: dict[str, Any] = {}
    for name, cell in fields.items():
        text = entry.get(name)
        if name not in misshapen and text is not None and (text != "" or cell.required):
            found = cell.read(text)
            if isinstance(found, Fault):
                faults.append((name, found))
            values[name] = found
    for name in lists:
        faults += _parts_faults(entry.get(name)) if name == "parts" else _prices_faults(entry.get(name))
    faults += _mismatches(kind, values) if not faults else ()
    return (None if faults else _built(kind, values, entry)), faults


def _shape_faults(kind: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    fields, lists = FIELDS[kind], LISTS.get(kind, ())
    for name, cell in fields.items():
        if cell.required and entry.get(name) is None:
            yield name, Fault("field-missing", f"The {kind} has no {name}.", f"Give {name}.")
    for name, value in entry.items():
        if name not in fields and name not in lists:
            remedy = f"Leave it out.{nearest(name, [*fields, *lists])}"
            yield name, Fault("field-unknown", f'A {kind} has no field "{name}".', remedy)
        elif name in fields and value is not None and not isinstance(value, str):
            yield name, Fault("field-no-text", f"{name} is not text.", 'Write it as text in quotes: "35.50".')


def _parts_faults(value: Any) -> Iterator[tuple[str, Fault]]:
    remedy = f'Name each part with its units, from 1 to {MOST_UNITS}: {{"KIT": 2}}.'
    if value is not None and not isinstance(value, dict):
        yield "parts", Fault("parts-wrong", "parts does not name units by product.", remedy)
        return
    for part, units in (value or {}).items():
        if isinstance(found := cells.code(part), Fault):
            yield "parts", found
        if type(units) is not int or not 0 < units <= MOST_UNITS:
            yield f"parts.{part}", Fault("parts-wrong", f'"{part}" has no such number of units.', remedy)


def _prices_faults(value: Any) -> Iterator[tuple[str, Fault]]:
    if value is not None and not isinstance(value, list):
        yield "prices", Fault("prices-wrong", "prices is not a list.", "Write a list of market, from, pv and cv.")
        return
    seen: set[tuple[Any, Any]] = set()
    for at, price in enumerate(value or []):
        if not isinstance(price, dict):
            yield f"prices[{at}]", Fault("prices-wrong", "This is not a price.", "Write market, from, pv and cv.")
            continue
        yield from ((f"prices[{at}].{name}", fault) for name, fault in _price(price)[1])
        whose = (str(price.get("market") or ""), str(price.get("from")))
        if whose in seen:
            yield f"prices[{at}]", Fault("price-doubled", "This market and day stand twice.", "Keep one of the two.")
        seen.add(whose)


def _price(price: Mapping[str, Any]) -> tuple[ListPrice | None, list[tuple[str, Fault]]]:
    event, faults = read_event("price", {"product": "P", **price})
    if "product" in price:
        faults.append(("product", Fault("field-unknown", 'A price here has no field "product".', "Leave it out.")))
    return (event.price if isinstance(event, events.Price) else None), faults


def _mismatches(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Fault]]:
    """Yield what does not go together, of fields that are right by themselves."""
    for name, what in (("sponsor", "sponsor"), ("enroller", "enroller")):
        if kind in {"member", "placement", "enrolment"} and values.get(name) == values["member"]:
            message = f'"{values["member"]}" is named as its own {what}.'
            yield name, Fault(f"{what}-self", message, f"Name the {what}, or leave it out at the top.")
    if kind == "customer" and values["customer"] == values["member"]:
        message = f'"{values["member"]}" is named as its own customer.'
        yield "customer", Fault("customer-self", message, "A member's own purchases need no customer.")
    if kind == "leaving" and not values.get("on") and not values.get("correction"):
        yield "on", Fault("field-missing", "The leaving has no on.", "Give the day, or correct an earlier one.")
    if kind == "fact" and isinstance(found := value_of(values["fact"], values["value"]), Fault):
        yield "value", found


def _built(kind: str, values: Mapping[str, Any], entry: Mapping[str, Any]) -> Event:
    """Build an event of values that are right."""
    given = {name: value for name, value in values.items() if value is not None}
    if "from" in given:
        given["since"] = given.pop("from")
    if kind == "price":
        return events.Price(product=given["product"], price=_list_price(given))
    if kind == "product":
        return _product(given, entry)
    if kind == "member":
        sponsor = given.get("sponsor")
        given |= {"sponsor": sponsor, "enroller": given.get("enroller") or sponsor}
        given["name"] = given.get("name") or given["member"]
    if kind == "fact":
        given["value"] = value_of(given["fact"], given["value"])
    built: Event = events.STRUCTS[kind](**{**UNSAID.get(kind, {}), **given})
    return built


def _product(given: Mapping[str, Any], entry: Mapping[str, Any]) -> events.Product:
    listed = [price for each in entry.get("prices") or [] if (price := _price(each)[0])]
    return events.Product(
        product=given["product"],
        name=given.get("name") or given["product"],
        parts=in_order(entry.get("parts") or {}),
        prices=tuple(sorted(listed, key=lambda one: (one.market, one.since))),
    )


def _list_price(given: Mapping[str, Any]) -> ListPrice:
    since: date = given["since"]
    return ListPrice(market=given.get("market", ""), since=since, pv_points=given["pv"], cv_points=given["cv"])


def _named(entry: Any) -> str:
    """Return what an event that cannot be read seems to be about."""
    kind = entry.get("kind") if isinstance(entry, dict) else None
    name = entry.get("order" if kind in ORDERS else kind) if isinstance(kind, str) else None
    return name if isinstance(name, str) else ""


def _finding(number: int, path: str, fault: Fault) -> Finding:
    return finding(f"events[{number}]" + (f".{path}" if path else ""), fault)
