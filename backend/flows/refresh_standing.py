"""
The lead writes this module now.
"""
