"""
Why a number is what it is: a tree whose leaves, taken together as each node says, give the number at the root.
"""

from msgspec import Struct


class Trace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One number with its reason: a stable name, the value, its unit, words that a template fills, and what it is made of.

    `unit` is one of `minor` (money), `points` (hundredths), `bp` (basis points), `count`, `yes`. `rule` is the clause
    of the plan. Where `adds_up` holds, the values of the parts add up to this value exactly.
    """

    name: str
    value: int
    unit: str
    rule: str = ""
    about: dict[str, str] = {}
    parts: tuple["Trace", ...] = ()
    adds_up: bool = False
