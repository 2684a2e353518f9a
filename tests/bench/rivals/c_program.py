"""
The rival in C: `engine.c`, compiled for this machine when it is asked for, with the plan's numbers as constants.
"""

import ctypes
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from time import thread_time
from typing import Any

from backend.kernel.finding import Finding, Place, Refused
from backend.plan.terms import Terms
from tests.bench.rivals.company import Company
from tests.bench.rivals.results import RESULTS, Results, blank
from tests.bench.rivals.said import C, said

SOURCE = Path(__file__).with_name("engine.c")
OPTIONS = ("-O3", "-march=native", "-std=gnu11", "-shared", "-fPIC")
COMPILERS = ("gcc", "cc", "clang")
COLUMNS = (
    *("sponsor", "first_leg", "leg_count", "enroller", "market", "training", "title_before", "missed_before"),
    *("own_pv", "customer_pv", "own_cv", "customer_cv"),
)


class CProgram:
    """The compiled program, called in this process on the company's own columns."""

    def __init__(self, company: Company, library: Path) -> None:
        """Load what was compiled."""
        self._company, self._found = company, blank(0)
        self._settle = ctypes.CDLL(str(library)).settle

    def settle(self) -> float:
        """Compute; the results are new columns each time, as Handrail's are."""
        size = len(self._company)
        began = thread_time()
        self._found = blank(size)
        given = _pointers([getattr(self._company, name) for name in COLUMNS])
        failed = self._settle(ctypes.c_int64(size), given, _pointers([self._found[name] for name in RESULTS]))
        took = thread_time() - began
        if failed:
            raise MemoryError("the program in C got no memory")
        return took

    def results(self) -> Results:
        """Hand over the columns that it wrote."""
        found, self._found = self._found, blank(0)
        return found


def _pointers(columns: list[Any]) -> Any:
    """Return columns as the structs of the program have them: nothing but pointers, one behind the other."""
    return (ctypes.c_void_p * len(columns))(*[column.ctypes.data for column in columns])


def compiled(terms: Terms, folder: Path) -> Path:
    """
    Write the plan as a header into a folder, compile the program with it, and return the library.

    Each plan has a library of its own: what is loaded once is not loaded anew. Raises Refused where no compiler is.
    """
    plan = header(terms)
    within = folder / sha256(plan.encode()).hexdigest()[:16]
    library = within / "engine.so"
    if not library.exists():
        within.mkdir()
        (within / "plan.h").write_text(plan)
        subprocess.run([compiler(), *OPTIONS, f"-I{within}", "-o", str(library), str(SOURCE)], check=True)
    return library


def compiler() -> str:
    """Return the compiler: $CC, or the first of `COMPILERS` on the path. Raises Refused where there is none."""
    found = os.environ.get("CC") or next(filter(None, map(shutil.which, COMPILERS)), None)
    if found is None:
        message = f"none of {', '.join(COMPILERS)} is on the path, and the rival in C is compiled when it is measured."
        remedy = "Install one (Debian: apt install gcc), name one in CC, or leave the rival out: --rivals sql plain."
        raise Refused([Finding(code="compiler-missing", place=Place(source="PATH"), message=message, remedy=remedy)])
    return found


def header(terms: Terms) -> str:
    """Return the plan as the program includes it: conditions as expressions, tables as initializers."""
    rules = said(terms, C)
    values = {name: _valued(value) for name, value in rules.numbers().items()}
    named = {"PERCENTS": "percents_bp", "GENERATIONS_OF": "generations", "RATES": "rates_bp"}
    sizes = {"STEPS": len(rules.percents_bp), "GENERATIONS": len(rules.rates_bp)}
    lines = {name: values.pop(field) for name, field in named.items()} | sizes
    lines |= {name.upper(): value for name, value in values.items()}
    return "".join(f"#define {name} {value}\n" for name, value in lines.items())


def _valued(value: Any) -> str:
    return "{" + ", ".join(map(str, value)) + "}" if isinstance(value, tuple) else str(value)
