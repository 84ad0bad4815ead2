"""The search: whoever names an event of life is led to all of it, above its matters one by one."""

from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def _found(client: Client, words: str) -> list[str]:
    return [each.code for each in client.get("/matters/", {"q": words}).context["bundles"]]


def test_it_works(client_for: Callable[[str], Client]) -> None:
    page = client_for("").get("/matters/", {"q": "生了个宝宝"})
    assert [each.code for each in page.context["bundles"]][:1] == ["birth"]
    assert 'href="/bundles/birth/"' in page.text


@pytest.mark.parametrize(
    ("words", "bundle"),
    [("我要开个小饭馆", "restaurant"), ("办退休", "retirement"), ("retire", "retirement"), ("HAD A BABY", "birth")],
)
def test_its_own_words_lead_to_it(client_for: Callable[[str], Client], words: str, bundle: str) -> None:
    assert _found(client_for(""), words)[0] == bundle


def test_a_matter_leads_to_what_it_belongs_to(client_for: Callable[[str], Client]) -> None:
    assert "birth" in _found(client_for(""), "宝宝上户口")


@pytest.mark.parametrize("words", ["身份证丢了", "楼下工地太吵", "", " "])
def test_what_belongs_to_none_shows_none(client_for: Callable[[str], Client], words: str) -> None:
    assert _found(client_for(""), words) == []


def test_never_more_than_two(client_for: Callable[[str], Client]) -> None:
    assert len(_found(client_for(""), "宝宝 退休 搬家 买房 开餐馆")) == 2
