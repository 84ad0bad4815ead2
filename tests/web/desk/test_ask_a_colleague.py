"""Officers ask colleagues of any department about a case: these learn no more than they may, and no clock stops."""

import base64
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import Case
from tongban.apps.channels.models import Notice
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Membership, StandIn, User
from tongban.apps.questions.models import Question
from tongban.apps.questions.services import lapse_over, reseal_questions, sweep_words

pytestmark = pytest.mark.django_db
WORDS, ANSWER = "Is a door of 80 cm wide enough?", "Not for more than fifty people."


def _id(name: str) -> int:
    return User.objects.get(username=name).pk


@pytest.fixture
def case(at_step: Any) -> int:
    number: int = at_step("handle")
    return number


def ask(client: Client, case: int, to: str = "luhao", **given: Any) -> Any:
    department = Membership.objects.filter(user__username=to).values_list("department", flat=True)[0]
    posted = {"department": department, "colleague": str(_id(to)), "words": WORDS, "days": "2"} | given
    return client.post(f"/desk/cases/{case}/ask/", posted, follow=True)


@pytest.fixture
def asked(client_for: Callable[..., Client], case: int) -> str:
    """Chen Li has asked Lu Hao of another department."""
    assert ask(client_for("chenli"), case).status_code == 200
    return f"/desk/questions/{Question.objects.get().number}/"


def test_it_works(
    client_for: Callable[..., Client], case: int, untouched: Any, follow_log: Callable[[str], None]
) -> None:
    same, due = untouched(case), Case.objects.get(pk=case).promised_due
    page = ask(client_for("chenli"), case)
    assert "the clock runs on meanwhile" in page.text
    assert WORDS in page.text
    row = Question.objects.get()
    assert WORDS not in row.question_sealed
    path, colleague = f"/desk/questions/{row.number}/", client_for("luhao")
    assert path in colleague.get("/desk/questions/").text
    assert "Give this answer?" in colleague.post(path, {"words": ANSWER}).text
    assert Question.objects.get().state == "open"
    colleague.post(path, {"words": ANSWER, "confirmed": "yes"})
    assert ANSWER in client_for("huangyan").get(f"/desk/cases/{case}/").text
    assert path in client_for("chenli").get("/desk/questions/").text
    assert same()
    assert Case.objects.get(pk=case).promised_due == due
    log = get_history(case=row.number)
    assert [event.kind for event in log] == ["question.asked", "question.answered"]
    assert log[1].data == {"case": str(case), "late": False}
    for event in log:
        assert not any(words in str(event) for words in (WORDS, ANSWER, "Lu Hao", "卢浩", "Chen Li"))
    follow_log("questions")
    notice = Notice.objects.get(kind="desk_question_answered")
    assert notice.person.user_id == _id("chenli")
    assert not Notice.objects.filter(kind="desk_question").exists()  # over before it was told of


def test_who_is_asked_reads_the_question_and_the_matter_alone(
    client_for: Callable[..., Client], case: int, asked: str, follow_log: Callable[[str], None]
) -> None:
    follow_log("questions")
    notice = Notice.objects.get(kind="desk_question")
    assert (notice.person.user_id, notice.case) == (_id("luhao"), None)
    colleague = client_for("luhao")
    assert colleague.get(f"/desk/inbox/{notice.pk}/")["Location"] == asked
    page = colleague.get(asked)
    assert WORDS in page.text
    assert page.context["line"].matter == "Food business licence (catering)"
    for text in (page.text, colleague.get("/desk/questions/").text):
        assert str(case) not in text
        assert Case.objects.get(pk=case).person.name not in text  # type: ignore[union-attr]
    assert colleague.get(f"/desk/cases/{case}/").status_code == 404


def test_who_may_open_the_case_finds_the_way_there(client_for: Callable[..., Client], case: int) -> None:
    ask(client_for("chenli"), case, to="huangyan")
    page = client_for("huangyan").get(f"/desk/questions/{Question.objects.get().number}/")
    assert f"/desk/cases/{case:016d}/" in page.text or f"/desk/cases/{case}/" in page.text


def test_everybody(client_for: Callable[..., Client], case: int, asked: str) -> None:
    people = {  # the question, and an answer to it
        "chenli": (200, 403),  # who asked
        "huangyan": (200, 403),  # a colleague of the case
        "zengrong": (404, 404),  # an official elsewhere
        "linxiaomei": (403, 403),  # whose case it is
        "wuxiaochuan": (403, 403),  # a stranger
        "": (302, 302),
    }
    for who, codes in people.items():
        client = client_for(who)
        posted = client.post(asked, {"words": ANSWER, "confirmed": "yes"}).status_code
        assert (client.get(asked).status_code, posted) == codes, who
    for who, code in (("luhao", 404), ("linxiaomei", 403), ("", 302), ("liangchen", 403)):
        assert client_for(who).post(f"/desk/cases/{case}/ask/", {"words": WORDS}).status_code == code, who
    assert client_for("luhao").post(asked, {"take_back": "yes"}).status_code == 403
    assert client_for("linxiaomei").get("/desk/questions/").status_code == 403
    assert asked not in client_for("zengrong").get("/desk/questions/").text
    assert WORDS not in client_for("linxiaomei").get(f"/cases/{case}/", follow=True).text
    assert Question.objects.get().state == "open"


