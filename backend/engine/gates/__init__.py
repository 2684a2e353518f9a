"""Gates: what a plan asks of a member or of the legs below, how it is measured, and what the standing pass knows."""
