"""The company that the demo runs on, drawn from real purchases, and the ticker that plays its shop."""
