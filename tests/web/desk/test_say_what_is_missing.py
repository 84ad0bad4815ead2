"""Departments of a joint review say what they miss, in time; whoever asks has all of it in the one request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.consequences import get_work
from tongban.apps.cases.models import Case
from tongban.apps.desks.errors import TooLateToSay
from tongban.apps.desks.models import Missing
from tongban.apps.desks.services import say_missing, sweep_missing

pytestmark = pytest.mark.django_db
WORDS = "Mark the second exit."


@pytest.fixture
def begun(file_case: Any, act: Any) -> int:
    """Opening a restaurant, accepted: four departments have it on their desks."""
    number: int = file_case(
        matter="restaurant-opening", username="linxiaomei", applicant="organisation:91361700MA00001A5K"
    )
    act(number, "accept", by="wangqian")
    return number


def say(client: Client, number: int, department: str, words: str = WORDS, **more: Any) -> Any:
    given = {"department": department, "items": ["floor_plan"], "words": words} | more
    return client.post(f"/desk/cases/{number}/missing", given, follow=True)


def test_all_of_it_is_in_the_one_request(begun: int, client_for: Callable[..., Client], act: Any) -> None:
    say(client_for("luhao"), begun, "fire-rescue")
    say(client_for("tanglei"), begun, "urban-management", "The sign lacks its height.", items=["sign_drawing"])
    assert WORDS not in Missing.objects.get(department="fire-rescue").sealed
    page = client_for("chenli").get(f"/desk/cases/{begun}/")
    assert WORDS in page.text
    (card,) = [
        each for step in page.context["steps"] for each in step["more"] if each.command.name == "request_supplement"
    ]
    fields = {field.name: field for field in card.fields}
    assert [each.value for each in fields["items"].options if each.selected] == ["floor_plan", "sign_drawing"]
    for words in (WORDS, "The sign lacks its height."):
        assert words in fields["note"].value
    act(begun, "request_supplement", by="chenli", node="opinion_food", items=["floor_plan"], note=WORDS, within=None)
    late = say(client_for("fangting"), begun, "housing-construction", "And the drain.")
    assert "This came too late: And the drain." in late.text
    assert Missing.objects.count() == 2


def test_it_is_said_anew_and_taken_back(begun: int, client_for: Callable[..., Client]) -> None:
    say(client_for("luhao"), begun, "fire-rescue")
    page = say(client_for("luhao"), begun, "fire-rescue", "Both exits.")
    assert "Both exits." in page.text
    assert WORDS not in page.text
    say(client_for("luhao"), begun, "fire-rescue", "", items=[])
    assert not Missing.objects.exists()


def test_after_five_working_days_it_is_too_late(
    begun: int, actor_for: Callable[[str], Any], client_for: Callable[..., Client]
) -> None:
    case = Case.objects.get(pk=begun)
    at = case.filed_at + timedelta(days=20)
    work = get_work(number=begun, actor=actor_for("chenli"), at=at)
    with pytest.raises(TooLateToSay):
        say_missing(work=work, department="market-regulation", items=[], words=WORDS, at=at)
    assert "afterwards it is too late" in client_for("chenli").get(f"/desk/cases/{begun}/").text


def test_nobody_speaks_for_another_department(begun: int, client_for: Callable[..., Client]) -> None:
    assert "nothing was kept" in say(client_for("luhao"), begun, "urban-management").text
    assert "nothing was kept" in say(client_for("wangqian"), begun, "fire-rescue").text
    for who, code in (("dongjie", 404), ("linxiaomei", 403), ("", 302)):
        assert client_for(who).post(f"/desk/cases/{begun}/missing", {"words": WORDS}).status_code == code
    assert not Missing.objects.exists()


def test_who_asked_reads_only_the_request_and_it_goes_with_the_answers(
    begun: int, client_for: Callable[..., Client]
) -> None:
    say(client_for("luhao"), begun, "fire-rescue")
    assert WORDS not in client_for("linxiaomei").get(f"/cases/{begun}/").text
    assert sweep_missing() == 0
    Case.objects.filter(pk=begun).update(erased_at=Case.objects.get(pk=begun).filed_at)
    assert sweep_missing() == 1


def test_a_matter_of_one_department_has_no_such_part(at_step: Any, client_for: Callable[..., Client]) -> None:
    assert "What departments miss" not in client_for("chenli").get(f"/desk/cases/{at_step('handle')}/").text
