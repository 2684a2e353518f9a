"""
What PostgreSQL alone can do on this machine: pgbench inserts one row, or a hundred that it sends, in each transaction.

The table has the columns of an order under its key, and nothing that makes it an order: no member, no entry of volume,
no seal. It is the ceiling that the door is measured against, not a rival.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from backend.embedded.binaries import programs, runner

TABLE = """
CREATE TABLE IF NOT EXISTS bench_order (
    key text PRIMARY KEY, shop text, kind text, member integer, customer text, placed_at timestamptz,
    accepted_at timestamptz, pv bigint, cv bigint, digest text
)
"""
SAID = f"'till', 'order', 7, 'c1', now(), now(), 1250, 1100, '{'d' * 64}'"
ONE = f"""
\\set key random(1, 4000000000000000000)
INSERT INTO bench_order VALUES ('bench-' || :key, {SAID}) ON CONFLICT DO NOTHING;
"""
AT = "'2026-11-22T10:00:00+00:00'"
ROWS = ", ".join(
    f"('bench-:key-{row}', 'till', 'order', 7, 'c1', {AT}, {AT}, 1250, 1100, '{'d' * 64}')" for row in range(100)
)
HUNDRED = f"""
\\set key random(1, 4000000000000000000)
INSERT INTO bench_order VALUES {ROWS} ON CONFLICT DO NOTHING;
"""
"""The rows travel with the statement, as a client's do, and so it is parsed; nothing in it can be prepared."""


def transactions(dsn: str, folder: Path, script: str, *, clients: int, seconds: int) -> float:
    """Return how many transactions a second pgbench brings through, prepared where they can be."""
    written = folder / "bench.sql"
    written.write_text(script)
    parts = urlsplit(dsn)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    place = ["-h", host, "-U", parts.username or "", "-n", "-M", "simple" if script == HUNDRED else "prepared"]
    load = ["-c", str(clients), "-j", "1", "-T", str(seconds), "-f", str(written)]
    command = [str(programs(runner()) / "pgbench"), *place, *load, parts.path.lstrip("/")]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(re.findall(r"tps = ([\d.]+)", said)[0])
