"""
Proof: a reason is given only where the engine, run again without it, makes that very number higher.

Where no single reason keeps a number down, several together may: somebody inactive on too low a title needs both. Such
a reason names no more than it takes.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from backend.engine.amounts.worth import TooLarge
from backend.engine.explain.numbers import Number, number_of, value_of
from backend.engine.explain.parts import REASON
from backend.engine.explain.reasons import TOGETHER, without
from backend.engine.gates.measures import Member
from backend.engine.pipeline import run
from backend.kernel.trace import Trace

GIVEN = 3
"""How many reasons are given for a number, the nearest first."""

AT_ONCE = 4
"""How many reasons may keep a number down together."""


PROOFS = 1_000
"""How often the engine may be run for one explanation."""


def proved(member: Member, traces: Sequence[Trace], proofs: int = PROOFS) -> tuple[Trace, ...]:
    """
    Return the traces with those reasons alone without which the engine makes the number higher.

    Where more proofs would be needed than may be made, the trace says that reasons were left `untried`.
    """
    runs = _Runs(member, proofs)
    return tuple(_proved(trace, runs) for trace in traces)


class _Runs:
    """The engine's runs without this and that; each is made once, however many numbers ask."""

    def __init__(self, member: Member, proofs: int) -> None:
        self.member, self.proofs = member, proofs
        self.made: dict[str, Member | None] = {}
        self.untried = 0

    def raises(self, reason: Trace, number: Number) -> bool:
        """Say whether a number is higher where a reason is removed; and also the number that it is a reason of."""
        made = self._without(reason)
        about = {number, *(Number(part.about["number"]) for part in _each(reason) if "number" in part.about)}
        return made is not None and all(value_of(made, one) > value_of(self.member, one) for one in about)

    def _without(self, reason: Trace) -> Member | None:
        key = str([sorted((part.about | {"number": ""}).items()) for part in _each(reason)])
        if key not in self.made:
            if len(self.made) >= self.proofs:
                self.untried += 1
                return None
            self.made[key] = self._run(reason)
        return self.made[key]

    def _run(self, reason: Trace) -> Member | None:
        """Return the member without the reason; None where that would be more than can be computed."""
        snapshot, terms = without(reason, self.member.snapshot, self.member.plan, self.member.index)
        try:
            outcome = run(snapshot, terms)
        except TooLarge:
            return None
        return Member(snapshot=snapshot, plan=terms, outcome=outcome, index=self.member.index)


def _each(reason: Trace) -> tuple[Trace, ...]:
    return reason.parts if reason.about["reason"] == TOGETHER else (reason,)


def _proved(trace: Trace, runs: _Runs) -> Trace:
    number, untried = number_of(trace), runs.untried
    parts = [_proved(part, runs) for part in trace.parts if part.name != REASON]
    may_be = [part for part in trace.parts if part.name == REASON]
    given = list[Trace]()
    for reason in may_be:
        if len(given) < GIVEN and not _is_said(reason, given) and runs.raises(reason, number):
            given.append(reason)
    why = given or next((found for few in _said_once(may_be) if (found := _together(few, number, runs))), [])
    about = trace.about | ({"untried": "yes"} if runs.untried > untried else {})
    return replace(trace, about=about, parts=(*parts, *why))


def _is_said(reason: Trace, given: Sequence[Trace]) -> bool:
    """Say whether a reason misses the very conditions of one that is given: that is one reason, proved in two ways."""
    return any(reason.parts and reason.parts == other.parts for other in given)


def _said_once(may_be: Sequence[Trace]) -> tuple[list[Trace], list[Trace]]:
    """Return the reasons without those that miss the same conditions again: each first one kept, and each last one."""
    first = [reason for at, reason in enumerate(may_be) if not _is_said(reason, may_be[:at])]
    last = [reason for at, reason in enumerate(may_be) if not _is_said(reason, may_be[at + 1 :])]
    return first, last


def _together(may_be: Sequence[Trace], number: Number, runs: _Runs) -> list[Trace]:
    """Return the reason that is made of the nearest few, less those that it does not take."""
    for count in range(2, min(len(may_be), AT_ONCE) + 1):
        found = list(may_be[:count])
        if runs.raises(_all_of(found), number):
            for one in may_be[:count]:
                fewer = [other for other in found if other is not one]
                if len(fewer) > 1 and runs.raises(_all_of(fewer), number):
                    found = fewer
            return [_all_of(found)]
    return []


def _all_of(reasons: Sequence[Trace]) -> Trace:
    return Trace(name=REASON, value=0, unit="minor", about={"reason": TOGETHER}, parts=tuple(reasons))
