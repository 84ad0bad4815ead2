"""My page: who I am here, what is on file of me, and the ways to everything that is mine."""

from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
PATHS = ("/me/", "/me/data/", "/me/looks/")


def test_it_works(client_for: For) -> None:
    page = client_for("linxiaomei").get("/me/").text
    assert "Lin Xiaomei" in page
    for address in ("/me/data/", "/me/looks/", "/certificates/", "/cases/", "/for-me/", "/account/notices/"):
        assert f'href="{address}"' in page
    assert 'href="/me/"' in client_for("linxiaomei").get("/cases/").text


def test_what_is_on_file_is_masked_and_says_where_it_comes_from(client_for: For) -> None:
    page = client_for("linxiaomei").get("/me/data/").text
    assert "139****0001" in page
    assert "361799198805140027" not in page
    assert "13900000001" not in page
    assert "given when the account was opened" in page
    assert "明川小馆" in page


def test_who_acts_for_nobody_is_told_so(client_for: For) -> None:
    assert "You act for nobody but yourself." in client_for("zhaoguoan").get("/me/data/").text


def test_an_account_without_a_person_has_a_page_too(client_for: For, django_user_model: type) -> None:
    django_user_model.objects.create_user(username="machine")  # type: ignore[attr-defined]
    for path in PATHS:
        assert client_for("machine").get(path).status_code == 200
    assert "not one of a person that we know" in client_for("machine").get("/me/").text


def test_nobody_else_has_it(client_for: For) -> None:
    for path in PATHS:
        assert client_for("").get(path).status_code == 302
