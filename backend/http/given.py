"""
Given: what a handler asks for by naming it, and `site` hands in: the reader's locale, and who is there.
"""

from babel import Locale
from litestar.di import NamedDependency

from backend.http.session import Visitor

Reader = NamedDependency[Locale]
"""The locale that the reader prefers; asked for as `locale`."""

Entered = NamedDependency[Visitor]
"""Who has signed in; asked for as `member` or `operator`, refused where it is the other or nobody; or as `visitor`."""
