"""What can wait goes out once a day, as one; what is wanted and official notices never wait."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.composing import compose
from tongban.apps.channels.digests import AT, digest_after
from tongban.apps.channels.models import Delivery, Notice, Preference
from tongban.apps.channels.services import choose
from tongban.apps.channels.telling import Telling, tell
from tongban.apps.channels.transports import Never
from tongban.apps.people.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(city: Any) -> datetime:
    return datetime.combine(timezone.localdate(), time(12), get_calendar().timezone)


@pytest.fixture
def reader(actor_for: Callable[[str], Any], settings: Any, at: datetime) -> int:
    """Somebody who is told by mail, once a day."""
    settings.EMAIL_ON = True
    person: int = actor_for("linxiaomei").person_id
    choose(
        person_id=person,
        chosen={"email": ["wanted", "progress", "result", "reminder"]},
        quiet_from=None,
        quiet_until=None,
        digest=True,
    )
    Preference.objects.filter(person=person).update(email_sealed=seal("lin@example.org"), email_verified_at=at)
    return person


def told(person: int, kind: str, key: str, at: datetime) -> None:
    params = {"matter": {"zh": "事", "en": "Matter"}, "authority": "market-regulation", "amount": "5.00"}
    tell(tellings=[Telling(person_id=person, kind=kind, key=key, at=at, params=params)], at=at)


def test_it_works(reader: int, at: datetime) -> None:
    told(reader, "refunded", "one", at)
    told(reader, "withdrawn", "two", at + timedelta(hours=1))
    told(reader, "withdrawn", "two", at + timedelta(hours=1))
    (waiting,) = Delivery.objects.all()
    assert waiting.due == waiting.digest == datetime.combine(at.date(), AT, at.tzinfo)
    assert Notice.objects.count() == 2
    assert "2 条" in compose(delivery=waiting).text


@pytest.mark.parametrize("kind", ["granted", "fee_due", "supplement"])
def test_what_is_official_or_wanted_never_waits(reader: int, at: datetime, kind: str) -> None:
    told(reader, kind, kind, at)
    (delivery,) = Delivery.objects.all()
    assert delivery.due == at
    assert delivery.digest is None


def test_what_comes_late_goes_into_the_next_and_none_is_lost_between(reader: int, at: datetime) -> None:
    six = datetime.combine(at.date(), AT, at.tzinfo)
    for minutes in (-11, -9, 0, 9):
        told(reader, "withdrawn", f"at {minutes}", six + timedelta(minutes=minutes))
    first, second = Delivery.objects.order_by("due")
    assert second.due - first.due == timedelta(days=1)
    assert "1 条" in compose(delivery=first).text
    assert "3 条" in compose(delivery=second).text


def test_what_has_been_read_is_not_sent(reader: int, at: datetime) -> None:
    told(reader, "withdrawn", "one", at)
    Notice.objects.update(read_at=at)
    with pytest.raises(Never):
        compose(delivery=Delivery.objects.get())


def test_without_the_wish_it_goes_out_at_once(reader: int, at: datetime) -> None:
    Preference.objects.update(digest=False)
    told(reader, "withdrawn", "one", at)
    assert Delivery.objects.get().due == at


def test_the_day_is_the_citys(at: datetime) -> None:
    assert digest_after(at).astimezone(at.tzinfo).time() == AT
    assert digest_after(at.replace(hour=23)).date() == at.date() + timedelta(days=1)
