"""
Hub: announcements of the database, handed to the open streams of this process.
"""
