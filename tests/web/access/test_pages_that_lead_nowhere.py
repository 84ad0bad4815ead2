"""The sign-in library brings pages for electronic mail, which nobody has here: they are not there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

MAIL = (
    "account_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_confirm_login_code",
)


@pytest.mark.parametrize("who", ["", "linxiaomei", "chenli"])
@pytest.mark.parametrize("name", MAIL)
def test_it_is_not_there(client_for: Callable[[str], Client], who: str, name: str) -> None:
    client = client_for(who)
    for answer in (client.get(reverse(name)), client.post(reverse(name), {"email": "lin@example.org"})):
        assert answer.status_code == 404
        assert "There is no such page" in answer.text


def test_with_a_key_neither(client_for: Callable[[str], Client]) -> None:
    client = client_for("")
    for path in (reverse("account_confirm_email", args=["a-key"]), "/account/password/reset/key/1-set-password/"):
        assert client.get(path).status_code == 404


def test_what_is_of_use_stays(client_for: Callable[[str], Client]) -> None:
    client = client_for("linxiaomei")
    for path in ("/account/2fa/", "/account/2fa/totp/activate/", "/account/logout/"):
        assert client.get(path).status_code == 200


def test_no_page_leads_there(client_for: Callable[[str], Client], user_for: Callable[[str], Any]) -> None:
    user = user_for("linxiaomei")
    user.set_password("a-long-enough-one")
    user.save()
    client = client_for("linxiaomei")
    for path in (
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
    ):
        page = client.get(path, follow=True).text
        assert "/account/password/reset/" not in page, path
        assert "/account/email/" not in page, path
    assert "/account/password/reset/" not in client_for("").get("/account/login/").text


def test_what_is_left_empty_is_named(client_for: Callable[[str], Client]) -> None:
    page = client_for("").post("/account/login/", {}).text
    assert "User name: please fill this in" in page
    assert "Password: please fill this in" in page
    assert "This field is required" not in page


def test_a_closed_account_is_told_where_to_turn(client_for: Callable[[str], Client]) -> None:
    page = client_for("").get("/account/inactive/").text
    assert "This account is closed" in page
    assert "tel:12345" in page


def test_with_a_second_step_set_up_its_codes_are_offered(
    client_for: Callable[[str], Client], user_for: Callable[[str], Any]
) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    client = client_for("hejun")
    assert "It is not set up yet." in client.get("/account/2fa/").text
    TOTP.activate(user_for("hejun"), generate_totp_secret())
    page = client.get("/account/2fa/").text
    assert "It is set up." in page
    assert "Make some" in page
    RecoveryCodes.activate(user_for("hejun"))
    assert "10 codes are left" in client.get("/account/2fa/").text


def test_whoever_changes_how_they_sign_in_is_asked_once_more(
    client_for: Callable[[str], Client], user_for: Callable[[str], Any]
) -> None:
    user = user_for("linxiaomei")
    user.set_password("a-long-enough-one")
    user.save()
    client = client_for("")
    client.post("/account/login/", {"login": "linxiaomei", "password": "a-long-enough-one"})
    session = client.session
    session["account_authentication_methods"] = [
        {**each, "at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    asked = client.get("/account/2fa/totp/activate/", follow=True)
    assert "Is it still you?" in asked.text
    assert "Password: please fill this in" in client.post(asked.request["PATH_INFO"], {}).text
    answered = client.post(
        "/account/reauthenticate/?next=/account/2fa/totp/activate/", {"password": "a-long-enough-one"}
    )
    assert answered["Location"] == "/account/2fa/totp/activate/"
