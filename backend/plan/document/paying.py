"""
What is paid on whom, as a plan file writes it: personal commission, differential, overrides, production bonuses.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from backend.kernel.dated import Since
from backend.plan.document.gates import Requirement
from backend.plan.document.values import Count, FinePercent, Id, Percent, Points, Text, YesNo

RoundingWord: TypeAlias = Literal["half up", "half even", "truncate"]


class Rounding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a fraction of the smallest unit of money becomes whole: once per line, or on the sum of a member's lines."""

    clause: Text
    mode: Since[RoundingWord]
    on: Literal["each line", "the sum"] = "each line"


class OwnPurchases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many points of own purchases count toward PV in a period; "none" lifts the limit."""

    clause: Text
    counted_up_to: Since[Points | None]


class Returns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a return of an earlier period's order does: lower this period's volume, or be recovered from its earners."""

    clause: Text
    count: Literal["in the period they come back", "at the rate that was paid"] = "in the period they come back"


class LateOrders(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an order counts that arrives after its period was closed."""

    clause: Text
    count: Literal["in the open period", "in their own period"] = "in the open period"


class Leaving(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of the legs of a member who leaves."""

    clause: Text
    legs: Literal["move up to the sponsor", "stay in place"] = "move up to the sponsor"


class Active(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is active in a period, and what becomes of the pay of who is not; where nothing is asked, everybody is."""

    clause: Text
    requires: Since[Requirement | None] | None = None
    otherwise: Literal["compress up", "forfeit", "own sales only", "pass up", "carry forward"] = "compress up"


class Pause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What pauses a member's pay by itself: outstanding fees, a member whom compliance has not cleared."""

    clause: Text
    while_fees_are_outstanding: YesNo = "no"
    while_not_cleared: YesNo = "no"


class Personal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own percent on one's own volume, in part where too little of it is sold to customers."""

    clause: Text
    pays: YesNo = "yes"
    first_orders: Literal["own", "sponsor"] = "own"
    customer_share: Since[Percent] | None = None
    verified_share: Since[Percent] | None = None


class Retail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The margin kept at the sale: a share of cost, or of the customer's price."""

    clause: Text
    rate: Since[Percent]
    share_of: Literal["cost", "price"] = "cost"
    on: Literal["customers' orders", "own volume"] = "customers' orders"


class Differential(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The own percent less the highest paid below; `at_most` is what the plan promises for both together."""

    clause: Text
    pays: YesNo = "yes"
    at_most: Since[Percent] | None = None
    against: Literal["highest paid below", "frontline"] = "highest paid below"
    deducts: Literal["paid", "reached"] = "paid"
    from_level: Since[Count] | None = None
    requires: Since[Requirement] | None = None
    rounded: Literal["per line", "gross less deductions"] = "per line"


class Guarantee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the upline receives at least for a group: the override's rate on so many points of PV."""

    clause: Text
    volume: Since[Points]
    charged: Literal["on the own group", "on frontline groups"] = "on the own group"
    of_one_line: Literal["in full", "at most what it brings"] = "in full"
    of_several_lines: Literal["in full", "their average where all are below"] = "in full"
    band_from: Since[Points] | None = None
    band_part: Since[Percent] | None = None


class RateRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rates by generation from a title, a step or a number of broken-away legs on; one of the three is given."""

    title: Id | None = None
    step: Id | None = None
    legs: Count | None = None
    rates: tuple[FinePercent, ...]


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Rates by generation on groups that stand alone, the gate to them, and what the plan promises as their sum.

    `rates` is one row for everybody; `rows` one for each title, step or number of broken-away legs. One is given.
    """

    id: Id
    name: Text
    clause: Text
    rates: Since[tuple[FinePercent, ...]] | None = None
    rows: Since[tuple[RateRow, ...]] | None = None
    deeper: Literal["nothing", "last rate"] = "nothing"
    depth: Literal["by rates", "by title"] = "by rates"
    beyond_first: Literal["of the volume", "of the first amount"] = "of the volume"
    groups: Literal["broken away", "with mark", "same percent", "same title"] = "broken away"
    mark: Id | None = None
    volume: Id | None = None
    lowest_title: Since[Id] | None = None
    requires: Since[Requirement] | None = None
    unqualified: Literal["passed over", "use a generation", "end the line"] = "passed over"
    unqualified_groups: Literal["paid", "lost"] = "paid"
    empty_groups: Literal["count", "count as none"] = "count"
    earners: Literal["one a generation", "the first only"] = "one a generation"
    least_difference: Since[Percent | None] | None = None
    distance: Since[tuple[Percent, ...]] | None = None
    guarantee: Guarantee | None = None
    at_most: Since[FinePercent] | None = None


class Bracket(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From so many points on, such a rate."""

    at_least: Points
    rate: Percent


class Production(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate on one of a member's volumes, by brackets of that volume."""

    id: Id
    name: Text
    clause: Text
    volume: Id
    brackets: Since[tuple[Bracket, ...]]
    requires: Since[Requirement] | None = None
