"""An officer sees by when a paper is to follow; overdue, it is said on the case and in the queue, and acted on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db

HARD = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}


@pytest.fixture
def verified(file_case: Any, act: Any) -> Callable[..., int]:
    """A case on an officer's desk, filed so many days ago without the paper."""

    def bring(days: int) -> int:
        at = timezone.now() - timedelta(days=days)
        number: int = file_case(matter="student-aid", at=at, **HARD)
        act(number, "accept", by="wangqian", at=at + timedelta(hours=1))
        return number

    return bring


def test_it_works(client_for: Callable[..., Client], verified: Any) -> None:
    number = verified(1)
    page = client_for("luojing").get(f"/desk/cases/{number}/")
    assert [name for _, name in page.context["later"]] == ["Something that shows the hardship"]
    assert "to follow by" in page.text
    assert page.context["late"] == []


def test_overdue_is_said_and_can_be_acted_on(client_for: Callable[..., Client], verified: Any) -> None:
    number = verified(40)
    client = client_for("luojing")
    page = client.get(f"/desk/cases/{number}/")
    assert page.context["late"] == ["Something that shows the hardship"]
    assert "overdue since" in page.text
    (line,) = client.get("/desk/").context["lines"]
    assert line.note == "a paper that was to follow is overdue"
    offered = {card.command.name for group in page.context["steps"] for card in (*group["main"], *group["more"])}
    assert {"complete", "request_supplement"} <= offered | {card.command.name for card in page.context["case_cards"]}


def test_the_log_says_what_came(client_for: Callable[..., Client], verified: Any, a_photo: Any) -> None:
    number = verified(1)
    client_for("linxiaomei").post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    page = client_for("luojing").get(f"/desk/cases/{number}/")
    assert page.context["log"][0]["what"] == "The applicant handed in what was to follow"
    assert page.context["log"][0]["words"] == "Something that shows the hardship"
    assert page.context["later"] == []
    assert [name for _, name in page.context["materials"]] == ["Something that shows the hardship"]
