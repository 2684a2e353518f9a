"""
Create a sign-in link for a member or an operator.
"""
