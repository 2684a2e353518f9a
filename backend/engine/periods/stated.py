"""
Stated facts: what a company states of its members from a day on, and what of it holds on a period's last day.

A fact holds until it is stated anew. What nobody states is as `assemble.STATED` says, and training as on the day of
joining.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from backend.engine.periods.assemble import STATED, Roll
from backend.engine.snapshot import Flags, Indexes

COLUMN_OF = {
    "training": "training",
    "fees_paid": "fees_paid",
    "cleared": "cleared",
    "foster": "foster",
    "closed": "closed",
    "let_through": "granted",
    "active": "active_stated",
    "qualified": "qualified",
    "customer_share": "customer_share_bp",
    "verified_share": "verified_share_bp",
    "percent_held": "percent_held_bp",
    "paused": "paused",
}
"""The facts by the word that a company uses, each with its column of the snapshot."""


class Facts(Struct, frozen=True, kw_only=True):
    """
    Statements as rows, in any order; of one member, fact and day there is one.

    `fact` is a word of `COLUMN_OF`, `member` a row of the roll, `since` the first day on which it holds, as
    `date.toordinal` counts. `value` is 1 or 0 for yes and no, basis points for a share or percent, an `outcome.State`
    for a pause, and UNSTATED where the plan's own rule decides again.
    """

    fact: Sequence[str] = ()
    member: Sequence[int] = ()
    since: Sequence[int] = ()
    value: Sequence[int] = ()


NOTHING_STATED = Facts()


def as_stated(roll: Roll, facts: Facts, last_day: int) -> Roll:
    """
    Return the roll with the latest statement of each member and fact up to the last day of its period.

    Who has left is closed, whatever is stated.
    """
    since, value = np.array(facts.since, dtype=np.int64), np.array(facts.value, dtype=np.int32)
    member, fact = np.array(facts.member, dtype=np.int64), np.array(facts.fact)
    in_time = np.argsort(since, kind="stable")
    in_time = in_time[since[in_time] <= last_day]
    columns: dict[str, Indexes | Flags] = {}
    for word in sorted(set(facts.fact)):
        rows = in_time[fact[in_time] == word]
        columns[COLUMN_OF[word]] = column = _before(roll, COLUMN_OF[word])
        column[member[rows]] = value[rows]
    if "closed" in columns and "closed" in roll.stated:
        columns["closed"] |= roll.stated["closed"]
    training: Flags = columns.pop("training", roll.training).astype(np.bool_)
    return replace(roll, training=training, stated={**roll.stated, **columns})


def _before(roll: Roll, name: str) -> Indexes | Flags:
    """Return a column as it stands before anything is stated."""
    if name == "training":
        return roll.training.copy()
    otherwise = STATED[name]
    return np.full(len(roll.ids), otherwise, dtype=np.bool_ if isinstance(otherwise, bool) else np.int32)
