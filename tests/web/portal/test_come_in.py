"""Whoever has signed in is led to where their work is."""

from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("linxiaomei", "/cases/"),
        ("zhoumin", "/cases/"),
        ("wangqian", "/window/"),
        ("chenli", "/desk/"),
        ("hejun", "/desk/"),
        ("liangchen", "/supervise/"),
    ],
)
def test_it_works(client_for: Callable[..., Client], who: str, where: str) -> None:
    assert client_for(who).get("/welcome")["Location"] == where


def test_nobody_signs_in_first(client_for: Callable[..., Client]) -> None:
    assert client_for("").get("/welcome")["Location"] == "/account/login/?next=/welcome"
