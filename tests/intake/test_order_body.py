"""
A shop's message is read strictly: every mistake of every order at once, each at its field, and nothing ever breaks.
"""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from backend.intake.order_body import OrderBody
from backend.intake.order_message import MOST_ORDERS, read_each
from backend.kernel.finding import Refused

ZONE = ZoneInfo("Europe/Berlin")
RIGHT = {"order": "A-1", "member": "LEG", "placed_at": "2026-11-19T09:00:00Z", "pv": "35.50", "cv": "31.95"}


def read(message: Any) -> tuple[list[OrderBody], list[tuple[str, str]]]:
    """Read a message; return the orders, and place and code of each finding about the others."""
    bodies, refused = read_each(msgspec.json.encode(message), ZONE)
    return bodies, [(finding.place.path, finding.code) for one in refused for finding in one.findings]


def test_an_order_is_read_whole() -> None:
    """Points become hundredths, and who is not named as a customer is none."""
    (body,), findings = read(RIGHT)

    assert [] == findings
    assert ("A-1", "order", "LEG", None, None) == (body.order, body.kind, body.member, body.customer, body.returns)
    assert (datetime(2026, 11, 19, 9, tzinfo=UTC), 35_50, 31_95) == (body.placed_at, body.pv_points, body.cv_points)


@pytest.mark.parametrize("message", [RIGHT, [RIGHT], {"orders": [RIGHT]}])
def test_one_order_may_come_in_three_ways(message: object) -> None:
    """Alone, in a list, or in a list with a name."""
    assert 1 == len(read(message)[0])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("order", None, "field-missing"),
        ("order", "", "id-empty"),
        ("order", "A 1", "id-hidden"),
        ("order", "A\u200b1", "id-hidden"),
        ("order", "A" * 65, "id-long"),
        ("order", 17, "field-no-text"),
        ("member", "ＬＥＧ", "id-confusable"),
        ("member", ["LEG"], "field-no-text"),
        ("customer", "c 1", "id-hidden"),
        ("customer", "LEG", "customer-self"),
        ("kind", "gift", "kind-unknown"),
        ("kind", "return", "return-half"),
        ("returns", "A-0", "return-half"),
        ("placed_at", "yesterday", "instant-wrong"),
        ("placed_at", "2026-11-19T09:00:00", "instant-naive"),
        ("placed_at", "2026-02-30", "date-wrong"),
        ("placed_at", "9999-01-01", "date-far"),
        ("placed_at", 1_763_542_800, "field-no-text"),
        ("pv", 35.5, "field-no-text"),
        ("pv", "３５", "points-digits"),
        ("pv", "1e5", "points-exponent"),
        ("pv", "NaN", "points-wrong"),
        ("pv", "1_000", "points-separator"),
        ("pv", "35,5", "points-separator"),
        ("pv", "0.001", "points-decimals"),
        ("pv", "10000000", "points-large"),
        ("pv", "-1", "points-negative"),
        ("cv", True, "field-no-text"),
        ("cv", "", "points-empty"),
        ("prce", "12", "field-unknown"),
    ],
)
def test_each_mistake_is_found_at_its_field(field: str, value: object, code: str) -> None:
    """One wrong field of the second order gives one finding, with the order's number and the field's name."""
    bodies, findings = read([RIGHT, {**RIGHT, field: value}])

    place = "returns" if code == "return-half" else field
    assert [(f"orders[1].{place}", code)] == findings
    assert 1 == len(bodies)


def test_all_mistakes_are_told_at_once() -> None:
    """Neither a wrong shape nor an unknown field hides what is wrong with the others, in any of the orders."""
    wrong = {"order": "A-1", "kind": "gift", "placed_at": "soon", "pv": 12, "cv": "1e5", "colour": "red"}
    _, findings = read([wrong, "three", {**RIGHT, "cv": "-1"}])

    assert {
        ("orders[0].member", "field-missing"),
        ("orders[0].pv", "field-no-text"),
        ("orders[0].colour", "field-unknown"),
        ("orders[0].placed_at", "instant-wrong"),
        ("orders[0].cv", "points-exponent"),
        ("orders[0].kind", "kind-unknown"),
        ("orders[1]", "order-wrong"),
        ("orders[2].cv", "points-negative"),
    } == set(findings)
    assert len(findings) == len(set(findings))


def test_a_number_is_refused_with_what_to_write_instead() -> None:
    """JSON's numbers have no decimals that last, so volumes are text, and the shop is shown how."""
    _, (taken,) = read_each(msgspec.json.encode({**RIGHT, "pv": 35.5}), ZONE)

    assert '"35.50"' in taken.findings[0].remedy
    assert "A-1" == taken.order


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "json-wrong"),
        (b"\xff", "json-wrong"),
        (b'["\xed\xa0\x80"]', "json-wrong"),
        (b"[" * 200_000, "json-wrong"),
        (b'{"orders":' * 100_000, "json-wrong"),
        (b"1e999", "json-wrong"),
        (b"null", "orders-none"),
        (b"[]", "orders-none"),
        (b'{"orders": {}}', "orders-none"),
        (b"[" + b"{}," * MOST_ORDERS + b"{}]", "orders-many"),
    ],
)
def test_a_message_that_is_none_is_refused_whole(raw: bytes, code: str) -> None:
    """What is not JSON, however deep, holds no orders, or holds too many, is one finding."""
    with pytest.raises(Refused) as refused:
        read_each(raw, ZONE)
    assert [code] == [finding.code for finding in refused.value.findings]


def test_the_digest_is_of_what_was_said() -> None:
    """The same instant in another offset, and a return's default kind, are the same words; another volume is not."""
    said, elsewhere, more = (
        {**RIGHT, "placed_at": "2026-11-19T10:00:00+01:00"},
        {**RIGHT, "kind": "order", "pv": "35.5"},
        {**RIGHT, "pv": "35.51"},
    )
    digests = [read(one)[0][0].digest() for one in (RIGHT, said, elsewhere, more)]

    assert digests[0] == digests[1] == digests[2]
    assert digests[0] != digests[3]


def anything(random: Random, depth: int = 0) -> Any:
    """Return any JSON value, with a liking for what orders look like."""
    fields = ["order", "kind", "member", "customer", "placed_at", "pv", "cv", "returns", "orders", "é"]
    texts = ["", "A-1", "return", "12.5", "-0", "2026-11-19", "２", "\x00", "\ud7ff", "9" * 99]
    leaf = random.choice([None, True, 0, -(2**63), 1e308, random.choice(texts)])
    if depth > 3 or random.random() < 0.3:
        return leaf
    if random.random() < 0.3:
        return [anything(random, depth + 1) for _ in range(random.randrange(3))]
    chosen = random.sample(fields, random.randrange(len(fields)))
    return {name: random.choice([leaf, *texts, anything(random, depth + 1)]) for name in chosen}


def test_whatever_comes_is_read_or_refused() -> None:
    """Of any JSON each order is read, refused with reasons, or the message is refused: nothing else is ever raised."""
    random = Random(7)
    answers = Counter(answered(msgspec.json.encode(anything(random))) for _ in range(3_000))

    assert {"refused", "whole"} <= answers.keys() <= {"read", "refused", "whole"}


def answered(raw: bytes) -> str:
    """Return what became of a message; whoever is refused hears why."""
    try:
        _, refused = read_each(raw, ZONE)
    except Refused as whole:
        return "whole" if whole.findings else "silence"
    if not all(one.findings and all(finding.remedy for finding in one.findings) for one in refused):
        return "silence"
    return "refused" if refused else "read"
