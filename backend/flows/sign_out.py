"""
Sign out: a session ends.
"""
