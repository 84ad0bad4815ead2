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
