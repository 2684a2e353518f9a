"""
Sign in: a sign-in link becomes a session.
"""
