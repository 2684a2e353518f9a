"""
Landing: the front door. Who has signed in is led to the page that is theirs; anyone else reads what this is.
"""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from backend.http.given import Reader
from backend.http.render import render
from backend.http.session import visitor_of


@get("/")
async def landing(request: Request[Any, Any, Any], locale: Reader) -> Response[Any]:
    """Lead on, or say what this is and how one gets in."""
    visitor = await visitor_of(request)
    if visitor is not None:
        return Redirect(visitor.home, status_code=303)
    return Response(render("landing.html", locale), media_type="text/html")
