"""
Find a shop: with which version of its key it signs now.

What is asked while one answer is under way is asked together next, so that a thousand messages cost a few queries. A
message may be verified with the version that was found last, as long as whoever takes it asks again in the transaction
in which it is taken: a key that was revoked opens nothing from that moment on.
"""

from collections.abc import Sequence

from backend.flows.gathering import Gathering
from backend.store import views
from backend.store.away import AWAY

AT_ONCE = 1000
MOST = 10_000
WAITING_SECONDS = 2.0


class KeyChanged(Exception):
    """A message was signed with a key that its shop no longer has."""


def last_version(shop: str) -> int | None:
    """Return the version that was found last in this process; it may be outdated."""
    return _found.get(shop)


def forget_version(shop: str) -> None:
    """Have a shop's version asked for anew: who has lost its key shall not wait for the log's turn to hear so."""
    _found.pop(shop, None)


async def find_shop(shop: str) -> int | None:
    """
    Return the version of a shop's key, or None where there is none or it was revoked.

    Raises TimeoutError where the database does not answer in time, and what an absent one raises.
    """
    return await SHOPS.ask(shop)


async def _find_together(shops: Sequence[str]) -> list[int | Exception | None]:
    versions = await views.shop_versions(list(set(shops)))
    _found.update(versions)
    return [versions.get(shop) for shop in shops]


_found: dict[str, int] = {}

SHOPS: Gathering[str, int | None] = Gathering(
    _find_together, away=AWAY, at_once=AT_ONCE, most=MOST, seconds=WAITING_SECONDS, longest_seconds=WAITING_SECONDS
)
"""Shops that messages of this process name."""
