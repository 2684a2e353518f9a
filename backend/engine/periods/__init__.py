"""Periods: from rows to a snapshot, what one period hands to the next, and what a correction of a closed one brings."""
