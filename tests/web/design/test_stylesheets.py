"""What the stylesheets weigh, and that nothing is styled outside them."""

import re
from pathlib import Path

import brotli
import pytest

WEB = Path(__file__).resolve().parents[3] / "src" / "tongban" / "web"
STATIC = WEB / "static" / "tongban"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


def test_every_public_page_loads_less_than_20_kilobytes_of_style() -> None:
    assert len(brotli.compress((STATIC / "tongban.css").read_bytes())) < 20_000


def test_script_of_our_own_stays_small() -> None:
    assert len(brotli.compress((STATIC / "tongban.js").read_bytes())) < 3_000


def test_no_font_or_crest_of_gov_uk_is_used() -> None:
    css = (STATIC / "tongban.css").read_text(encoding="utf-8")
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert "url(" not in css


def test_the_licence_of_what_is_compiled_in_stands_beside_it() -> None:
    assert "Copyright (c) 2017 Crown Copyright" in (STATIC / "GOVUK-FRONTEND-LICENCE.txt").read_text(encoding="utf-8")
    assert "GOVUK-FRONTEND-LICENCE.txt" in (STATIC / "tongban.css").read_text(encoding="utf-8")[:300]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_bring_no_style_or_script_of_their_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "a style attribute: the policy refuses it"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler: the policy refuses it"
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_icons_that_templates_name_exist(path: Path) -> None:
    from tongban.web.drawings import icon_names, illustration_names

    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"{% icon \"([^\"]+)\"", text)) <= set(icon_names())
    assert set(re.findall(r"{% illustration \"([^\"]+)\"", text)) <= set(illustration_names())


def test_classes_that_templates_use_are_in_the_stylesheets() -> None:
    """A class of ours that no stylesheet knows is a typing mistake or styling outside the language."""
    css = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("tongban.css", "desk.css", "hall.css"))
    known = set(re.findall(r"\.(tb-[a-zA-Z0-9_-]+)", css))
    unknown = {
        f"{path.relative_to(WEB)}: {name}"
        for path in TEMPLATES
        for value in re.findall(r'\sclass="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.sub(r"{[%{].*?[%}]}", " ", value).split()
        if name.startswith("tb-") and not name.endswith("-") and name not in known | {"tb-page"}
    }
    assert not unknown
