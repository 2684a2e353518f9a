"""
Adjustments: what a correction to a closed period brings in the open one.

A closed period is never rewritten. It is computed again with what is known now, on the tree and the terms of its own
days, and the difference to what was posted becomes lines of the open period: for every earner what is owed, or was paid
too much. So does what a plan recovers at the rate that was paid: a return of an earlier period's order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

import msgspec
from msgspec import Struct

from backend.engine.amounts.payout import scheme_name
from backend.engine.laws.of_lines import UNCOUNTED
from backend.engine.outcome import Bonus, Entry, Outcome
from backend.engine.snapshot import Snapshot
from backend.plan.terms import Terms


class Posted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, order=True):
    """
    What a member was paid for in a period: the bonus, through which leg, on whose volume, in which generation.

    `product` is what is paid by its units; empty elsewhere.
    """

    earner: str
    bonus: str
    leg: str
    source: str
    generation: int
    product: str = ""
    currency: str


class Adjustment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the open period: what a closed period's posting was, what it is now, and the difference, never zero."""

    period: str
    of: Posted
    posted_minor: int
    due_minor: int

    @property
    def amount_minor(self) -> int:
        """What is owed; negative for what was paid too much."""
        return self.due_minor - self.posted_minor


class Posting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The amounts that a closed period has posted; the same outcome gives the same bytes.

    `adjustments` are what it posted for periods before it, beside its own amounts.
    """

    period: str
    outcome_digest: str
    amounts_minor: tuple[tuple[Posted, int], ...]
    adjustments: tuple[Adjustment, ...] = ()

    def encoded(self) -> bytes:
        """Return the document as JSON."""
        return msgspec.json.encode(self)

    def digest(self) -> str:
        """Return the SHA-256 of the document, as hexadecimal text."""
        return sha256(self.encoded()).hexdigest()


def posting_of(snapshot: Snapshot, terms: Terms, outcome: Outcome, adjusting: Iterable[Adjustment] = ()) -> Posting:
    """
    Return what an outcome posts, by ids, sorted; lines that count in no total post nothing.

    `adjusting` is what the period posts for earlier ones beside that.
    """
    amounts: Counter[Posted] = Counter()
    for posted, amount_minor in _lines(snapshot, terms, outcome):
        amounts[posted] += amount_minor
    return Posting(
        period=outcome.period,
        outcome_digest=outcome.digest(),
        amounts_minor=_sorted(amounts),
        adjustments=tuple(adjusting),
    )


def read_posting(data: bytes) -> Posting:
    """Return a posting that was saved; raises msgspec.ValidationError where it is none."""
    return msgspec.json.decode(data, type=Posting)


def adjustments(before: Posting, now: Posting) -> tuple[Adjustment, ...]:
    """
    Return the lines that a correction of one period brings, sorted; none where nothing has changed.

    Added to what was posted they give what is due. Asserts that both are of the same period.
    """
    assert before.period == now.period, "a period is corrected by itself"
    posted, due = dict(before.amounts_minor), dict(now.amounts_minor)
    return tuple(
        Adjustment(period=now.period, of=of, posted_minor=posted.get(of, 0), due_minor=due.get(of, 0))
        for of in sorted(posted.keys() | due.keys())
        if posted.get(of, 0) != due.get(of, 0)
    )


def settled(posting: Posting, later: Iterable[Adjustment]) -> Posting:
    """
    Return all that was posted for a period by now: its own posting, and what later periods have adjusted of it.

    Asserts that every adjustment is of this period.
    """
    amounts = Counter(dict(posting.amounts_minor))
    for each in later:
        assert each.period == posting.period, "a period is settled by its own adjustments"
        amounts[each.of] += each.amount_minor
    return msgspec.structs.replace(posting, amounts_minor=_sorted(amounts))


def _sorted(amounts: Counter[Posted]) -> tuple[tuple[Posted, int], ...]:
    return tuple((posted, amount) for posted, amount in sorted(amounts.items()) if amount)


def _lines(snapshot: Snapshot, terms: Terms, outcome: Outcome) -> Iterator[tuple[Posted, int]]:
    lines, members, products = outcome.lines, (*snapshot.members, ""), (*terms.products, "")
    names = ("earner", "bonus", "scheme", "leg", "source", "generation", "product", "entry", "state")
    for row in zip(*(getattr(lines, name).tolist() for name in (*names, "amount_minor")), strict=True):
        earner, bonus, scheme, leg, source, generation, product, entry, state, amount_minor = row
        if state not in UNCOUNTED:
            posted = Posted(
                earner=members[earner],
                bonus=scheme_name(terms, Bonus(bonus), scheme, cut=entry == Entry.CUT),
                leg=members[leg],
                source=members[source],
                generation=generation,
                product=products[product],
                currency=terms.markets[snapshot.market[earner]].currency,
            )
            yield posted, amount_minor
