"""What a running process counts and measures, for whoever watches it."""
