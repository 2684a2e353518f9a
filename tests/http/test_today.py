"""
Today: the order of a person's questions, three things that nobody mixes, and a page that works without scripts.
"""

import gzip
import re
from html import escape, unescape

import httpx
import msgspec
import pytest
from babel import Locale

from backend.forecast.standing import Health, Keeping
from backend.http.member.today import attention, draw, regions
from tests.http import cast

ENGLISH = Locale("en")
FIRST_VIEW_BYTES = 60_000
SCRIPT_BYTES = 25_000


def page(**others: object) -> str:
    """Draw Amara's page, her standing changed in what is named."""
    return draw(cast.member_page(standing=cast.standing(**others)), cast.terms(), ENGLISH)


def words(html: str) -> str:
    """Return what a person reads."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html[html.index("<body") :])))


def test_keeping_comes_before_climbing() -> None:
    """The blocks stand in the order of a person's questions: what keeps the title first."""
    found = re.findall(r'class="block block-(\w+)"', page())
    assert ["keeping", "stairs", "next", "earnings", "legs"] == found


def test_step_paid_and_title_stand_apart() -> None:
    """Step reached, step paid as and title are three named things with three values."""
    shown = words(page(step=4, paid_step=2, title=1))
    assert re.search(r"Step reached 16% Paid as 8% Title Supervisor", shown)


def test_who_is_not_paid_is_told_so() -> None:
    """A member who is not active reads that nothing is paid, beside the step that was reached."""
    assert "Step reached 16% Paid as not paid" in words(page(paid_step=-1))


@pytest.mark.parametrize(
    ("state", "missed", "said"),
    [
        ("none_needed", 0, "Supervisor stays yours"),
        ("met", 0, "Supervisor is kept this month"),
        ("grace", 0, "Supervisor is not kept yet, and in grace"),
        ("at_risk", 1, "1 month missed in a row. The title ends after 3."),
        ("lost", 2, "2 months missed in a row. The title ends after 3."),
    ],
)
def test_what_keeps_the_title_is_said_in_words(state: str, missed: int, said: str) -> None:
    """Each state of upkeep has words of its own, with the misses and the window."""
    keeping = Keeping(state=state, checks=(), missed_periods=missed, window_periods=3, grace_periods=1)
    assert said in words(page(keeping=keeping))


def test_provisional_volume_stands_apart() -> None:
    """Volume that may still come back is named beside what is firm, and absent where there is none."""
    assert "40.5 of it may still come back" in words(page())
    assert "all of it firm" in words(page(provisional_pv_points=0))


def test_a_projection_stands_with_its_assumption() -> None:
    """A range says on how many months it rests and that it is no promise; without history there is none."""
    shown = words(page())
    assert "$481.10 – $749.05" in shown
    assert 2 == shown.count("If the rest of this month goes like the rest of one of your last 6 months. Not a promise.")
    plain = [msgspec.structs.replace(one, projected=None) for one in cast.standing().earnings]
    without = words(page(projected_gv=None, projected_step=None, earnings=tuple(plain)))
    assert "$481.10" not in without
    assert "no range yet" in without
    assert "too little history" in without
    assert "At this pace, month ends at 8,793" in without


def test_what_a_pause_holds_stands_with_its_reason() -> None:
    """Who is paused reads what of the earnings is held and why, with a way to the explanation; others read nothing."""
    shown = words(page(held_minor=36_000, held_state="held_payment"))
    assert "Of it held: payment is open $360.00" in shown
    assert 'href="/explain/payable"' in page(held_minor=36_000, held_state="held_payment")
    assert "Of it held: compliance is open" in words(page(held_minor=1, held_state="held_compliance"))


def test_a_pause_holds_the_title_too() -> None:
    """Whoever is paused reads it beside the title, also where nothing was earned yet."""
    assert "Title and pay are held while compliance is open." in words(page(held_state="held_compliance"))
    assert "Title and pay are held" not in words(page())
    assert "Of it held" not in words(page())


