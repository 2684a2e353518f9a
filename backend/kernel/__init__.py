"""Words that every package shares: money, points, periods, dated values, findings, traces."""
