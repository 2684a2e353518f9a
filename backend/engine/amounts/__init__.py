"""Amounts: what points are in money, lines rounded once, what is deducted, shared out and exchanged, and the sums."""
