"""People are reminded of what they are about to miss: once, and not when it is done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tongban.apps.channels.models import Notice
from tongban.apps.channels.services import ask_sources
from tongban.apps.channels.words import say
from tongban.apps.intake.models import Draft
from tongban.apps.intake.services import start
from tongban.apps.ledger.queries import get_history, list_latest
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


def test_of_what_is_missing(file_case: Any, act: Any, told: Callable[..., list[str]]) -> None:
    number = file_case()
    asked = {"items": ["房东同意书"], "note": "", "within": Limit.parse("10 working days")}
    act(number, "request_supplement", by="wangqian", **asked)
    due = datetime.fromisoformat(list_latest(cases=[number], kind="supplement.requested")[number].data["due"])
    ask_sources(at=due - timedelta(days=4))
    assert told("linxiaomei") == []
    for hours in (40, 10, -1):
        ask_sources(at=due - timedelta(hours=hours))
    assert told("linxiaomei") == ["supplement_due"]


def test_of_what_is_to_follow(file_case: Any, act: Any, told: Callable[..., list[str]]) -> None:
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    number = file_case(matter="student-aid", **hard)
    due = datetime.fromisoformat(get_history(case=number)[0].data["later"]["hardship_proof"])
    ask_sources(at=due - timedelta(days=4))
    assert told("linxiaomei") == []
    for hours in (60, 10, -1):
        ask_sources(at=due - timedelta(hours=hours))
    assert told("linxiaomei") == ["material_due"]
    notice = Notice.objects.get(case=number)
    assert [each["en"] for each in notice.params["items"]] == ["Something that shows the hardship"]
    assert (
        "Something that shows the hardship"
        in say(kind=notice.kind, params=notice.params, case=number, language="en").body
    )


def test_what_has_come_is_not_reminded_of(
    file_case: Any, told: Callable[..., list[str]], client_for: Any, a_photo: Any
) -> None:
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    number = file_case(matter="student-aid", **hard)
    due = datetime.fromisoformat(get_history(case=number)[0].data["later"]["hardship_proof"])
    client_for("linxiaomei").post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    ask_sources(at=due - timedelta(hours=10))
    assert told("linxiaomei") == []


def test_of_a_draft_that_is_about_to_be_deleted(actor_for: Any, told: Callable[..., list[str]]) -> None:
    actor, now = actor_for("linxiaomei"), timezone.now()
    start(actor=actor, matter="shop-sign", applicant_key=f"person:{actor.person_id}", channel="web", at=now)
    end = now + timedelta(days=settings.DRAFT_DAYS)
    ask_sources(at=end - timedelta(days=8))
    assert told("linxiaomei") == []
    for days in (6, 2):
        ask_sources(at=end - timedelta(days=days))
    assert told("linxiaomei") == ["draft_ends"]
    # Saved again and left again, it is told again.
    Draft.objects.update(saved_at=end)
    ask_sources(at=end + timedelta(days=settings.DRAFT_DAYS - 3))
    assert told("linxiaomei") == ["draft_ends", "draft_ends"]


def test_of_a_fee_until_it_is_paid(file_case: Any, told: Callable[..., list[str]]) -> None:
    number = file_case(matter="lost-id-card")
    now = timezone.now()
    for hours in (0, 6, 12):
        ask_sources(at=now + timedelta(hours=hours))
    assert told("linxiaomei") == ["fee_due"]
    for days in (4, 5):
        ask_sources(at=now + timedelta(days=days))
    assert told("linxiaomei") == ["fee_due", "fee_due"]
    assert Notice.objects.filter(case=number).first().params["amount"] == "40.00"  # type: ignore[union-attr]
