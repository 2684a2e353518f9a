"""
Events are read strictly: every mistake of every event at once, each at its field, and nothing ever breaks.
"""

from collections import Counter
from datetime import date
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from backend.intake.events import (
    Event,
    Fact,
    Leaving,
    ListPrice,
    Member,
    Product,
    digest_of,
    kind_of,
    read_back,
    written,
)
from backend.intake.reading import KINDS, MOST_EVENTS, read_events
from backend.intake.verdict import Told
from backend.kernel.finding import Refused
from tests.histories import History
from tests.intake.test_order_body import anything

ZONE = ZoneInfo("Europe/Berlin")
RIGHT: dict[str, dict[str, Any]] = {
    "member": {"member": "M7", "sponsor": "M1", "joined": "2026-10-05"},
    "customer": {"customer": "C1", "member": "M7", "type": "retail", "from": "2026-10-05"},
    "placement": {"member": "M7", "sponsor": "M2", "from": "2026-10-05"},
    "enrolment": {"member": "M7", "enroller": "M2", "from": "2026-10-05"},
    "leaving": {"member": "M7", "on": "2026-10-05"},
    "fact": {"member": "M7", "from": "2026-10-05", "fact": "cleared", "value": "no"},
    "product": {"product": "KIT", "parts": {"OIL": 2}, "prices": [{"from": "2026-01-01", "pv": "1", "cv": "0.9"}]},
    "price": {"product": "KIT", "market": "US", "from": "2026-01-01", "pv": "1", "cv": "0.9"},
    "order": {"order": "A1", "member": "M7", "placed_at": "2026-10-05", "lines": [{"product": "KIT", "units": 2}]},
    "return": {"order": "R1", "member": "M7", "placed_at": "2026-10-05", "pv": "1", "cv": "1", "returns": "A1"},
    "refund": {"order": "R2", "member": "M7", "placed_at": "2026-10-05", "pv": "1", "cv": "1", "returns": "A1"},
    "cancellation": {"order": "X1", "placed_at": "2026-10-05", "returns": "A1"},
}


def read(*entries: Any) -> list[Event | Told]:
    """Read a message of these entries."""
    return read_events(msgspec.json.encode(entries), ZONE)


def found(kind: str, **said: Any) -> list[tuple[str, str]]:
    """Return place and code of each finding about an event of a kind, which says something else than a right one."""
    (told,) = read({"kind": kind, **RIGHT[kind], **said})
    return [(one.place.path, one.code) for one in told.findings] if isinstance(told, Told) else []


def test_every_kind_is_read_and_kept() -> None:
    """Each has a key of its own, and is the same again after it was kept as text."""
    events = [one for kind in KINDS for one in read({"kind": kind, **RIGHT[kind]})]

    assert list(KINDS) == [kind_of(one) for one in events if not isinstance(one, Told)]
    assert all(read_back(kind_of(one), written(one)) == one for one in events if not isinstance(one, Told))
    assert [
        Member(member="M7", sponsor="M1", enroller="M1", name="M7", joined=date(2026, 10, 5)),
        Fact(member="M7", fact="cleared", value=0, since=date(2026, 10, 5)),
        Product(
            product="KIT",
            name="KIT",
            parts={"OIL": 2},
            prices=(ListPrice(market="", since=date(2026, 1, 1), pv_points=1_00, cv_points=90),),
        ),
        Leaving(member="M7", on=None, correction=1),
    ] == [events[0], events[5], events[6], *read({"kind": "leaving", "member": "M7", "correction": "1"})]


def test_what_is_kept_says_the_same() -> None:
    """A held event keeps its digest, so that the same sent again is recognised."""
    events = History(3, "h").events
    assert [digest_of(one) for one in events] == [digest_of(read_back(kind_of(one), written(one))) for one in events]


@pytest.mark.parametrize(
    ("kind", "said", "places"),
    [
        ("member", {"member": None}, [("member", "field-missing")]),
        ("member", {"sponsor": "M7"}, [("sponsor", "sponsor-self")]),
        ("member", {"joined": "soon", "colour": "red"}, [("colour", "field-unknown"), ("joined", "date-wrong")]),
        ("member", {"training": True}, [("training", "field-no-text")]),
        ("customer", {"type": "vip", "from": ""}, [("type", "type-unknown"), ("from", "date-wrong")]),
        ("customer", {"customer": "M7"}, [("customer", "customer-self")]),
        ("placement", {"correction": "one"}, [("correction", "correction-wrong")]),
        ("enrolment", {"enroller": "M7"}, [("enroller", "enroller-self")]),
        ("leaving", {"on": None}, [("on", "field-missing")]),
        ("fact", {"fact": "cleard"}, [("fact", "fact-unknown")]),
        ("fact", {"value": "70 %"}, [("value", "value-wrong")]),
        ("product", {"parts": ["OIL"]}, [("parts", "parts-wrong")]),
        ("product", {"parts": {"OIL": 0, "K T": 1}}, [("parts.OIL", "parts-wrong"), ("parts", "id-hidden")]),
        ("product", {"prices": [{"from": "2026-01-01", "pv": 1}]}, [
            ("prices[0].cv", "field-missing"), ("prices[0].pv", "field-no-text")
        ]),
        ("product", {"prices": RIGHT["product"]["prices"] * 2}, [("prices[1]", "price-doubled")]),
        ("price", {"pv": "1e3"}, [("pv", "points-exponent")]),
        ("order", {"lines": [{"product": "KIT"}]}, [("lines[0].units", "units-wrong")]),
        ("order", {"lines": RIGHT["order"]["lines"] * 2}, [("lines[1].product", "products-doubled")]),
        ("order", {"lines": [{"product": "KIT", "units": 1, "pv": "1"}]}, [("lines[0].pv", "line-half")]),
        ("order", {"products": {"KIT": 1}}, [("products", "lines-and-products")]),
        ("order", {"lines": None}, [("pv", "field-missing"), ("cv", "field-missing")]),
        ("refund", {"returns": None}, [("returns", "return-half")]),
        ("cancellation", {"pv": "1"}, [("pv", "cancellation-part")]),
    ],
)  # fmt: skip
def test_each_mistake_is_found_at_its_field(kind: str, said: dict[str, Any], places: list[tuple[str, str]]) -> None:
    """One wrong field gives one finding, with the number of the event and the name of the field."""
    assert [(f"events[0].{path}", code) for path, code in places] == found(kind, **said)


@pytest.mark.parametrize("raw", [b"", b"[", b"7", b"[]", b'{"events": 7}', b"[" + b"{}," * MOST_EVENTS + b"{}]"])
def test_a_message_that_is_none_is_refused_whole(raw: bytes) -> None:
    """What cannot be read at all, or holds too much."""
    with pytest.raises(Refused):
        read_events(raw, ZONE)


def test_whatever_comes_is_read_or_refused() -> None:
    """Of any JSON each event is read, refused with reasons, or the message is refused: nothing else is ever raised."""
    random = Random(11)
    answers: Counter[str] = Counter()
    for _ in range(3_000):
        kind = random.choice(KINDS)
        entry = {"kind": kind, **RIGHT[kind], random.choice(list(RIGHT[kind])): anything(random)}
        (one,) = read(random.choice([entry, entry, anything(random)]))
        assert not isinstance(one, Told) or (all(finding.remedy for finding in one.findings) and one.findings)
        answers[type(one).__name__] += 1

    assert {"Told", "Member", "OrderBody", "Product"} <= answers.keys()
