"""Groups that stand alone: whose they are, how they go up from leader to leader, at which rates, what is guaranteed."""
