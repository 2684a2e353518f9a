"""
Take orders: each order of a message becomes an order and its volume entry, in one transaction, once.
"""
