"""An official reads beside a case what somebody wrote by message, and writes one more message to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.apps.correspondence.wechat_account import JPEG

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.models import Gathering, Message, State
from tongban.apps.correspondence.services import Incoming, file_due, forget_case, receive
from tongban.apps.ledger.models import Event

pytestmark = pytest.mark.django_db
HOLE = "滨河路 18 号门口的窨井盖没了，昨天晚上有人摔了。"


@pytest.fixture
def written(city: Any) -> int:
    """A case from a mail with a photo and an archive, and one more mail about it."""
    at = timezone.now()

    def mail(text: str, number: int, at: Any, files: Any = (), references: Any = ()) -> None:
        content = Content(text=text, subject="井盖", reference=f"<{number}@x>", references=references)
        given: dict[str, Any] = {
            "channel": "mail",
            "address": "zhang.san@example.cn",
            "provider_id": f"<{number}@x>",
            "kind": "mail",
        }
        receive(incoming=Incoming(**given, said_at=at, content=content, files=files), at=at)

    mail(HOLE, 1, at, files=[("窨井.jpg", JPEG), ("证据.zip", b"PK\x03\x04....")])
    assert file_due(now=lambda: at) == 1
    mail("还没有人来。", 2, at + timedelta(minutes=5), references=("<1@x>",))
    return Gathering.objects.get().case or 0


def test_it_works(written: int, client_for: Callable[..., Client]) -> None:
    page = client_for("xuhong").get(f"/desk/cases/{written}/")
    assert page.status_code == 200
    said = page.text
    assert said.index(HOLE) < said.index("还没有人来。")
    assert "窨井.jpg" in said
    assert "Not taken: 证据.zip, not a kind of file that is taken" in said
    assert "by mail" in said
    assert "zhang.san" not in said


def test_a_photo_is_shown_in_a_box_that_may_do_nothing(written: int, client_for: Callable[..., Client]) -> None:
    row = Message.objects.filter(inbound=True).order_by("pk").first()
    assert row is not None
    answer = client_for("xuhong").get(f"/desk/cases/{written}/messages/{row.pk}/0")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, JPEG, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client_for("xuhong").get(f"/desk/cases/{written}/messages/{row.pk}/7").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("xuhong", 200), ("chenli", 404), ("linxiaomei", 403), ("", 302)])
def test_who_may_read_the_case_reads_it(written: int, client_for: Callable[..., Client], who: str, status: int) -> None:
    """Of the coordinating department; of another; a resident; nobody."""
    row = Message.objects.filter(inbound=True).order_by("pk").first()
    assert row is not None
    client = client_for(who)
    assert client.get(f"/desk/cases/{written}/").status_code == status
    assert client.get(f"/desk/cases/{written}/messages/{row.pk}/0").status_code == status
    posted = client.post(f"/desk/cases/{written}/messages/write", {"words": "您好", "key": "k"}).status_code
    assert posted == (302 if status == 200 else status)
    assert Message.objects.filter(kind="written").count() == (status == 200)


def test_a_file_of_another_case_is_not_reached_through_this_one(
    written: int, client_for: Callable[..., Client], file_case: Any
) -> None:
    row = Message.objects.filter(inbound=True).order_by("pk").first()
    assert row is not None
    other = file_case(matter="noise-complaint")
    assert client_for("xuhong").get(f"/desk/cases/{other}/messages/{row.pk}/0").status_code == 404


def test_a_message_to_them_goes_out_once_and_is_on_record(written: int, client_for: Callable[..., Client]) -> None:
    client = client_for("xuhong")
    for _ in range(2):  # pressed twice
        client.post(f"/desk/cases/{written}/messages/write", {"words": "请问是哪个门口？", "key": "once"})
    row = Message.objects.get(kind="written")
    assert (row.state, row.case, row.user.username if row.user else "") == (State.WAITING, written, "xuhong")
    (event,) = Event.objects.filter(kind="correspondence.written")
    assert event.department == "hotline"
    assert "门口" not in str(event.data)
    page = client.get(f"/desk/cases/{written}/").text
    assert "请问是哪个门口？" in page
    assert "on its way" in page


@pytest.mark.parametrize("words", ["", "  \n ", "长" * 1001])
def test_without_words_nothing_is_sent(written: int, client_for: Callable[..., Client], words: str) -> None:
    answer = client_for("xuhong").post(
        f"/desk/cases/{written}/messages/write", {"words": words, "key": "k"}, follow=True
    )
    assert "Write a few words" in answer.text
    assert not Message.objects.filter(kind="written").exists()


def test_a_case_that_came_another_way_has_no_conversation(file_case: Any, client_for: Callable[..., Client]) -> None:
    number = file_case(matter="noise-complaint")
    client = client_for("xuhong")
    assert 'id="conversation"' not in client.get(f"/desk/cases/{number}/").text
    answer = client.post(f"/desk/cases/{number}/messages/write", {"words": "您好", "key": "k"}, follow=True)
    assert "cannot be written to" in answer.text


def test_it_costs_one_read_however_long_it_is(written: int, client_for: Callable[..., Client]) -> None:
    client, counts = client_for("xuhong"), []
    for round_ in range(2):
        client.get(f"/desk/cases/{written}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/desk/cases/{written}/")
        counts.append(len([each for each in queries if "correspondence_message" in each["sql"]]))
        for number in range(20 if not round_ else 0):
            content = Content(text=f"还有第 {number} 点", references=("<1@x>",))
            given: dict[str, Any] = {
                "channel": "mail",
                "address": "zhang.san@example.cn",
                "provider_id": f"<{number}.more@x>",
            }
            at = timezone.now() + timedelta(hours=2 * number)
            receive(incoming=Incoming(**given, kind="mail", said_at=at, content=content), at=at)
    assert counts == [1, 1]


def test_what_is_let_go_of_with_the_case_is_said_to_be(written: int, client_for: Callable[..., Client]) -> None:
    assert forget_case(case=written) > 0
    page = client_for("xuhong").get(f"/desk/cases/{written}/").text
    assert "Let go of" in page
    assert Case.objects.filter(pk=written).exists()
