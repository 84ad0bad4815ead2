"""Words are data, held to rules before a process starts."""

import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from tongban.apps.channels import words
from tongban.apps.channels.words import KINDS, get_kind, problems_of, say

HERE = Path(words.__file__).parent


@pytest.fixture
def raw(settings: Any) -> dict[str, Any]:
    return copy.deepcopy(words._merged(Path(settings.CITY)))


def test_it_works(raw: dict[str, Any]) -> None:
    assert list(problems_of(raw)) == []
    assert not [each for each in run_checks() if each.id == "channels.E001"]


@pytest.mark.parametrize(
    ("kind", "part", "language", "text", "said"),
    [
        ("granted", "short", "en", "{matter} was granted", "{matter} cannot stand here"),
        ("granted", "short", "zh", "{authority}", "{authority} cannot stand here"),
        ("granted", "short", "en", "{number}", "{number} cannot stand here"),
        ("granted", "title", "en", "{matter}", "no name in braces"),
        ("granted", "body", "en", "{items}", "{items} cannot stand here"),
        ("supplement", "short", "zh", "补" * 71, "71 characters long"),
        ("supplement", "short", "en", "x" * 161, "161 characters long"),
        ("supplement", "title", "zh", "补" * 25, "at most 24"),
    ],
)
def test_what_is_wrong_is_named(raw: dict[str, Any], kind: str, part: str, language: str, text: str, said: str) -> None:
    raw[kind][part][language] = text
    (problem,) = problems_of(raw)
    assert problem.startswith(f"notices.yaml: {kind}.{part}.{language}")
    assert said in problem


def test_what_is_missing_or_unknown_is_named(raw: dict[str, Any]) -> None:
    del raw["filed"], raw["granted"]["body"]["zh"]
    raw["denied"]["group"] = "bad news"
    raw["birthday"] = {}
    found = "\n".join(problems_of(raw))
    assert "no kind of notice 'birthday'" in found
    assert "filed is missing" in found
    assert "granted.body has words for zh and for en" in found
    assert "denied.group is one of" in found


def test_a_city_says_some_of_it_differently_but_cannot_take_what_is_owed_out_of_the_inbox(
    tmp_path: Path, settings: Any
) -> None:
    own = "granted: {legal: false, title: {zh: 恭喜办成, en: Congratulations}}"
    (tmp_path / "notices.yaml").write_text(own, "utf-8")
    merged = words._merged(tmp_path)
    assert merged["granted"]["title"]["en"] == "Congratulations"
    assert merged["granted"]["legal"] is True
    assert merged["granted"]["body"] == words._merged(Path(settings.CITY))["granted"]["body"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en", "fr"])
def test_every_kind_can_be_said(city: Any, kind: str, language: str) -> None:
    """With everything to say, and with nothing but what it is about."""
    both = {"zh": "食品经营许可", "en": "Food licence"}
    everything = {"matter": both, "authority": "market-regulation", "due": "2026-12-01", "items": [both], "step": both}
    everything |= {"procedure": "hearing", "until": "2027-01-31", "apply_by": "2027-01-01", "amount": "10.00"}
    for params in (everything, {"matter": both, "authority": "market-regulation"}):
        told = say(kind=kind, params=params, case=2611220483917724, language=language)
        for text in (told.title, told.body, told.short):
            assert "{" not in text
        assert told.title
        assert told.short
    assert get_kind(kind).legal == (kind in OWED)


OWED = {
    *("filed", "order_filed", "accepted", "accepted_by_silence", "refused", "supplement"),
    *("procedure", "extended", "recounted", "recounted_yours", "granted", "granted_unasked", "denied"),
    *("answered", "not_provided", "resolved", "not_resolved", "passed_on"),
    *("certificate_suspended", "check_asked", "check_confirmed", "certificate_revoked"),
    *("visit_fixed", "visit_off"),  # who is to be at home for several departments is told whatever they chose
    *("rectify", "rectify_missed", "repair_asked", "repair_granted", "repair_denied"),
}
