"""
Memory: what the worker holds of the company between two pulses, so that a pulse reads only what may have changed.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from backend.engine.outcome import Outcome
from backend.engine.periods.carryover import Carryover
from backend.engine.periods.stated import Facts
from backend.engine.snapshot import Snapshot
from backend.forecast.projection import Rest
from backend.kernel.period import Period
from backend.network.tree import Tree
from backend.plan.terms import Terms
from backend.store.company import CompanyRow
from backend.store.rolls import Members


class Closed(Struct, frozen=True, kw_only=True):
    """What is kept of a period that is over: its group volumes by member, and what each member carried out of it."""

    gv: Mapping[str, int]
    carried: Carryover


class Shown(Struct, frozen=True, kw_only=True):
    """The last computed state of the open period, from which numbers are explained."""

    snapshot: Snapshot
    terms: Terms
    outcome: Outcome


class Memory(Struct, kw_only=True):
    """
    The company in memory, with the `facts` that it states of its members.

    `closed` holds the periods before the open one, `sealed` says which of them were closed for good, `rests` how the
    last ones went on. `hour` says from when the rests were read, `position` how far the log of entries was,
    `last_sales` the day of each member's last sale up to there, and `documents` the standings as they were written
    last, at `revision`, all of the period `shown_period`.
    """

    company: CompanyRow
    members: Members
    facts: Facts
    tree: Tree
    position: int = 0
    last_sales: dict[str, int] = field(default_factory=dict)
    closed: dict[Period, Closed] = field(default_factory=dict)
    sealed: set[Period] = field(default_factory=set)
    rests: tuple[Rest, ...] = ()
    hour: datetime | None = None
    revision: int = 0
    documents: dict[str, str] = field(default_factory=dict)
    shown: Shown | None = None
    shown_period: str = ""
