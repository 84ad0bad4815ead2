"""Guessing a password is slowed down, and the words do not tell whether the name exists."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "a-good-long-password"


@pytest.fixture
def resident(user_for: Callable[[str], Any]) -> Any:
    user = user_for("linxiaomei")
    user.set_password(PASSWORD)
    user.save()
    return user


def _sign_in(browser: Client, name: str, password: str) -> Any:
    return browser.post("/account/login/", {"login": name, "password": password})


def test_it_works(resident: Any) -> None:
    browser = Client()
    assert _sign_in(browser, "linxiaomei", PASSWORD)["Location"] == "/welcome"
    assert browser.get("/cases/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_sound_alike(resident: Any) -> None:
    def said(name: str) -> str:
        page = _sign_in(Client(headers={"accept-language": "en"}), name, "wrong").content.decode()
        return str(page)[page.index("error-summary") : page.index("csrfmiddlewaretoken", page.index("error-summary"))]

    assert said("linxiaomei") == said("nobody-by-this-name")


def test_guessing_is_stopped(resident: Any) -> None:
    browser = Client()
    for _ in range(6):
        _sign_in(browser, "linxiaomei", "wrong")
    answer = _sign_in(browser, "linxiaomei", PASSWORD)
    assert answer.status_code != 302
    assert browser.get("/cases/").status_code == 302  # still nobody


def test_nobody_opens_an_account_on_the_web() -> None:
    page = Client(headers={"accept-language": "en"}).get("/account/signup/")
    assert b'name="password1"' not in page.content
