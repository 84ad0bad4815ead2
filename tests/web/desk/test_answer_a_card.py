"""A card is answered at the desk of the department that was shown it: with reasons, asked once, on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.ledger.queries import get_history
from tongban.apps.supervision.models import Card

pytestmark = pytest.mark.django_db
WHY = "Two colleagues were ill; a third has taken it on today."


def _post(client: Client, number: int, **given: str) -> Any:
    return client.post(f"/desk/cards/{number}/", {"what": "answer", "reason": WHY, **given})


def test_it_works(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number, client = shown(), client_for("chenli")
    listing = client.get("/desk/cards/")
    assert f"/desk/cards/{number}/" in listing.text
    assert "To be answered" in listing.text
    page = client.get(f"/desk/cards/{number}/")
    assert [form["what"] for form in page.context["forms"]] == ["answer", "appeal"]
    assert "The limit of 2 working days was past." in page.text
    asked = _post(client, number)
    assert "Answer the card?" in asked.text
    assert WHY in asked.text
    assert Card.objects.get(pk=number).state == "issued"
    assert _post(client, number, confirmed="yes")["Location"] == f"/desk/cards/{number}/"
    card = Card.objects.get(pk=number)
    assert (card.state, card.answer) == ("answered", WHY)
    event = get_history(case=number)[-1]
    assert (event.kind, event.capacity, event.data["reason"]) == ("card.answered", "officer", WHY)
    after = client.get(f"/desk/cards/{number}/")
    assert WHY in after.text
    assert "Chen Li" in after.text
    assert [form["what"] for form in after.context["forms"]] == ["appeal"]


def test_reasons_are_owed(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number, client = shown(), client_for("chenli")
    page = _post(client, number, reason="  ", confirmed="yes")
    assert page.status_code == 422
    assert "Please give your reasons" in page.text
    assert Card.objects.get(pk=number).state == "issued"


def test_going_back_keeps_what_was_written(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number, client = shown(), client_for("chenli")
    page = _post(client, number, edit="yes")
    assert (page.status_code, WHY in page.text) == (200, True)
    assert Card.objects.get(pk=number).state == "issued"


def test_who_comes_second_is_told_and_loses_nothing(client_for: Callable[..., Client], shown: Any) -> None:
    number = shown()
    _post(client_for("chenli"), number, confirmed="yes")
    second = _post(client_for("hejun"), number, reason="I thought so too.", confirmed="yes")
    assert second.status_code == 409
    assert "I thought so too." in second.text
    assert Card.objects.get(pk=number).answer == WHY


def test_an_appeal_and_its_time(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    late, number, client = shown(), shown(), client_for("hejun")
    asked = _post(client, number, what="appeal")
    assert "Appeal against the card?" in asked.text
    _post(client, number, what="appeal", confirmed="yes")
    assert Card.objects.get(pk=number).state == "appealed"
    assert client.get(f"/desk/cards/{number}/").context["forms"] == []
    Card.objects.filter(pk=late).update(appeal_due=timezone.now() - timedelta(minutes=1))
    assert _post(client, late, what="appeal", confirmed="yes").status_code == 409
    assert [form["what"] for form in client.get(f"/desk/cards/{late}/").context["forms"]] == ["answer"]


def test_an_answer_that_comes_too_late_is_taken_all_the_same(client_for: Callable[..., Client], shown: Any) -> None:
    number, client = shown(), client_for("chenli")
    Card.objects.filter(pk=number).update(answer_due=timezone.now() - timedelta(minutes=1))
    assert "Not answered in time" in client.get("/desk/cards/?state=unanswered").text
    _post(client, number, confirmed="yes")
    assert Card.objects.get(pk=number).state == "answered"
    assert client.get("/desk/cards/?state=unanswered").context["lines"] == []


def test_only_the_department_enters(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number = shown()
    path = f"/desk/cards/{number}/"
    people = {
        "chenli": (200, 200),  # has such steps
        "hejun": (200, 200),  # a colleague
        "luhao": (200, 404),  # another department
        "linxiaomei": (403, 403),  # the applicant
        "wuxiaochuan": (403, 403),  # a stranger
    }
    for who, expected in people.items():
        client = client_for(who)
        assert (client.get("/desk/cards/").status_code, client.get(path).status_code) == expected, who
        posted = _post(client, number, what="answer")
        assert posted.status_code == expected[1], who
    nobody = client_for("")
    assert nobody.get(path)["Location"] == f"/account/login/?next={path}"
    assert _post(nobody, number, confirmed="yes").status_code == 302
    assert Card.objects.get(pk=number).state == "issued"
    assert client_for("luhao").get("/desk/cards/").context["lines"] == []


def test_a_rule_may_name_who_answers(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number = shown()
    Card.objects.filter(pk=number).update(answered_by="decider")
    assert client_for("chenli").get(f"/desk/cards/{number}/").context["forms"] == []
    assert _post(client_for("chenli"), number, confirmed="yes").status_code == 409
    assert Card.objects.get(pk=number).state == "issued"
    assert client_for("hejun").get(f"/desk/cards/{number}/").context["forms"] != []


def test_the_side_counts_what_waits(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    number, client = shown(), client_for("chenli")

    def count() -> Any:
        links = [link for group in client.get("/desk/").context["groups"] for link in group["links"]]
        return next(link["count"] for link in links if link["url"] == "/desk/cards/")

    assert count() == 2
    _post(client, number, confirmed="yes")
    from tongban.apps.supervision.queries import forget_counts

    forget_counts(department=Card.objects.get(pk=number).department)  # as on commit, which no test with a rollback has
    assert count() == 1


def test_the_applicant_sees_nothing_of_it(client_for: Callable[..., Client], shown: Callable[..., int]) -> None:
    card = Card.objects.get(pk=shown())
    page = client_for("linxiaomei").get(f"/cases/{card.case_id}/")
    assert page.status_code == 200
    assert "card" not in {event.kind.partition(".")[0] for event in get_history(case=card.case_id)}
    assert "Red card" not in page.text
    assert str(card.number) not in page.text
