"""
The published examples run against the plan files: every expected value equal, or both values side by side.

An example names its plan; nothing here knows an example. What cannot be read, or is named as nobody knows it, is a
difference with a sentence. `scripts/published-plans FOLDER` calls `main`.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from backend.engine.amounts.worth import TooLarge
from backend.engine.laws import LawBroken
from backend.engine.periods.carryover import carryover_of
from backend.engine.pipeline import run
from backend.kernel.finding import Refused
from backend.kernel.period import Period
from backend.plan.document import Document
from backend.plan.reading import read_plan
from backend.plan.resolve import terms_on
from tests.published import facts
from tests.published.cases import Case, Unreadable, read
from tests.published.quantities import Month, Name, Value, value_of

ROOM = Path(__file__).parent
CENT = Decimal("0.01")


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan understands by names of quantities, titles and facts, where it is not what all plans do."""

    names: dict[str, Name] = {}
    titles: dict[str, str] = {}
    facts: dict[str, str] = {}


class Verdict(Struct, frozen=True, kw_only=True):
    """One expected value: whose and what it is, what was expected and computed; or a sentence on why there is none."""

    what: str
    equal: bool
    said: str = "equal"


class Run(Struct, frozen=True, kw_only=True):
    """A case computed month by month, with its plan's words."""

    case: Case
    words: Words
    months: Sequence[Month]


@cache
def vocabulary(plan: str) -> Words:
    """Return the words of a plan over those of all plans."""
    whole = tomllib.loads((ROOM / "vocabulary.toml").read_text(encoding="utf-8"))
    everybody = msgspec.convert({"names": whole.pop("names")}, Words)
    own = msgspec.convert(whole.get(plan, {}), Words)
    return msgspec.structs.replace(own, names=everybody.names | own.names)


def judged(case: Case) -> list[Verdict]:
    """Return a verdict for each expected name of a case, or one that says why the case cannot be computed."""
    try:
        words = vocabulary(case.plan)
        done = Run(case=case, words=words, months=list(_computed(case, _document(case.plan), words)))
    except Unreadable as wrong:
        return [Verdict(what="the case", equal=False, said=str(wrong))]
    except Refused as wrong:
        return [Verdict(what="the case", equal=False, said=f"The plan refuses it: {wrong.findings[0]}")]
    except LawBroken as wrong:
        return [Verdict(what="the case", equal=False, said=f"A law is broken: {wrong.sentences[0]}")]
    except TooLarge as wrong:
        return [Verdict(what="the case", equal=False, said=f"The volumes are too large: {wrong}.")]
    wanted = [(who, name, value) for who, names in case.expected.items() for name, value in names.items()]
    return [_verdict(done, who, name, value) for who, name, value in wanted]


@cache
def _document(plan: str) -> Document:
    file = ROOM / f"{plan}.toml"
    if not plan or not file.is_file():
        raise Unreadable(f'There is no plan file for "{plan}".')
    return read_plan(file.read_bytes(), str(file))


def _computed(case: Case, document: Document, words: Words) -> Iterator[Month]:
    before = None
    for number, members in enumerate(case.months):
        period = Period(case.on.year, case.on.month).plus(number)
        terms = terms_on(document, case.on if number == 0 else period.first_day)
        snapshot = facts.snapshot(
            facts.people_of(members, terms, market=case.market, means=words.facts),
            terms,
            period=str(period),
            carried=before.under(terms) if before else {},
            titles=words.titles,
        )
        outcome = run(snapshot, terms)
        before = carryover_of(snapshot, terms, outcome)
        yield Month(terms=terms, snapshot=snapshot, outcome=outcome, order=[each["id"] for each in members])


