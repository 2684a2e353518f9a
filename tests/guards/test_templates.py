"""
What the phone receives: templates that parse, hold nothing that a strict content policy forbids, and call nobody else.
"""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, TemplateSyntaxError

from tests.guards.tree import ROOT, plant

TEMPLATES = "web/templates"
ENVIRONMENT = Environment(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])

FORBIDDEN = {
    "holds an inline script: put it into web/js": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "holds an inline style: put it into web/styles": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "holds a script in an attribute: put it into web/js": re.compile(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "holds a script in an address": re.compile(r"javascript:", re.IGNORECASE),
    "calls another host": re.compile(
        r"""\b(?:href|src|srcset|action|hx-\w+)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE
    ),
}
UNESCAPED = re.compile(r"(?<!\.html)\s*\|\s*safe\b|autoescape\s+false", re.IGNORECASE)
"""Only a fragment that was rendered before, and is called html, goes in as it is."""


def faults(root: Path) -> list[str]:
    """Return each template that does not parse, breaks the content policy, or is not named for what it is."""
    paths = sorted((root / TEMPLATES).rglob("*.html"))
    return [f"{path.relative_to(root)} {fault}." for path in paths for fault in _faults(path, path.read_text())]


def _faults(path: Path, text: str) -> list[str]:
    shown = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    markup = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", shown, flags=re.DOTALL)
    found = [fault for fault, pattern in FORBIDDEN.items() if pattern.search(markup)]
    unescaped = ["turns escaping off"] if UNESCAPED.search(shown) else []
    return [*_syntax(text), *found, *unescaped, *_naming(path, shown)]


def _syntax(text: str) -> list[str]:
    try:
        ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        return [f"does not parse: line {error.lineno}, {error.message}"]
    return []


def _naming(path: Path, text: str) -> list[str]:
    whole = "<html" in text or re.search(r"\{%-?\s*extends\b", text) is not None
    fragment = path.name.startswith("_") or "explain" in path.parts
    if whole and path.name.startswith("_"):
        return ["is a whole page: a name with _ is for fragments"]
    return [] if whole or fragment else ["is a fragment: its name begins with _"]


def test_every_template_holds() -> None:
    """Each template parses and breaks nothing."""
    assert [] == faults(ROOT)


PAGE = "{% extends 'shell.html' %}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", PAGE + "{% if %}"),
        ("page.html", PAGE + "<script>alert(1)</script>"),
        ("page.html", PAGE + "<style>p {}</style>"),
        ("page.html", PAGE + '<p style="color: red">'),
        ("page.html", PAGE + '<p {% if a %}style="color: red"{% endif %}>'),
        ("page.html", PAGE + '<a onclick="x()">'),
        ("page.html", PAGE + '<a hx-on:click="x()">'),
        ("page.html", PAGE + '<a href="https://example.org/">'),
        ("page.html", PAGE + '<img src="//example.org/a.png">'),
        ("page.html", PAGE + '<a href="javascript:x()">'),
        ("page.html", PAGE + "{{ name|safe }}"),
        ("legs.html", "<ul></ul>"),
        ("_legs.html", "<html></html>"),
    ],
)
def test_a_planted_fault_is_caught(tmp_path: Path, name: str, text: str) -> None:
    """Each fault is found, once, with the template's name."""
    (sentence,) = faults(plant(tmp_path, f"{TEMPLATES}/{name}", text))
    assert name in sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", PAGE + '<script src="/js/a.js" type="module"></script><svg xmlns="http://www.w3.org/2000/svg">'),
        ("member/_rows.html", "{% set only = rows %}{% for row in only %}{{ row.html|safe }}{% endfor %}"),
        ("member/_legs.html", '<li id="leg"><a href="/legs/1">{{ name }}</a></li>{# style="kept out" #}'),
    ],
)
def test_a_right_template_passes(tmp_path: Path, name: str, text: str) -> None:
    """What the content policy allows is let through."""
    assert [] == faults(plant(tmp_path, f"{TEMPLATES}/{name}", text))
