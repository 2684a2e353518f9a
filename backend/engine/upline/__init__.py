"""Upline: the nearest above who matters, and what is paid level by level on the way there."""
