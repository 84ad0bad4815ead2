"""Documents that a case owes its applicant: listed where it is followed, downloaded by who may, the same every time."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def refused(file_case: Any, act: Any) -> int:
    number: int = file_case(safety_manager_phone="13900000001")
    act(number, "refuse", by="wangqian", reason="这里不受理。")
    return number


def test_it_works(client_for: Callable[..., Client], refused: int) -> None:
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{refused}/")
    lines = page.context["documents"]
    assert [line.title for line in lines] == ["Receipt", "Decision not to accept"]
    assert [line.number for line in lines] == [f"{refused}-01", f"{refused}-02"]
    assert all(line.url in page.text for line in lines)
    response = client.get(lines[1].url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "no-store" in response["Cache-Control"]
    said = text_of(response.content)
    for words in (
        "不予受理决定书",
        "Decision not to accept",
        "这里不受理。",
        "林晓梅",
        "明川市市场监督管理局",
        "60 日内",
    ):
        assert words in said, words


def test_the_same_log_gives_the_same_bytes(client_for: Callable[..., Client], refused: int) -> None:
    url = f"/cases/{refused}/documents/2.pdf"
    first = client_for("linxiaomei").get(url).content
    assert client_for("wangqian").get(url).content == first
    assert client_for("linxiaomei").get(f"/cases/{refused}/documents/1.pdf").content != first


def test_an_entry_that_owes_none(client_for: Callable[..., Client], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "claim", by="wangqian")
    client = client_for("linxiaomei")
    assert client.get(f"/cases/{number}/documents/2.pdf").status_code == 404
    assert client.get(f"/cases/{number}/documents/99.pdf").status_code == 404
    assert client.get(f"/cases/{number}/documents/0.pdf").status_code == 404


def test_owner_officers_colleague_stranger_nobody(client_for: Callable[..., Client], refused: int) -> None:
    url = f"/cases/{refused}/documents/1.pdf"
    statuses = {
        name: client_for(name).get(url).status_code
        for name in ("linxiaomei", "chenli", "hejun", "liangchen", "luhao", "wuxiaochuan", "")
    }
    assert statuses == {
        "linxiaomei": 200,
        "chenli": 200,  # handles it
        "hejun": 200,  # a colleague in the same department
        "liangchen": 200,  # supervises
        "luhao": 404,  # serves elsewhere
        "wuxiaochuan": 404,
        "": 302,
    }


def test_the_desk_lists_what_the_applicant_has(client_for: Callable[..., Client], refused: int) -> None:
    page = client_for("chenli").get(f"/desk/cases/{refused}/").text
    assert f"/cases/{refused}/documents/1.pdf" in page
    assert f"/cases/{refused}/documents/2.pdf" in page
