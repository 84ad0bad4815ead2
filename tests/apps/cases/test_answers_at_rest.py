"""Answers are sealed where they say who somebody is, and open as they were typed, whatever was typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case
from tongban.apps.people.sealing import is_sealed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["sealed:", "sealed:abc", "sealed:12345678:AAAA"])
def test_words_that_look_like_a_seal_lock_nobody_out(
    client_for: Callable[..., Client], file_case: Callable[..., int], words: str
) -> None:
    number = file_case(shop_name=words)
    assert words in client_for("linxiaomei").get(f"/cases/{number}/").text
    assert words in client_for("wangqian").get(f"/desk/cases/{number}/").text


def test_an_ordinary_answer_stays_readable_and_a_number_does_not(file_case: Callable[..., int]) -> None:
    stored: dict[str, Any] = Case.objects.get(pk=file_case(shop_name="青山小馆")).answers
    assert stored["shop_name"] == "青山小馆"
    assert any(is_sealed(value) for value in stored.values())
