"""
Session: who is there, by a cookie that scripts cannot read, and the two ways to it: a sign-in link, and signing out.

Over https the cookie bears the `__Host-` prefix, so that no other host can set it. Changes of state are refused when a
browser says that another site asked for them.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from backend.flows.sign_in import sign_in
from backend.flows.sign_out import sign_out
from backend.store import views

KEPT_SECONDS = 180 * 24 * 3600
Connection = ASGIConnection[Any, Any, Any, Any]


class Visitor(Struct, frozen=True, kw_only=True):
    """Who asks: a member by code, or an operator, whose code is empty."""

    member_code: str
    operator: bool

    @property
    def home(self) -> str:
        """The page that is theirs."""
        return "/company" if self.operator else "/today"


async def visitor_of(connection: Connection) -> Visitor | None:
    """Return who asks, or None where nobody has signed in."""
    token = connection.cookies.get(cookie_name(connection))
    session = await views.session_of(token) if token else None
    if session is None:
        return None
    return Visitor(member_code=session.member_code, operator=session.role == "operator")


async def member_of(request: Request[Any, Any, Any]) -> Visitor:
    """Return the member who asks; raises 401 where nobody has signed in and 403 for an operator."""
    visitor = await anyone_of(request)
    if visitor.operator:
        raise PermissionDeniedException("this page belongs to a member")
    return visitor


async def operator_of(request: Request[Any, Any, Any]) -> Visitor:
    """Return the operator who asks; raises 401 where nobody has signed in and 403 for a member."""
    visitor = await anyone_of(request)
    if not visitor.operator:
        raise PermissionDeniedException("this page belongs to the company")
    return visitor


async def anyone_of(request: Request[Any, Any, Any]) -> Visitor:
    """Return the member or the operator who asks; raises 401 where nobody has signed in."""
    visitor = await visitor_of(request)
    if visitor is None:
        raise NotAuthorizedException("nobody has signed in here")
    return visitor


def cookie_name(connection: Connection) -> str:
    """Return the cookie's name, which over https promises that this host alone has set it."""
    return "__Host-handrail" if _is_secure(connection) else "handrail"


def same_site(request: Request[Any, Any, Any]) -> None:
    """Refuse a change of state that another site asks for; raises 403."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise PermissionDeniedException("another site asked for this")


@get("/sign-in/{token:str}")
async def enter(request: Request[Any, Any, Any], token: FromPath[str]) -> Redirect:
    """Begin a session for a sign-in link and lead to the page that is theirs; a spent or false link is refused."""
    session = await sign_in(token)
    if session is None:
        raise NotAuthorizedException("this link is spent or false")
    home = "/company" if session.role == "operator" else "/today"
    return Redirect(home, status_code=303, cookies=[_cookie(request, session.token)], headers=NOT_KEPT)


@post("/sign-out", status_code=303)
async def leave(request: Request[Any, Any, Any]) -> Response[None]:
    """End the session, forget what the browser keeps of it, and lead to the front page."""
    same_site(request)
    token = request.cookies.get(cookie_name(request))
    if token:
        await sign_out(token)
    return Response(
        None,
        status_code=303,
        headers={"location": "/", "clear-site-data": '"cache", "storage"'} | NOT_KEPT,
        cookies=[_cookie(request, "", kept_seconds=0)],
    )


NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


def _is_secure(connection: Connection) -> bool:
    return connection.url.scheme == "https"


def _cookie(request: Request[Any, Any, Any], token: str, *, kept_seconds: int = KEPT_SECONDS) -> Cookie:
    return Cookie(
        key=cookie_name(request),
        value=token,
        max_age=kept_seconds,
        path="/",
        httponly=True,
        secure=_is_secure(request),
        samesite="lax",
    )
