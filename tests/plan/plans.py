"""
Every sound plan file of the project: those that ship, those of other companies, and those that tests are written on.
"""

from pathlib import Path

FOLDERS = ("manifest/plans", "tests/published", "tests/engine/cases", "tests/plan")
PLANS = [
    path
    for folder in FOLDERS
    for path in sorted(Path(folder).glob("*.toml"))
    if '\nschema = "handrail/plan/1"\n' in f"\n{path.read_text()}"
]
