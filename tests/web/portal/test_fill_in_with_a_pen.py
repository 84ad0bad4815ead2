"""The form of a matter on paper: for anybody, with its questions and what to bring, and readable by other programs."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tongban.apps.catalog.queries import get_matter

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PAGE = "/matters/food-business-licence/"
WORDS = "The form on paper, to fill in with a pen (PDF)"


def _tool(name: str, *given: str) -> str:
    assert shutil.which(name), f"{name} is missing: run sh tests/system.sh"
    return subprocess.run([name, *given], capture_output=True, text=True, check=True, timeout=60).stdout


def _pdf(client: Client) -> bytes:
    answer = client.get(f"{PAGE}form.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def test_it_works(client_for: For, tmp_path: Path, city: object) -> None:
    published = get_matter(code="food-business-licence", on=timezone.localdate())
    content = _pdf(client_for(""))
    (tmp_path / "form.pdf").write_bytes(content)
    fonts = _tool("pdffonts", str(tmp_path / "form.pdf")).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), fonts
    text = _tool("pdftotext", "-layout", str(tmp_path / "form.pdf"), "-").replace(" ", "").replace("\n", "")
    definition = published.definition
    for field in definition.form.fields.values():
        assert field.title.zh.replace(" ", "")[:8] in text, field.name
    for spec in definition.materials:
        assert spec.name.zh.replace(" ", "") in text, spec.code
        assert spec.name.en.replace(" ", "") in text, spec.code
    assert f"{definition.basic_code}-{published.version}" in text
    assert "身份证号后四位" in text
    assert "Whoasks" in text
    cache.clear()
    assert _pdf(client_for("linxiaomei")) == content, "the same paper, whoever asks for it"


def test_it_is_linked_from_its_page_and_at_the_counter(client_for: For) -> None:
    assert f'href="{PAGE}form.pdf"' in client_for("").get(PAGE).text
    assert WORDS in client_for("wangqian").get("/window/food-business-licence/").text


def test_what_is_asked_for_online_alone_has_none(client_for: For, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.web.portal.matters.is_on_paper", lambda _definition: False)
    assert WORDS not in client_for("").get(PAGE).text
    assert client_for("").get(f"{PAGE}form.pdf").status_code == 404


def test_an_unknown_matter_has_none(client_for: For) -> None:
    assert client_for("").get("/matters/no-such-matter/form.pdf").status_code == 404
