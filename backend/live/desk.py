"""
Desk: the worker's answers over a local socket, asked without loading the engine.
"""
