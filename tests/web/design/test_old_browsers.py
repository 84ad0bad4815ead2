"""A ten-year-old browser gets a page that holds together: its layout needs nothing that it has never heard of."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[3] / "src" / "tongban" / "web" / "static" / "tongban"
STYLES = pytest.mark.parametrize("name", ["tongban.css", "desk.css"])
TOO_NEW = ("@layer", "@container", "@property", ":is(", ":where(", "clamp(", "color-mix(", "light-dark(", "dvh", "&")


@STYLES
def test_what_pages_would_come_apart_without_is_not_used(name: str) -> None:
    css = (STATIC / name).read_text(encoding="utf-8")
    assert [each for each in TOO_NEW if each in css] == []


@STYLES
def test_has_is_only_a_comfort_and_asked_for(name: str) -> None:
    css = (STATIC / name).read_text(encoding="utf-8")
    supported = re.sub(r"@supports selector\(:has\(a\)\){(?:[^{}]*{[^{}]*})*}", "", css)
    assert ":has(" not in supported


@STYLES
def test_a_rule_that_hides_the_ring_of_focus_is_one_that_old_browsers_drop(name: str) -> None:
    """They do not know ``:focus-visible``: then the ring stays."""
    css = (STATIC / name).read_text(encoding="utf-8")
    hides = [each for each in re.findall(r"([^{}]*:focus[^{}]*){outline:0[;}]", css) if "tabindex" not in each]
    assert {each for each in hides if "focus-visible" not in each and "main:focus" not in each} <= _INSIDE


_INSIDE = {".tb-tile__name a:focus", ".tb-search input:focus"}
"""Their ring is drawn around the whole: the tile, the search."""


@pytest.mark.parametrize("name", ["tongban.js", "offline.js"])
def test_no_page_waits_for_a_script(name: str) -> None:
    bases = [
        STATIC.parents[1] / "templates" / each for each in ("base.html", "errors/plain.html", "installed/offline.html")
    ]
    tags = [tag for base in bases for tag in re.findall(rf"<script[^>]*{re.escape(name)}[^>]*>", base.read_text())]
    assert tags
    assert all(" defer" in tag for tag in tags)
