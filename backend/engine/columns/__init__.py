"""Columns: the sheet that the stages fill in, its volumes by number, numbers by market, and compiled loops."""
