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
from backend.forecast.readings import Readings
from backend.kernel.period import Period
from backend.network.tree import Tree
from backend.plan.terms import Terms
from backend.store.company import CompanyRow
from backend.store.network import Members


class Network(Struct, frozen=True, kw_only=True):
    """The members as placed on a period's last day, and as a tree in which leavers' legs stand where the plan says."""

    members: Members
    tree: Tree


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
    The company in memory: the `facts` that it states of its members, the `members` and `tree` of the open period.

    `networks` are those of each period, as far as the network's log was read, `network_position`. `closed` holds the
    periods before the open one, `sealed` says which of them were closed for good, `rests` how the last ones went on.
    `hour` says from when the rests were read, `position` how far the log of entries was, `former` the last row of a
    history, `stated` the last fact, `last_sales` the day of each member's last sale. `documents` are the standings as
    they were written last, at `revision`, all of the period `shown_period`, each member under one of `sponsors` in the
    tree `written`, and drawn from `readings`.
    """

    company: CompanyRow
    members: Members
    facts: Facts
    tree: Tree
    networks: dict[Period, Network] = field(default_factory=dict)
    network_position: int = 0
    position: int = 0
    former: int = 0
    stated: int = 0
    last_sales: dict[str, int] = field(default_factory=dict)
    closed: dict[Period, Closed] = field(default_factory=dict)
    sealed: set[Period] = field(default_factory=set)
    rests: tuple[Rest, ...] = ()
    hour: datetime | None = None
    revision: int = 0
    documents: dict[str, str] = field(default_factory=dict)
    sponsors: dict[str, str | None] = field(default_factory=dict)
    written: Tree | None = None
    readings: Readings | None = None
    shown: Shown | None = None
    shown_period: str = ""
