"""
Process: one worker holds the columns, chosen by an advisory lock; the others wait to take over.
"""
