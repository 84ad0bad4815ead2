"""Notices in a language beside Chinese and English: all of it, or, where there are no words, English, all of it."""

from collections.abc import Mapping
from typing import Any

import pytest

from tongban.apps.channels import words
from tongban.apps.channels.words import KINDS, get_kind, say

pytestmark = pytest.mark.django_db

ABOUT: Mapping[str, Any] = {
    "matter": {"zh": "食品经营许可", "en": "Food business licence"},
    "authority": "market-regulation",
    "due": "2026-11-24",
    "procedure": "inspection",
}


def told(language: str) -> str:
    return say(kind="procedure", params=ABOUT, case=None, language=language).body


def test_it_works() -> None:
    assert "procedimiento especial para «Food business licence»: inspección en el lugar." in told("es")
    assert told("es").endswith("Está previsto hasta el 24 de noviembre de 2026.")


def test_where_there_are_no_words_all_of_it_is_english() -> None:
    assert told("fr") == told("en")
    assert told("en").endswith("It is to take until 24 November 2026.")


def test_a_city_s_own_words_without_spanish_are_english_with_english_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = get_kind("procedure")
    own = {part: {name: text for name, text in said.items() if name != "es"} for part, said in kind.words.items()}
    monkeypatch.setattr(words, "get_kind", lambda _: words.Kind(kind.group, kind.legal, kind.outward, own))
    assert told("es") == told("en")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_notice_is_there_in_spanish(kind: str) -> None:
    assert all("es" in said for said in get_kind(kind).words.values())
