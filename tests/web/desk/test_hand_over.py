"""Before an officer is away: what they have taken on goes to one or several colleagues, with one note."""

from typing import Any

import pytest

from tongban.apps.cases.models import Task
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db

PAGE = "/desk/hand-over/"
NOTE = "On leave until Monday."


def _holders(numbers: list[int]) -> list[str]:
    tasks = Task.objects.filter(case__in=numbers, finished=None).select_related("claimed_by").order_by("due", "case")
    return [task.claimed_by.username if task.claimed_by else "" for task in tasks]


@pytest.fixture
def held(at_step: Any, act: Any) -> list[int]:
    """Three cases that Chen Li handles."""
    numbers = [at_step("handle", username=name) for name in ("linxiaomei", "wuxiaochuan", "zhaoguoan")]
    for number in numbers:
        act(number, "claim", by="chenli")
    return numbers


def test_it_works(client_for: Any, held: list[int], user_for: Any) -> None:
    client = client_for("chenli")
    huangyan = f"user:{user_for('huangyan').pk}"
    data = {"colleagues": [huangyan], "reason": NOTE}
    assert client.post(PAGE, {"reason": NOTE}).status_code == 422
    asked = client.post(PAGE, data)
    assert "Hand over 3 steps?" in asked.text
    assert _holders(held) == ["chenli"] * 3
    data |= {"confirmed": "yes", "press": asked.context["press"]}
    for _ in range(2):
        done = client.post(PAGE, data, follow=True)
        assert "3 steps given away" in done.text
    assert _holders(held) == ["huangyan"] * 3
    last = get_history(case=held[0])[-1]
    assert (last.kind, last.data["reason"]) == ("task.transferred", NOTE)
    assert "You have taken on nothing" in client.get(PAGE).text


def test_among_several_each_gets_as_many(client_for: Any, held: list[int], user_for: Any) -> None:
    people = [f"user:{user_for(name).pk}" for name in ("huangyan", "hejun")]
    asked = client_for("chenli").get(PAGE)
    offered = {option.value for option in asked.context["fields"][0].options}
    assert people[0] in offered
    chosen = [each for each in people if each in offered]
    client_for("chenli").post(PAGE, {"colleagues": chosen, "reason": NOTE, "confirmed": "yes"})
    counts = sorted(_holders(held).count(name) for name in set(_holders(held)))
    assert counts == ([1, 2] if len(chosen) == 2 else [3])


def test_only_ones_own(client_for: Any, held: list[int]) -> None:
    for who in ("huangyan", "luhao"):
        assert "You have taken on nothing" in client_for(who).get(PAGE).text
    assert client_for("linxiaomei").get(PAGE).status_code == 403
    assert client_for("linxiaomei").post(PAGE).status_code == 403
    assert client_for("").get(PAGE)["Location"].startswith("/account/login/")
    assert _holders(held) == ["chenli"] * 3


def test_the_stand_in_sees_whose_queue_it_carries(client_for: Any, user_for: Any) -> None:
    from django.utils import timezone

    today = timezone.localdate().isoformat()
    client_for("hejun").post(
        "/desk/stand-ins/",
        {"absent": user_for("hejun").pk, "stand_in": user_for("huangyan").pk, "since": today, "until": today},
    )
    assert "You act in place of He Jun" in client_for("huangyan").get("/desk/").text
    assert "You act in place of" not in client_for("chenli").get("/desk/").text
