"""
What a calculation found, as JSON and CSV: the same bytes for the same input.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from backend.engine.amounts.payout import ON_VOLUME, counts, scheme_name, share_bp, sold_cv, split_of
from backend.engine.laws.of_lines import TOTALS
from backend.engine.outcome import Bonus, Entry, Lines, State
from backend.engine.periods.adjustments import Adjustment
from backend.engine.periods.carryover import carryover_of
from backend.files.calculation import Computed, Unrecovered
from backend.files.rows import (
    AdjustmentResult,
    BonusTotal,
    LineResult,
    MemberResult,
    PeriodResult,
    Result,
    UnrecoveredResult,
)
from backend.files.written import guarded, write_table
from backend.kernel.points import HUNDREDTHS

VOLUMES = ("pv", "cv", "gv", "tgv", "side_volume")
AMOUNTS = tuple(TOTALS)


def result_of(periods: Iterable[Computed]) -> Result:
    """Gather computed periods, at least one; members stand in the order of their ids, lines in the engine's order."""
    each = tuple(periods)
    return Result(
        plan=each[0].terms.plan,
        periods=tuple(period_result(one) for one in each),
        members=tuple(member for one in each for member in sorted(_members(one), key=_by_id)),
        lines=tuple(line for one in each for line in _lines(one, one.outcome.lines)),
        breakage=tuple(line for one in each for line in _lines(one, one.outcome.breakage)),
        adjustments=tuple(_adjusted(adjustment, str(one.period)) for one in each for adjustment in one.adjustments),
        unrecovered=tuple(_unrecovered(back, str(one.period)) for one in each for back in one.unrecovered),
    )


def as_json(result: Result) -> bytes:
    """Return a result as one JSON object, with a line feed behind it."""
    return msgspec.json.encode(result) + b"\n"


