"""Announcements across processes, and the streams of one member."""
