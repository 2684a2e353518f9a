"""What a plan does: one module a stage, from a snapshot to an outcome."""