def test_the_highest_step_asks_for_nothing() -> None:
    """Who stands on the highest step reads so, and no gap."""
    shown = words(page(step=6, gv_points=2_000_000, next_step=None))
    assert "You stand on the highest step" in shown
    assert "to go" not in shown


def test_who_needs_attention_stands_first() -> None:
    """Legs at risk come first, those broken away last; among equals the larger group."""
    found = [leg.standing.health for leg in sorted(cast.legs(), key=attention)]
    assert [
        Health.AT_RISK,
        Health.STALLING,
        Health.STALLING,
        Health.CLIMBING,
        Health.STEADY,
        Health.BROKEN_AWAY,
    ] == found


def test_health_has_word_and_shape() -> None:
    """Each state of health has a word, and a shape that no other one has."""
    html = page()
    found = re.findall(r'class="health" data-health="(\w+)"><svg[^>]*>(.*?)</svg>\s*([\w ]+)', html, re.DOTALL)
    by_state = {state: (drawn.strip(), word) for state, drawn, word in found}
    assert (
        5
        == len(by_state)
        == len({drawn for drawn, _ in by_state.values()})
        == len({word for _, word in by_state.values()})
    )


def test_hostile_names_stay_text() -> None:
    """A name that is markup is shown as it is written, in the page and in an attribute's id."""
    name = '<img src=x onerror="alert(1)">{{ 7*7 }}\'"'
    leg = cast.leg("A'] , body", name, 1)
    html = draw(cast.member_page(name=name, legs=(leg,)), cast.terms(), ENGLISH)
    assert "<img" not in html
    assert escape(name) in html.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert "A'] , body" not in html


def test_every_block_carries_its_age() -> None:
    """The page and each of its blocks say how old their numbers are, for machines too."""
    html = page()
    assert 6 == html.count("data-age") == html.count('datetime="2026-10-22T14:32:00+00:00"')
    assert 6 == html.count("12 seconds ago")


def test_the_page_works_without_scripts() -> None:
    """Every number that opens is a link, and what changes the session is a form."""
    html = page()
    links = re.findall(r'href="(/explain/\w+)" hx-get="(/explain/\w+)"', html)
    assert 9 <= len(links)
    assert all(plain == enhanced for plain, enhanced in links)
    assert '<form method="post" action="/sign-out">' in html


def test_a_new_order_changes_few_regions() -> None:
    """Of two revisions that differ in one leg's volume, only that leg's row and the age differ."""
    before = regions(cast.member_page(), cast.terms(), ENGLISH)
    legs = tuple(
        msgspec.structs.replace(leg, standing=msgspec.structs.replace(leg.standing, gv_points=265_000))
        if leg.code == "LUIS"
        else leg
        for leg in cast.legs()
    )
    after = regions(cast.member_page(legs=legs), cast.terms(), ENGLISH)
    differing = [one.target for one, other in zip(before, after, strict=True) if one.html != other.html]
    assert ["legs"] == differing
    rows = zip(before[-1].rows, after[-1].rows, strict=True)
    assert ["leg-LUIS"] == [one.target for one, other in rows if one.html != other.html]


async def test_the_first_view_is_small(amara: httpx.AsyncClient) -> None:
    """All that a phone needs for the first view stays under 60 KB compressed, and scripts under 25 KB."""
    answer = await amara.get("/today")
    addresses = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text))
    sizes = {address: await _compressed(amara, address) for address in addresses if "/icons/" not in address}
    scripts = sum(size for address, size in sizes.items() if address.endswith(".js"))
    assert SCRIPT_BYTES > scripts
    assert FIRST_VIEW_BYTES > sum(sizes.values()) + len(gzip.compress(answer.content))


async def _compressed(client: httpx.AsyncClient, address: str) -> int:
    """Return how many bytes an asset takes on the line."""
    answer = await client.get(address, headers={"accept-encoding": "gzip"})
    return int(answer.headers["content-length"])