def write_results(folder: Path, result: Result) -> list[Path]:
    """Write `result.json` and a CSV file for each of its lists to a folder, which is made; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    tables = (
        ("standings", MemberResult, result.members),
        ("lines", LineResult, result.lines),
        ("breakage", LineResult, result.breakage),
        ("adjustments", AdjustmentResult, result.adjustments),
        ("unrecovered", UnrecoveredResult, result.unrecovered),
    )
    for name, kind, rows in tables:
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            write_table(file, kind.__struct_encode_fields__, (_cells(row) for row in rows))
        written.append(path)
    (folder / "result.json").write_bytes(as_json(result))
    return [*written, folder / "result.json"]


def period_result(one: Computed) -> PeriodResult:
    """Return a period as a whole."""
    outcome = one.outcome
    return PeriodResult(
        period=str(one.period),
        terms_on=one.terms.on,
        members=len(one.snapshot.members),
        active=int(outcome.active.sum()),
        pv=_points(int(outcome.pv.sum())),
        cv=_points(sold_cv(one.snapshot, one.terms, outcome)),
        totals=tuple(_totals(one)),
        payout_bp=share_bp(one.snapshot, one.terms, outcome, list(Bonus)),
        personal_and_differential_bp=share_bp(one.snapshot, one.terms, outcome, ON_VOLUME),
        split=split_of(one.snapshot, one.terms, outcome),
        snapshot_digest=outcome.snapshot_digest,
        carryover_digest=carryover_of(one.snapshot, one.terms, outcome).digest(),
        digest=outcome.digest(),
    )


def _members(one: Computed) -> Iterator[MemberResult]:
    outcome, terms = one.outcome, one.terms
    volumes = {name: [_points(value) for value in getattr(outcome, name).tolist()] for name in VOLUMES}
    amounts = {name: getattr(outcome, name).tolist() for name in AMOUNTS}
    for at, member in enumerate(one.snapshot.members):
        step, paid_step = int(outcome.step[at]), int(outcome.paid_step[at])
        yield MemberResult(
            member=member,
            period=str(one.period),
            active=bool(outcome.active[at]),
            step=terms.steps[step].id,
            paid_step=terms.steps[paid_step].id if paid_step >= 0 else "",
            percent_bp=int(outcome.paid_bp[at]),
            title=terms.titles[outcome.title[at]].id,
            broken_away=bool(outcome.broken_away[at]),
            total_minor=sum(column[at] for column in amounts.values()),
            currency=terms.markets[one.snapshot.market[at]].currency,
            pv=volumes["pv"][at],
            cv=volumes["cv"][at],
            gv=volumes["gv"][at],
            tgv=volumes["tgv"][at],
            side_volume=volumes["side_volume"][at],
            carried_minor=int(outcome.carried_minor[at]),
            **{name: column[at] for name, column in amounts.items()},
        )


def _lines(one: Computed, lines: Lines) -> Iterator[LineResult]:
    """Yield lines as results; what nobody earns is in the currency of whose volume it is, or of the first market."""
    members = one.snapshot.members
    products = (*one.terms.products, "")
    columns = [getattr(lines, name).tolist() for name in lines.__struct_fields__]
    for row in zip(*columns, strict=True):
        line = dict(zip(lines.__struct_fields__, row, strict=True))
        paid_in = line["earner"] if line["earner"] >= 0 else line["source"]
        yield LineResult(
            earner=members[line["earner"]] if line["earner"] >= 0 else "",
            source=members[line["source"]] if line["source"] >= 0 else "",
            leg=members[line["leg"]] if line["leg"] >= 0 else "",
            bonus=scheme_name(one.terms, Bonus(line["bonus"]), line["scheme"], cut=line["entry"] == Entry.CUT),
            generation=line["generation"],
            product=products[line["product"]],
            entry=Entry(line["entry"]).name.lower(),
            state=State(line["state"]).name.lower(),
            rate_bp=line["rate_bp"],
            less_bp=line["less_bp"],
            base_cv=_points(line["base_cv"]),
            part=line["part"],
            whole=line["whole"],
            amount_minor=line["amount_minor"],
            currency=one.terms.markets[one.snapshot.market[paid_in] if paid_in >= 0 else 0].currency,
            period=str(one.period),
        )


def _adjusted(adjustment: Adjustment, period: str) -> AdjustmentResult:
    return AdjustmentResult(
        period=period,
        of_period=adjustment.period,
        posted_minor=adjustment.posted_minor,
        due_minor=adjustment.due_minor,
        amount_minor=adjustment.amount_minor,
        **msgspec.structs.asdict(adjustment.of),
    )


def _unrecovered(back: Unrecovered, period: str) -> UnrecoveredResult:
    return UnrecoveredResult(
        period=period,
        of_period=str(back.of_period),
        order=back.order,
        returns=back.returns,
        member=back.member,
        pv=_points(back.pv),
        cv=_points(back.cv),
    )


def _totals(one: Computed) -> Iterator[BonusTotal]:
    """Yield what each bonus pays in each currency that it is paid in, bonuses in the engine's order."""
    lines, counted = one.outcome.lines, counts(one.outcome)
    currencies = np.array([market.currency for market in one.terms.markets])[one.snapshot.market[lines.earner]]
    for bonus in Bonus:
        for currency in sorted(set(currencies[counted & (lines.bonus == bonus)].tolist())):
            chosen = counted & (lines.bonus == bonus) & (currencies == currency)
            yield BonusTotal(
                bonus=bonus.name.lower(),
                currency=currency,
                amount_minor=int(lines.amount_minor[chosen].sum()),
                lines=int(chosen.sum()),
            )


def _points(hundredths: int) -> str:
    sign, size = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{size // HUNDREDTHS}.{size % HUNDREDTHS:02d}"


def _by_id(member: MemberResult) -> str:
    return member.member


def _cells(row: MemberResult | LineResult | AdjustmentResult | UnrecoveredResult) -> tuple[str | int, ...]:
    """Return a row's cells: ids guarded, truth as yes and no, numbers as they are."""
    ids = {"member", "earner", "source", "leg", "product"}
    values = ((name, getattr(row, name)) for name in row.__struct_fields__)
    return tuple(
        ("yes" if value else "no") if isinstance(value, bool) else guarded(value) if name in ids else value
        for name, value in values
    )
