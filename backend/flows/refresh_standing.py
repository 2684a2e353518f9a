"""
Refresh the standing: run the engine on the open period, write what changed at a new revision, announce it.
"""
