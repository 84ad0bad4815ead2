"""A department that is silent in a joint review: the diagram says what that counts as, and the card who was silent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task, Timer
from tongban.apps.ledger.queries import get_history
from tongban.apps.supervision.models import Card
from tongban.apps.supervision.services import issue_cards

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(file_case: Any, act: Any) -> int:
    """Food and building have answered; fire and sign have let their time go by."""
    number: int = file_case(matter="restaurant-opening", at=timezone.now() - timedelta(days=20))
    act(number, "accept", by="wangqian", at=timezone.now() - timedelta(days=20))
    for what, who in (("food", "chenli"), ("building", "fangting")):
        node, at = f"opinion_{what}", timezone.now() - timedelta(days=19)
        act(number, "complete", by=who, node=node, outcome="pass", opinion="Seen.", at=at)
    at = max(Timer.objects.filter(case=number).values_list("due", flat=True)) + timedelta(seconds=1)
    services.fire_due_timers(at=at)
    return number


def test_the_silent_are_shown_a_red_card(silent: int, follow_log: Any, client_for: Callable[..., Client]) -> None:
    follow_log("silences")
    cards = Card.objects.filter(case=silent, colour="red").exclude(task=0).order_by("department")
    assert list(cards.values_list("department", "node")) == [
        ("fire-rescue", "opinion_fire"),
        ("urban-management", "opinion_sign"),
    ], "those who have answered get none"
    assert Task.objects.get(case=silent, finished=None).node == "settle", "the silence counts as the diagram says"
    fire, sign = cards
    words = client_for("luhao").get(f"/desk/cards/{fire.number}/").text
    assert "gone to whoever settles it" in words
    assert "counted as agreed" in client_for("tanglei").get(f"/desk/cards/{sign.number}/").text
    listing = client_for("liangchen").get("/supervise/cards/").text
    assert "It has not answered in a joint review" in listing
    assert client_for("chenli").get(f"/desk/cards/{fire.number}/").status_code == 404
    assert "card" not in str([event.kind for event in get_history(case=silent)]), "no case knows of cards"


def test_it_is_answered_and_appealed_like_others(silent: int, follow_log: Any, client_for: Any) -> None:
    follow_log("silences")
    fire, sign = Card.objects.filter(case=silent, colour="red").exclude(task=0).order_by("department")
    post = {"reason": "Two were ill.", "confirmed": "yes"}
    client_for("luhao").post(f"/desk/cards/{fire.number}/", {"what": "answer", **post})
    client_for("tanglei").post(f"/desk/cards/{sign.number}/", {"what": "appeal", **post})
    client_for("liangchen").post(f"/supervise/cards/{sign.number}/", {"what": "withdraw", **post})
    states = dict(Card.objects.filter(case=silent).exclude(task=0).values_list("department", "state"))
    assert (states["fire-rescue"], states["urban-management"]) == ("answered", "withdrawn")


def test_each_once_however_often_the_log_is_read(silent: int, follow_log: Any) -> None:
    issue_cards(at=timezone.now())
    for _ in range(2):
        follow_log("silences")
    assert (
        Card.objects.filter(case=silent, colour="red").exclude(task=0).filter(node__startswith="opinion").count() == 2
    )
    assert Case.objects.get(pk=silent).outcome == ""