def _verdict(done: Run, who: str, name: str, wanted: Any) -> Verdict:
    what = f"{who}.{name}"
    meaning = done.words.names.get(name)
    if meaning is None:
        return Verdict(what=what, equal=False, said="Nobody knows what is expected by this name.")
    try:
        found = [_value(done, number, meaning, who) for number in range(len(done.months))]
    except Unreadable as wrong:
        return Verdict(what=what, equal=False, said=str(wrong))
    monthly = done.case.monthly and isinstance(wanted, list)
    each, computed = (wanted, found) if monthly else ([wanted], found[-1:])
    if len(each) == len(computed) and all(_equal(*pair, meaning) for pair in zip(each, computed, strict=True)):
        return Verdict(what=what, equal=True)
    more = "more than " if meaning.greater else ""
    return Verdict(what=what, equal=False, said=f"expected {more}{_shown(wanted)}, computed {_shown(_one(computed))}")


def _value(done: Run, number: int, meaning: Name, who: str) -> Value:
    """Return a member's quantity in a month; a customer earns nothing, and has no volume of its own."""
    month = done.months[number]
    if who in month.snapshot.members:
        return value_of(meaning, done.words.names, month, who)
    if who not in month.order:
        raise Unreadable(f"The case has no member {who}.")
    return Fraction(0)


def _equal(wanted: Any, computed: Value, meaning: Name) -> bool:
    """
    Say whether two values are equal.

    What a source prints finer than a hundredth is rounded, half up, to be compared; a share is compared with as many
    decimals as the source prints.
    """
    if isinstance(computed, list):
        return _all_equal(wanted, computed, meaning)
    if isinstance(computed, bool) or isinstance(wanted, bool) or not isinstance(wanted, int | Decimal):
        return wanted is computed
    if meaning.greater:
        return computed > Fraction(wanted)
    if meaning.kind == "factor":
        return _printed(computed, Decimal(wanted)) == Decimal(wanted)
    return computed == Fraction(Decimal(wanted).quantize(CENT, ROUND_HALF_UP))


def _all_equal(wanted: Any, computed: list[Fraction], meaning: Name) -> bool:
    """Compare leg by leg, or with the sum where the source prints one number."""
    if not isinstance(wanted, list):
        return _equal(wanted, sum(computed, Fraction(0)), meaning)
    return len(wanted) == len(computed) and all(_equal(*pair, meaning) for pair in zip(wanted, computed, strict=True))


def _printed(computed: Fraction, like: Decimal) -> Decimal:
    """Return a share with as many decimals as the source prints."""
    return (Decimal(computed.numerator) / Decimal(computed.denominator)).quantize(like, ROUND_HALF_UP)


def _one(values: Sequence[Value]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return str(value).lower()
    number = Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)
    return f"{number:,f}" if number != number.to_integral() else f"{int(number):,}"


def main(folder: str) -> int:
    """Run all examples of a folder; print each value and the totals, and return 1 on any difference, else 0."""
    files = sorted(Path(folder).glob("examples_*.json"))
    if not files:
        print(f"{folder} has no examples_*.json.")
        return 1
    totals: dict[str, list[int]] = {}
    for file in files:
        for id_, plan, case in read(file):
            verdicts = judged(case) if isinstance(case, Case) else [Verdict(what="the case", equal=False, said=case)]
            print(f"{file.name}  {id_}  {plan}")
            print("".join(f"    {each.what}: {each.said}\n" for each in verdicts), end="")
            counts = totals.setdefault(plan or "no plan", [0, 0, 0])
            differ = sum(not each.equal for each in verdicts)
            totals[plan or "no plan"] = [counts[0] + 1, counts[1] + len(verdicts), counts[2] + differ]
    return _summed_up(totals)


def _summed_up(totals: Mapping[str, Sequence[int]]) -> int:
    print()
    for plan, (cases, values, differ) in sorted(totals.items()):
        print(f"{plan}: {cases} cases, {values - differ} of {values} values equal")
    cases, values, differ = (sum(each[part] for each in totals.values()) for part in range(3))
    print(f"all plans: {cases} cases, {values - differ} of {values} values equal, {differ} differ")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else str(ROOM)))
