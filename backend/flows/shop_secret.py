"""
A shop's secret: derived from the product's own secret, the shop and the version of its key, and stored nowhere.

Whoever copies the database can sign nothing with it. A new version makes the old secret worthless.
"""

import base64
import hmac
from functools import lru_cache

PREFIX = "whsec_"
"""How the Standard Webhooks scheme marks a secret in text."""


@lru_cache(maxsize=1000)
def secret_of(master: str, shop_id: str, version: int) -> bytes:
    """Return the secret with which a shop signs and the intake verifies."""
    return hmac.digest(master.encode(), f"shop key {version} of {shop_id}".encode(), "sha256")


def secret_text(secret: bytes) -> str:
    """Write a secret as Standard Webhooks libraries take it."""
    return PREFIX + base64.b64encode(secret).decode()
