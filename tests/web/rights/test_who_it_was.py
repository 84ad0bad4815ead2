"""From a complaint about a look to who it was: for whoever handles that complaint, on record, and for nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.requests import subject_hash
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]
Complain = Callable[..., int]


def _file(client: Client, draft: str) -> int:
    sent = client.post(f"{draft.partition('/review/')[0]}/submit", {"declared": "yes"}, follow=True)
    return int(sent.redirect_chain[-1][0].split("/")[2])


@pytest.fixture
def complaint(client_for: For, file_case: Any) -> int:
    """Chen Li has looked at Lin Xiaomei's case twice, and she complains of the first time."""
    number = file_case()
    for _ in range(2):
        assert client_for("chenli").get(f"/desk/cases/{number:016d}/").status_code == 200
    mine = client_for("linxiaomei")
    led = mine.post(f"/me/looks/{Look.objects.order_by('pk')[0].pk}/complain", follow=True)
    return _file(mine, led.redirect_chain[-1][0])


def _page(number: int) -> str:
    return f"/desk/cases/{number:016d}/who-looked/"


def test_it_works(client_for: For, complaint: int) -> None:
    handler = client_for("yaoqi")
    assert f'href="{_page(complaint)}"' in handler.get(f"/desk/cases/{complaint:016d}/").text
    page = handler.get(_page(complaint))
    for words in ("Chen Li", "Market Regulation · ", "handling", "The case was opened", "2 times"):
        assert words in page.text, words
    # Whoever complained reads that it was opened, and by which office.
    mine = client_for("linxiaomei").get("/me/looks/")
    assert "Who had looked was called up, to answer a complaint" in mine.text
    assert "Chen Li" not in mine.text
    row = Look.objects.get(what="official")
    assert (row.case, row.department) == (complaint, "government-office")


def test_nobody_else_opens_it(client_for: For, complaint: int) -> None:
    before = Look.objects.count()
    # Another department, its head, supervision, an administrator, a clerk, the complainant, a stranger.
    for other in ("chenli", "hejun", "liangchen", "wangqian", "linxiaomei", "wuxiaochuan"):
        answer = client_for(other).get(_page(complaint))
        assert answer.status_code in (403, 404), other
        assert "By whom" not in answer.text
    assert client_for("").get(_page(complaint))["Location"].startswith("/account/login/")
    assert Look.objects.count() == before
    assert "who-looked" not in client_for("liangchen").get(f"/desk/cases/{complaint:016d}/").text


def test_only_a_complaint_of_a_look_leads_there(client_for: For, file_case: Any, user_for: Any) -> None:
    number = file_case()
    assert client_for("chenli").get(_page(number)).status_code == 404


def test_a_reference_that_is_not_the_complainants_opens_nothing(client_for: For, complaint: int) -> None:
    case = Case.objects.get(pk=complaint)
    strange = Look.objects.create(
        at=timezone.now(),
        actor=Look.objects.filter(what="case")[0].actor,
        department="market-regulation",
        role="handler",
        what="person",
        purpose="filing",
        person_id=_person("wuxiaochuan"),
    )
    for reference in (f"L{strange.pk}", "L99999999", "R99999999"):
        Case.objects.filter(pk=complaint).update(answers={**case.answers, "look": reference})
        answer = client_for("yaoqi").get(_page(complaint))
        assert answer.status_code == 404, reference
        assert "Chen Li" not in answer.text


def test_a_question_to_a_register_leads_to_who_asked(client_for: For, complaint: int, user_for: Any) -> None:
    row = Lookup.objects.create(
        number=int(f"{timezone.now():%y%m%d}0000000001"),
        register="civil-register",
        provider="public-security",
        consumer="market-regulation",
        purpose="catering-licence",
        fields=["full_name"],
        matter="restaurant-opening",
        subject_hash=subject_hash("361799198805140027"),
        actor=f"user:{user_for('chenli').pk}",
        outcome="found",
        asked_at=timezone.now(),
        request_hash="x",
    )
    mine = client_for("linxiaomei")
    led = mine.post(f"/me/looks/registers/{row.number:016d}/complain", follow=True)
    number = _file(mine, led.redirect_chain[-1][0])
    page = client_for("yaoqi").get(_page(number))
    for words in ("Chen Li", "The register", "answered", f"R{row.number:016d}"):
        assert words in page.text, words


def test_without_the_record_nothing_is_shown(client_for: For, complaint: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_row: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Look.objects, "create", full)
    answer = client_for("yaoqi").get(_page(complaint))
    assert answer.status_code == 503
    assert "Chen Li" not in answer.text


def _person(username: str) -> int:
    from tongban.apps.people.models import Person

    return Person.objects.get(user__username=username).pk
