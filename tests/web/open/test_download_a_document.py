"""Whoever tracks a case with the right digits downloads its documents there, with the name shortened."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(file_case: Any) -> int:
    number: int = file_case(safety_manager_phone="13900000001")
    return number


def test_it_works(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    client.post("/track/", {"number": str(case), "phone": "0001"})
    page = client.get("/track/case/")
    (line,) = page.context["documents"]
    assert line.url == "/track/case/documents/1.pdf"
    assert line.url in page.text
    response = client.get(line.url)
    assert response["X-Robots-Tag"] == "noindex"
    said = "".join(each.extract_text() for each in PdfReader(io.BytesIO(response.content)).pages)
    assert "收件凭证" in said
    assert "林**" in said
    assert "林晓梅" not in said


def test_without_the_digits_there_is_none(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    assert client.get("/track/case/documents/1.pdf")["Location"] == "/track/"
    client.post("/track/", {"number": str(case), "phone": "9999"})
    assert client.get("/track/case/documents/1.pdf")["Location"] == "/track/"


def test_one_that_is_not_there(client_for: Callable[..., Client], case: int) -> None:
    client = client_for("")
    client.post("/track/", {"number": str(case), "phone": "0001"})
    assert client.get("/track/case/documents/9.pdf").status_code == 404
