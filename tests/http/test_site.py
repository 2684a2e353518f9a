"""
The site: what every answer bears, who is let in where, and what a person reads when something is wrong.
"""

import re

import httpx
import pytest

PAGES = ["/", "/today", "/plan", "/explain/gv", "/nowhere", "/offline", "/stage/broken"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_bears_the_policy(amara: httpx.AsyncClient, path: str) -> None:
    """Pages, errors included, forbid whatever is inline or from elsewhere, framing and guessing of kinds."""
    headers = (await amara.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "nosniff" == headers["x-content-type-options"]
    assert "same-origin" == headers["referrer-policy"]


@pytest.mark.parametrize("path", ["/", "/today", "/plan", "/explain/gv", "/nowhere"])
async def test_no_page_holds_what_the_policy_forbids(amara: httpx.AsyncClient, path: str) -> None:
    """No inline script or style, no handler in an attribute, and no address of another host in any page."""
    html = (await amara.get(path, headers={"accept": "text/html"})).text
    assert [] == re.findall(
        r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|(?:src|href|action)=\"(?:https?:)?//", html
    )


async def test_a_link_begins_a_session(nobody: httpx.AsyncClient) -> None:
    """A sign-in link sets a cookie that scripts and other sites cannot use, and leads to the member's page."""
    answer = await nobody.get("/sign-in/AMARA")
    assert (303, "/today") == (answer.status_code, answer.headers["location"])
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("handrail=AMARA;")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "no-store" == answer.headers["cache-control"]


async def test_over_https_the_cookie_belongs_to_this_host(nobody: httpx.AsyncClient) -> None:
    """Over https the cookie is secure, bears the prefix that no other host can set, and https is asked for."""
    answer = await nobody.get("https://stage/sign-in/AMARA")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-handrail=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_a_false_link_is_refused(nobody: httpx.AsyncClient) -> None:
    """A link that nobody gave out is refused with a page, and sets no cookie."""
    answer = await nobody.get("/sign-in/a.b")
    assert 401 == answer.status_code
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/today", "/today/stream", "/explain/gv", "/company", "/company/stream"])
async def test_a_stranger_is_asked_to_sign_in(nobody: httpx.AsyncClient, path: str) -> None:
    """Whatever shows numbers is closed to who has not signed in, with a page that says how."""
    answer = await nobody.get(path)
    assert 401 == answer.status_code
    assert "Please sign in" in answer.text


async def test_a_member_stays_out_of_the_company(amara: httpx.AsyncClient) -> None:
    """A member does not see the company's page, and is led to the own one by the front door."""
    assert [403, 403] == [(await amara.get(path)).status_code for path in ("/company", "/company/stream")]
    assert "/today" == (await amara.get("/")).headers["location"]


async def test_an_operator_has_no_member_page(operator: httpx.AsyncClient) -> None:
    """An operator has no numbers of a member, and is led to the company's page by the front door."""
    assert 403 == (await operator.get("/today")).status_code
    assert "/company" == (await operator.get("/")).headers["location"]


async def test_signing_out_leaves_nothing(amara: httpx.AsyncClient) -> None:
    """Signing out takes the cookie, clears what the browser keeps, and leads to the front door."""
    answer = await amara.post("/sign-out", headers={"sec-fetch-site": "same-origin"})
    assert (303, "/") == (answer.status_code, answer.headers["location"])
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "storage" in answer.headers["clear-site-data"]
    assert 401 == (await amara.get("/today")).status_code


async def test_another_site_cannot_sign_one_out(amara: httpx.AsyncClient) -> None:
    """A form on another site changes nothing."""
    answer = await amara.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert 403 == answer.status_code
    assert 200 == (await amara.get("/today")).status_code


async def test_a_member_without_numbers_is_told_so(nobody: httpx.AsyncClient) -> None:
    """Who has joined and has no standing yet reads a page, not a fault."""
    await nobody.get("/sign-in/NEWCOMER")
    answer = await nobody.get("/today")
    assert 404 == answer.status_code
    assert "no numbers for it yet" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "words"), [("/stage/broken", 500, "Our mistake"), ("/stage/away", 503, "Back in a moment")]
)
async def test_nobody_sees_a_traceback(nobody: httpx.AsyncClient, path: str, status: int, words: str) -> None:
    """A mistake and a lost database have pages that give nothing away."""
    answer = await nobody.get(path)
    assert status == answer.status_code
    assert words in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/stage/broken", 500), ("/stage/away", 503), ("/today", 401)]
)
async def test_a_program_reads_problem_details(nobody: httpx.AsyncClient, path: str, status: int) -> None:
    """Who asks for JSON gets RFC 9457, and no secret either."""
    answer = await nobody.get(path, headers={"accept": "application/json"})
    assert "application/problem+json" == answer.headers["content-type"].partition(";")[0]
    assert status == answer.json()["status"]
    assert "secret" not in answer.text


async def test_the_language_follows_the_reader(amara: httpx.AsyncClient) -> None:
    """The same page is German for who reads German, its figures too."""
    html = (await amara.get("/today", headers={"accept-language": "de-DE,de;q=0.9"})).text
    assert '<html lang="de"' in html
    assert "Was Ihren Titel hält" in html
    assert "6.240,5" in html
