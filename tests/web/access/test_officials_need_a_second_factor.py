"""Where the city asks for it (production does), an official gets nowhere before a second factor is set up."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR_OFFICIALS = True


@pytest.mark.parametrize(
    ("name", "path"), [("hejun", "/desk/"), ("wangqian", "/window/"), ("liangchen", "/supervise/"), ("admin", "/desk/")]
)
def test_it_works(client_for: Callable[[str], Client], name: str, path: str) -> None:
    answer = client_for(name).get(path)
    assert answer.status_code == 302
    assert answer["Location"] == "/account/2fa/"


def test_nor_does_a_page_for_everybody_let_them_round_it(
    client_for: Callable[[str], Client], file_case: Callable[..., int]
) -> None:
    number = file_case()
    for path in ("materials/1", "certificate.pdf", ""):
        assert client_for("wangqian").get(f"/cases/{number}/{path}")["Location"] == "/account/2fa/"
    assert client_for("linxiaomei").get(f"/cases/{number}/materials/1").status_code == 200


def test_with_one_the_desk_opens(client_for: Callable[[str], Client], user_for: Callable[[str], Any]) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user_for("hejun"), generate_totp_secret())
    assert client_for("hejun").get("/desk/").status_code == 200


def test_a_resident_needs_none(client_for: Callable[[str], Client]) -> None:
    assert client_for("linxiaomei").get("/cases/").status_code == 200
