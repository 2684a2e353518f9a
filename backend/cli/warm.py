"""
`handrail warm`: compile the engine once, at installation, so that nobody's first number waits for a compiler.
"""

import shutil
import time
from pathlib import Path

import rich_click as click


@click.command(name="warm")
def command() -> None:
    """Compile the engine once, so that nobody waits for a compiler."""
    from backend.engine.columns.compiled import KEPT, cache_home, cache_in_use
    from backend.engine.tiny import run_tiny

    began = time.monotonic()
    run_tiny()
    removed = _remove_others(cache_home(), cache_in_use())
    seconds = time.monotonic() - began
    kept = f"in {cache_in_use()}" if KEPT else "for this process only: no folder takes files, so set NUMBA_CACHE_DIR"
    click.echo(f"The engine is compiled ({seconds:.1f} s) {kept}{removed}")


def _remove_others(home: Path, used: Path) -> str:
    """Remove what was compiled from other rules; return words about it."""
    from backend.engine.columns.compiled import PREFIX

    old = [path for path in home.glob(f"{PREFIX}*") if path != used]
    for path in old:
        shutil.rmtree(path)
    return f"; {len(old)} older ones are removed." if old else "."
