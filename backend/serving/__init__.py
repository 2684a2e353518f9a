"""
Serving: the processes of the product in the hands of one command each: database, tables, worker, web.
"""

from backend.serving.door import bound
from backend.serving.store import database, running, sound
from backend.serving.web import Serving

__all__ = ["Serving", "bound", "database", "running", "sound"]
