"""What may come: pace, projection, gap, the health of a leg."""
