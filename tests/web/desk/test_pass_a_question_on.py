"""Questions go with what is handed over, and are brought to mind once, in office hours."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.ledger.queries import get_history
from tongban.apps.questions.models import Question
from tongban.apps.questions.services import remind

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(at_step: Any, client_for: Callable[..., Client], user_for: Any) -> Question:
    """He Jun, who decides, has asked Fang Ting of another department."""
    number = at_step("decide")
    posted = {
        "department": "housing-construction",
        "colleague": user_for("fangting").pk,
        "words": "Is it a shop?",
        "days": "2",
    }
    client_for("hejun").post(f"/desk/cases/{number}/ask/", posted)
    return Question.objects.get()


def _hand_over(client: Client, to: int) -> Any:
    data = {"colleagues": [f"user:{to}"], "reason": "On leave."}
    page = client.post("/desk/hand-over/", data)
    return client.post("/desk/hand-over/", data | {"confirmed": "yes", "press": page.context["press"]}, follow=True)


def _other(department: str, *, but: int, user_for: Any) -> int:
    from tongban.apps.people.queries import list_colleagues

    return next(each.user_id for each in list_colleagues(departments=[department]) if each.user_id not in (but, None))


def test_who_was_asked_passes_it_on(asked: Question, client_for: Any, user_for: Any, follow_log: Any) -> None:
    client = client_for("fangting")
    assert "waits for your answer" in client.get("/desk/hand-over/").text
    to = _other("housing-construction", but=asked.colleague_id, user_for=user_for)
    assert "1 question was passed on" in _hand_over(client, to).text
    asked.refresh_from_db()
    assert asked.colleague_id == to
    last = get_history(case=asked.number)[-1]
    assert (last.kind, last.data["to"]) == ("question.passed_on", f"user:{to}")
    follow_log("questions")
    assert Notice.objects.filter(kind="desk_question_passed_on", person__user=to).count() == 1
    assert client.get("/desk/questions/").context["waiting"] == []


def test_who_asked_passes_on_the_waiting(asked: Question, client_for: Any, user_for: Any) -> None:
    to = _other("market-regulation", but=asked.asker_id, user_for=user_for)
    _hand_over(client_for("hejun"), to)
    asked.refresh_from_db()
    assert asked.asker_id == to
    client_for("fangting").post(f"/desk/questions/{asked.number}/", {"words": "It is.", "confirmed": "yes"})
    assert Question.objects.get().state == "answered"


def test_it_is_brought_to_mind_once_in_office_hours(asked: Question, follow_log: Any) -> None:
    calendar = get_calendar()
    due = calendar.local_date(asked.due_at)
    noon, night = (datetime.combine(due, time(hour), tzinfo=calendar.timezone) for hour in (10, 3))
    assert remind(at=datetime.combine(timezone.localdate(), time(10), tzinfo=calendar.timezone)) == 0, "not its day"
    assert remind(at=night) == 0, "nobody is told at night"
    assert remind(at=noon) == 1
    assert remind(at=noon) == 0
    follow_log("questions")
    told = Notice.objects.filter(kind="desk_question_due").values_list("person__user__username", flat=True)
    assert list(told) == ["fangting"]


def test_nobody_else_passes_it_on(asked: Question, client_for: Any, user_for: Any) -> None:
    to = _other("fire-rescue", but=0, user_for=user_for)
    _page = client_for("luhao").get("/desk/hand-over/").text
    assert "Is it a shop?" not in _page
    assert (
        client_for("fangting").post("/desk/hand-over/", {"colleagues": [f"user:{to}"], "reason": "x"}).status_code
        == 422
    )
