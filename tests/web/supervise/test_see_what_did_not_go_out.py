"""An administrator sees what could not be sent, and lets it be tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.channels.models import Delivery, Status
from tongban.apps.channels.telling import Telling, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(settings: Any, actor_for: Callable[[str], Any]) -> Callable[[int], list[Delivery]]:
    """So many SMS that were given up."""
    settings.SMS_URL, settings.SMS_KEY = "https://sms.example/send", "key"

    def make(count: int) -> list[Delivery]:
        now, person = timezone.now(), actor_for("linxiaomei").person_id
        given = {"matter": {"zh": "证", "en": "Licence"}, "step": {"zh": "签字", "en": "Sign"}}
        tell(
            tellings=[
                Telling(person_id=person, kind="your_turn", key=str(n), at=now, case=2611220483917724, params=given)
                for n in range(count)
            ],
            at=now,
        )
        Delivery.objects.update(status=Status.FAILED, tries=14, error="http-503", done_at=now)
        return list(Delivery.objects.order_by("pk"))

    return make


@pytest.fixture
def administrator(client_for: Callable[..., Client], user_for: Callable[[str], Any]) -> Client:
    from tongban.apps.people.models import Membership

    Membership.objects.create(user=user_for("chenli"), department_id="market-regulation", role="administrator")
    return client_for("chenli")


def test_it_works(administrator: Client, failed: Any) -> None:
    (delivery,) = failed(1)
    page = administrator.get("/supervise/notices/")
    assert page.status_code == 200
    assert "SMS" in page.text
    assert "the receiver&#x27;s server answers with an error" in page.text
    assert "139" not in page.text.split("<main")[1], "no address"
    answer = administrator.post(f"/supervise/notices/{delivery.pk}/again", follow=True)
    assert "tried again now" in answer.text
    assert "Everything has gone out" in answer.text
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries) == ("waiting", 0)
    assert "just let it be tried again" in administrator.post(
        f"/supervise/notices/{delivery.pk}/again", follow=True
    ).text.replace("&#x27;", "'")


def test_it_is_read_page_by_page(administrator: Client, failed: Any) -> None:
    failed(30)
    first = administrator.get("/supervise/notices/")
    second = administrator.get("/supervise/notices/" + first.context["next_url"])
    seen = [line.id for page in (first, second) for line, _, _ in page.context["lines"]]
    assert len(seen) == len(set(seen)) == 30
    assert administrator.get("/supervise/notices/?after=nonsense").status_code == 302


@pytest.mark.parametrize("other", ["", "linxiaomei", "wangqian", "hejun"])
def test_it_is_for_administrators(client_for: Callable[..., Client], failed: Any, other: str) -> None:
    (delivery,) = failed(1)
    browser = client_for(other)
    expected = 302 if not other else 403
    assert browser.get("/supervise/notices/").status_code == expected
    assert browser.post(f"/supervise/notices/{delivery.pk}/again").status_code == expected
    delivery.refresh_from_db()
    assert delivery.status == "failed"


def test_messages_and_mail_of_the_public_are_looked_after(administrator: Client, city: Any) -> None:
    from tongban.apps.correspondence.contents import Content
    from tongban.apps.correspondence.models import Mailbox, Message, TurnedAway
    from tongban.apps.correspondence.services import Incoming, receive

    assert 'id="messages"' not in administrator.get("/supervise/notices/").text
    now = timezone.now()
    content = Content(text="帮助")
    given: dict[str, Any] = {
        "channel": "mail",
        "address": "zhang.san@example.cn",
        "provider_id": "<1@x>",
        "kind": "mail",
    }
    receive(incoming=Incoming(**given, said_at=now, content=content), at=now)
    (row,) = Message.objects.filter(inbound=False)
    Message.objects.filter(pk=row.pk).update(state="failed", error="recipient-550")
    box = Mailbox.objects.create(name="x", due=now, error="TimeoutError")
    TurnedAway.objects.create(mailbox=box, validity=1, uid=1, why="too-large", at=now)
    page = administrator.get("/supervise/notices/").text
    assert "the mail server does not take this address" in page
    assert "cannot be looked into: TimeoutError" in page
    assert "1 mail of the last seven days" in page
    assert "zhang.san" not in page
    answer = administrator.post(f"/supervise/notices/messages/{row.pk}/again", follow=True)
    assert "tried again now" in answer.text
    row.refresh_from_db()
    assert row.state == "waiting"
    assert administrator.post(f"/supervise/notices/messages/{row.pk}/again", follow=True).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("xuhong", 403), ("linxiaomei", 403), ("", 302)])
def test_only_an_administrator_lets_a_message_be_tried_again(
    client_for: Callable[..., Client], city: Any, who: str, status: int
) -> None:
    assert client_for(who).post("/supervise/notices/messages/1/again").status_code == status
