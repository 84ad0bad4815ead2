"""A resident downloads the certificate, and what they handed in."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], granted: Any) -> None:
    number = granted()
    response = client_for("linxiaomei").get(f"/cases/{number}/certificate.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "1.2.156.3005.2.JY." in PdfReader(io.BytesIO(response.content)).pages[0].extract_text().replace("\n", "")


def test_an_officer_of_the_case_may_have_it(client_for: Callable[..., Client], granted: Any) -> None:
    number = granted()
    assert client_for("chenli").get(f"/cases/{number}/certificate.pdf").status_code == 200
    assert client_for("luhao").get(f"/cases/{number}/certificate.pdf").status_code == 404


def test_before_the_decision_there_is_none(client_for: Callable[..., Client], file_case: Any) -> None:
    assert client_for("linxiaomei").get(f"/cases/{file_case()}/certificate.pdf").status_code == 404


def test_a_paper_comes_as_it_was_handed_in(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    response = client_for("linxiaomei").get(f"/cases/{number}/materials/1")
    assert response.content.startswith(b"\x89PNG")
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_paper_that_is_not_there(client_for: Callable[..., Client], file_case: Any) -> None:
    assert client_for("linxiaomei").get(f"/cases/{file_case()}/materials/99").status_code == 404


def test_a_stranger_gets_no_paper(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    assert client_for("wuxiaochuan").get(f"/cases/{number}/materials/1").status_code == 404
    assert client_for("chenli").get(f"/cases/{number}/materials/1").status_code == 200
