"""
Corrections of the network, as a person asks for them: who stands under whom, who enrolled whom, who leaves, since when.

A correction is never taken back: another one says again how it was.
"""

from datetime import date

from msgspec import Struct


class Move(Struct, frozen=True, kw_only=True):
    """From a day on a member stands under another sponsor; None makes the member the top of a tree."""

    member: str
    to: str | None
    since: date


class Enrolled(Struct, frozen=True, kw_only=True):
    """From a day on another is named as the member's enroller, or nobody is."""

    member: str
    to: str | None
    since: date


class Leave(Struct, frozen=True, kw_only=True):
    """From a day on a member has left; None says that the member stays."""

    member: str
    on: date | None


Correction = Move | Enrolled | Leave
