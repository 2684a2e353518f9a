"""
What PostgreSQL alone can do on this machine: pgbench inserts one row, or a hundred, in each transaction.

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
HUNDRED = f"""
\\set key random(1, 4000000000000000000)
INSERT INTO bench_order SELECT 'bench-' || (:key::bigint + number), {SAID}
FROM generate_series(1, 100) AS number ON CONFLICT DO NOTHING;
"""


def transactions(dsn: str, folder: Path, script: str, *, clients: int, seconds: int) -> float:
    """Return how many transactions a second pgbench brings through, prepared statements and all."""
    written = folder / "bench.sql"
    written.write_text(script)
    parts = urlsplit(dsn)
    host = parts.hostname or parse_qs(parts.query)["host"][0]
    place = ["-h", host, "-U", parts.username or "", "-n", "-M", "prepared"]
    load = ["-c", str(clients), "-j", "1", "-T", str(seconds), "-f", str(written)]
    command = [str(programs(runner()) / "pgbench"), *place, *load, parts.path.lstrip("/")]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(re.findall(r"tps = ([\d.]+)", said)[0])
