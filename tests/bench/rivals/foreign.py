"""
An engine from outside: any command that reads a company from one folder and writes results to another.

It prints, as the last line, the seconds of processor time that the computation alone took.
"""

import shlex
import subprocess
from pathlib import Path

from backend.plan.terms import Terms
from tests.bench.rivals.company import Company, written
from tests.bench.rivals.results import Results, read


class Foreign:
    """A command, to which the folder of the company and that of the results are added."""

    def __init__(self, company: Company, terms: Terms, command: str, folder: Path) -> None:
        """Write the company's files."""
        self._given, self._found = folder / "company", folder / "results"
        for made in (self._given, self._found):
            made.mkdir(exist_ok=True)
        written(company, terms, self._given)
        self._command = [*shlex.split(command), str(self._given), str(self._found)]

    def settle(self) -> float:
        """Run the command once. Raises CalledProcessError where it fails."""
        said = subprocess.run(self._command, check=True, stdout=subprocess.PIPE, text=True).stdout
        return float(said.splitlines()[-1])

    def results(self) -> Results:
        """Read what it wrote."""
        return read(self._found)
