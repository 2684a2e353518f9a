"""A shop's message is taken only as it was signed, and only while it is fresh."""

import base64

import pytest

from backend.kernel.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, Verdict, signed, verified

SECRET = b"a secret of the shop, long enough"
NOW = 1_790_000_000
BODY = b'{"order": "D-1"}'


def headers(**changes: str) -> dict[str, str]:
    """Return the headers of a genuine message, with some of them changed."""
    genuine = signed(BODY, key="shop", secret=SECRET, message_id="msg-1", timestamp=NOW)
    return {**genuine, **{name.replace("_", "-"): value for name, value in changes.items()}}


def test_a_known_vector_of_the_scheme() -> None:
    """The signature is byte for byte the one that the Standard Webhooks text publishes for its example."""
    body = b'{"test": 2432232314}'
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signed(body, key="k", secret=secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1_614_265_330)
    assert made[SIGNATURE_HEADER] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_was_signed_is_genuine() -> None:
    """The verifier takes what the signer made."""
    assert verified(BODY, headers(), secret=SECRET, now=NOW) == Verdict.GENUINE


@pytest.mark.parametrize("apart", [-300, 300])
def test_five_minutes_apart_is_fresh(apart: int) -> None:
    """A clock may be five minutes off on either side."""
    assert verified(BODY, headers(), secret=SECRET, now=NOW + apart) == Verdict.GENUINE


@pytest.mark.parametrize("apart", [-301, 301])
def test_more_than_five_minutes_is_stale(apart: int) -> None:
    """One second more and the message counts as replayed."""
    assert verified(BODY, headers(), secret=SECRET, now=NOW + apart) == Verdict.STALE


@pytest.mark.parametrize("name", ["webhook_id", "webhook_timestamp", "webhook_signature"])
def test_each_header_is_needed(name: str) -> None:
    """An empty or absent header is named as missing, not as forged."""
    assert verified(BODY, headers(**{name: ""}), secret=SECRET, now=NOW) == Verdict.MISSING


@pytest.mark.parametrize(
    "changed",
    [
        headers(webhook_id="msg-2"),
        headers(**{TIMESTAMP_HEADER: str(NOW + 1)}),
        headers(**{TIMESTAMP_HEADER: "１７９００００００"}),
        headers(**{TIMESTAMP_HEADER: "9" * 400}),
        headers(**{SIGNATURE_HEADER: "v1,"}),
        headers(**{SIGNATURE_HEADER: "v1,not base64!"}),
        headers(**{SIGNATURE_HEADER: headers()[SIGNATURE_HEADER].replace("v1,", "v2,")}),
        headers(**{SIGNATURE_HEADER: "v1,ü"}),
    ],
)
def test_any_change_is_forged(changed: dict[str, str]) -> None:
    """The id, the time and the signature are all bound; odd digits and odd letters never raise."""
    assert verified(BODY, changed, secret=SECRET, now=NOW) == Verdict.FORGED


def test_another_body_or_secret_is_forged() -> None:
    """One changed byte of the body, or another shop's secret, is seen."""
    verdicts = [
        verified(BODY + b" ", headers(), secret=SECRET, now=NOW),
        verified(BODY, headers(), secret=SECRET[:-1], now=NOW),
    ]
    assert verdicts == [Verdict.FORGED, Verdict.FORGED]


def test_one_of_several_signatures_is_enough() -> None:
    """While a secret is changed, a message carries the signatures of both."""
    both = headers(**{SIGNATURE_HEADER: f"v1,AAAA {headers()[SIGNATURE_HEADER]}"})
    assert verified(BODY, both, secret=SECRET, now=NOW) == Verdict.GENUINE
