"""
Import a company: rows from files become members, placements, orders and volume, all of them or none.
"""
