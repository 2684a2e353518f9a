"""
Month: a closed month of the member: what it paid, how that differs from what was shown last, and what it corrected.
"""

from babel import Locale
from litestar import MediaType, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from backend.http.bonus_names import bonus_named
from backend.http.given import Entered, Reader
from backend.http.member.today import read_page
from backend.http.render import render
from backend.store.views import MemberPage
from backend.store.views.months import ClosedMonth, closed_month


@get("/months/{period:str}", media_type=MediaType.HTML)
async def month(period: FromPath[str], member: Entered, locale: Reader) -> str:
    """Show a closed month of the member; raises 404 for one that is not closed."""
    found = await closed_month(member.member_code, period)
    if found is None:
        raise NotFoundException("this month is not closed")
    return draw(await read_page(member.member_code), found, locale)


def draw(page: MemberPage, found: ClosedMonth, locale: Locale) -> str:
    """Draw the page."""
    paid = sum(each.amount_minor for each in found.earned if each.state == "payable")
    held = sum(each.amount_minor for each in found.earned if each.state.startswith("held"))
    sums = {"paid_minor": paid, "held_minor": held}
    earned = [(bonus_named(each.bonus, found.terms), each) for each in found.earned]
    return render("member/month.html", locale, page=page, month=found, earned=earned, **sums)