def test_taken_back(client_for: Callable[..., Client], asked: str, follow_log: Callable[[str], None]) -> None:
    client_for("chenli").post(asked, {"take_back": "yes"})
    page = client_for("luhao").post(asked, {"words": ANSWER, "confirmed": "yes"})
    assert page.status_code == 409
    assert ANSWER in page.text  # nothing that was written is lost
    assert asked not in str(client_for("luhao").get("/desk/questions/").context["waiting"])
    follow_log("questions")
    assert list(Notice.objects.values_list("kind", flat=True)) == ["desk_question_taken_back"]


def test_asked_twice(client_for: Callable[..., Client], case: int, asked: str) -> None:
    page = ask(client_for("chenli"), case, words="And its height?")
    assert page.status_code == 422
    assert "And its height?" in page.text
    assert Question.objects.count() == 1
    ask(client_for("chenli"), case, to="huangyan")
    assert Question.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"words": " "}, {"words": "x" * 2001}, {"colleague": ""}, {"days": "400"}])
def test_what_is_no_question_is_not_asked(client_for: Callable[..., Client], case: int, wrong: dict[str, str]) -> None:
    assert ask(client_for("chenli"), case, **wrong).status_code == 422
    assert not Question.objects.exists()


def test_nobody_is_asked_about_their_own_case(client_for: Callable[..., Client], case: int) -> None:
    Case.objects.filter(pk=case).update(person=User.objects.get(username="luhao").person)
    assert ask(client_for("chenli"), case).status_code == 422
    assert not Question.objects.exists()


def test_answered_late(client_for: Callable[..., Client], asked: str) -> None:
    Question.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    (line,) = client_for("luhao").get("/desk/questions/").context["waiting"]
    assert line.row.is_late
    client_for("luhao").post(asked, {"words": ANSWER, "confirmed": "yes"})
    row = Question.objects.get()
    assert row.state == "answered"
    assert get_history(case=row.number)[-1].data["late"] is True


def test_who_stands_in_is_told_and_answers(
    client_for: Callable[..., Client], asked: str, follow_log: Callable[[str], None]
) -> None:
    today = timezone.localdate()
    StandIn.objects.create(
        absent_id=_id("luhao"),
        stand_in_id=_id("zengrong"),
        since=today,
        until=today,
        given_by_id=_id("luhao"),
        given_at=timezone.now(),
    )
    follow_log("questions")
    told = Notice.objects.filter(kind="desk_question").values_list("person__user", flat=True)
    assert set(told) == {_id("luhao"), _id("zengrong")}
    client = client_for("zengrong")
    assert "in place of Lu Hao" in " ".join(client.get(asked).text.split())
    client.post(asked, {"words": ANSWER, "confirmed": "yes"})
    row = Question.objects.get()
    assert row.answered_by_id == _id("zengrong")
    assert get_history(case=row.number)[-1].capacity == f"stand-in:user:{_id('luhao')}"


def test_a_colleague_who_is_gone(client_for: Callable[..., Client], case: int, asked: str) -> None:
    User.objects.filter(username="luhao").update(is_active=False)
    assert "does not serve any more" in client_for("chenli").get(asked).text
    client_for("chenli").post(asked, {"take_back": "yes"})
    assert ask(client_for("chenli"), case).status_code == 422


def test_it_ends_with_its_case(client_for: Callable[..., Client], case: int, asked: str) -> None:
    Case.objects.filter(pk=case).update(closed_at=timezone.now())
    assert client_for("luhao").post(asked, {"words": ANSWER, "confirmed": "yes"}).status_code == 409
    assert client_for("luhao").get("/desk/questions/").context["waiting"] == []
    assert "The case is over" in client_for("luhao").get(asked).text
    assert lapse_over(at=timezone.now()) == 1
    assert lapse_over(at=timezone.now()) == 0
    assert get_history(case=Question.objects.get().number)[-1].kind == "question.lapsed"


def test_words_are_sealed_anew_and_go_with_the_answers(
    client_for: Callable[..., Client], case: int, asked: str, settings: Any
) -> None:
    settings.DATA_KEYS = [base64.b64encode(os.urandom(32)).decode(), *settings.DATA_KEYS]
    assert max(each.written for each in reseal_questions(batch=2)) == 1
    settings.DATA_KEYS = settings.DATA_KEYS[:1]
    assert WORDS in client_for("luhao").get(asked).text
    assert sweep_words() == 0
    Case.objects.filter(pk=case).update(erased_at=timezone.now())
    assert sweep_words() == 1
    assert sweep_words() == 0
    assert Question.objects.get().question_sealed == ""
    assert "The words were let go of" in client_for("luhao").get(asked).text


def test_the_list_asks_no_more_for_more(
    client_for: Callable[..., Client], case: int, asked: str, django_assert_max_num_queries: Any
) -> None:
    client = client_for("chenli")
    client.get("/desk/questions/")
    with django_assert_max_num_queries(100) as before:
        client.get("/desk/questions/")
        most = len(before)
    ask(client, case, to="huangyan")
    ask(client, case, to="hejun")
    with django_assert_max_num_queries(most):
        client.get("/desk/questions/")
