"""
Intake: the door for shops; a signed message of one order or many.
"""
