"""
Routes: the site map. A URL is a noun; a change of state is a noun too.

/                       the front door
/sign-in/{token}        a link that begins a session; /sign-out ends it
/today                  the member's page; /today/stream its news; /explain/{number} why a number is what it is
/changes                what would change the member's step, title and legs
/months/{period}        a closed month: what it paid, and why that differs from what was shown last
/legs/{code}/breakaway  before and after the breakaway of an own frontline leg
/company                the operator's page; /company/stream its news
/plan                   the plan as people read it, for members and operators alike
/intake/…               where shops send their orders
/health/live /health/ready /metrics  what the machine that runs this asks
/assets/…               styles, scripts, typefaces, icons, under names that never change their content
/app.webmanifest /sw.js /offline     the app on the home screen
"""

from litestar.types import ControllerRouterHandler

from backend.http.assets import asset
from backend.http.explain import explain
from backend.http.health import HEALTH
from backend.http.intake import INTAKE
from backend.http.landing import landing
from backend.http.member.breakaway import breakaway
from backend.http.member.changes import changes
from backend.http.member.month import month
from backend.http.member.today import today, today_stream
from backend.http.operator.company import company, company_stream
from backend.http.plan import plan
from backend.http.pwa import offline, webmanifest, worker
from backend.http.session import enter, leave

ROUTES: list[ControllerRouterHandler] = [
    landing,
    enter,
    leave,
    today,
    today_stream,
    explain,
    changes,
    breakaway,
    month,
    company,
    company_stream,
    plan,
    *INTAKE,
    *HEALTH,
    asset,
    webmanifest,
    worker,
    offline,
]
