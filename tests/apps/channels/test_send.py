"""What goes out: claimed, sent, written down; tried again when it fails for now, given up when it fails for good."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.channels.doubles import Double, gateway, serve

from tongban.apps.channels import sending
from tongban.apps.channels.errors import UnknownDelivery
from tongban.apps.channels.models import Delivery, Notice, Status
from tongban.apps.channels.queries import list_failures
from tongban.apps.channels.quiet import after_quiet
from tongban.apps.channels.sending import LEASE, MOST_TRIES, pause_before, retry, send_due
from tongban.apps.channels.services import choose
from tongban.apps.channels.telling import Telling, tell

KEY = "the key of the gateway"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = timezone.now()

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sms(settings: Any) -> Iterator[Double]:
    with serve(gateway(KEY)) as double:
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SIGN = f"{double.url}/v1/send", KEY, "明川"
        settings.PRIVATE_TARGETS = ["127.0.0.1"]
        yield double


@pytest.fixture
def told(city: Any, actor_for: Callable[[str], Any], clock: Clock) -> Callable[..., Delivery]:
    """Tell Lin Xiaomei that something is missing; return the SMS that goes out."""

    def do(key: str = "one", kind: str = "supplement") -> Delivery:
        given = {"matter": {"zh": "低保", "en": "Allowance"}, "items": [], "due": "2026-12-01"}
        person = actor_for("linxiaomei").person_id
        telling = Telling(person_id=person, kind=kind, key=key, at=clock.at, case=2611220483917724, params=given)
        tell(tellings=[telling], at=clock.at)
        return Delivery.objects.get(notice__key=key, channel="sms")

    return do


@pytest.mark.django_db
def test_it_works(sms: Double, told: Callable[..., Delivery], clock: Clock) -> None:
    delivery = told()
    assert send_due(now=clock) == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries, delivery.provider_id) == ("sent", 1, f"sms-{delivery.key[:8]}")
    said = sms.calls[0].json()
    assert said["to"] == "13900000001"
    assert said["sign"] == "明川"
    assert "7724" in said["text"]
    assert send_due(now=clock) == 0


@pytest.mark.django_db
def test_what_others_may_see_names_no_matter_and_no_person(
    sms: Double, told: Callable[..., Delivery], clock: Clock
) -> None:
    told()
    send_due(now=clock)
    text = sms.calls[0].json()["text"]
    for secret in ("低保", "Allowance", "林", "2611220483917724", "http"):
        assert secret not in text


@pytest.mark.django_db
def test_what_fails_for_now_is_tried_again_later(sms: Double, told: Callable[..., Delivery], clock: Clock) -> None:
    sms.moods = [(503, {}), (429, {"Retry-After": "7200"})]
    delivery = told()
    send_due(now=clock)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("waiting", "http-503")
    assert clock.at + timedelta(seconds=10) <= delivery.due <= clock.at + timedelta(seconds=30)
    assert send_due(now=clock) == 0
    clock.at = delivery.due
    send_due(now=clock)
    delivery.refresh_from_db()
    assert delivery.due - clock.at == timedelta(hours=2), "as long as the gateway asked for"
    clock.at = delivery.due
    send_due(now=clock)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries, delivery.error) == ("sent", 3, "")
    assert len({call.headers["idempotency-key"] for call in sms.calls}) == 1


@pytest.mark.django_db
def test_what_fails_for_good_is_given_up_and_an_operator_sees_it(
    sms: Double, told: Callable[..., Delivery], clock: Clock
) -> None:
    sms.moods = [(400, {})]
    delivery = told()
    send_due(now=clock)
    (failure,), _ = list_failures()
    assert (failure.channel, failure.kind, failure.error, failure.tries) == ("sms", "supplement", "http-400", 1)
    retry(delivery_id=delivery.pk, at=clock.at)
    send_due(now=clock)
    delivery.refresh_from_db()
    assert delivery.status == "sent"
    with pytest.raises(UnknownDelivery):
        retry(delivery_id=delivery.pk, at=clock.at)


@pytest.mark.django_db
def test_after_many_tries_it_is_given_up(sms: Double, told: Callable[..., Delivery], clock: Clock) -> None:
    sms.moods = [(503, {})] * 50
    delivery, begun = told(), clock.at
    for _ in range(MOST_TRIES):
        delivery.refresh_from_db()
        clock.at = max(clock.at, delivery.due)
        send_due(now=clock)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries) == ("failed", MOST_TRIES)
    assert timedelta(hours=12) < clock.at - begun < timedelta(days=4)


@pytest.mark.django_db
def test_a_worker_that_dies_lets_another_send_it_again_under_the_same_key(
    sms: Double, told: Callable[..., Delivery], clock: Clock
) -> None:
    delivery = told()
    (claimed,) = sending._claim(clock.at, 10)
    assert send_due(now=clock) == 0, "somebody has it"
    clock.at += LEASE
    send_due(now=clock)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries) == ("sent", 2)
    sending._write(claimed, status=Status.FAILED)  # the first comes back after all
    delivery.refresh_from_db()
    assert delivery.status == "sent"


@pytest.mark.django_db
def test_the_same_is_told_once(sms: Double, told: Callable[..., Delivery], clock: Clock) -> None:
    told("same")
    told("same")
    while send_due(now=clock):
        pass
    assert Notice.objects.count() == 1
    assert len(sms.calls) == 1


@pytest.mark.django_db
def test_what_is_not_wanted_does_not_go_out_but_is_in_the_inbox(
    sms: Double, told: Callable[..., Delivery], clock: Clock, actor_for: Callable[[str], Any]
) -> None:
    person = actor_for("linxiaomei").person_id
    delivery = told()
    choose(person_id=person, chosen={"sms": ["result"]}, quiet_from=None, quiet_until=None)
    send_due(now=clock)  # noted down before, not wanted any more
    delivery.refresh_from_db()
    assert delivery.status == "dropped"
    with pytest.raises(Delivery.DoesNotExist):
        told("two")
    assert Notice.objects.filter(person=person, legal=True).count() == 2
    assert sms.calls == []


@pytest.mark.django_db
def test_quiet_hours_are_kept(
    sms: Double, told: Callable[..., Delivery], clock: Clock, actor_for: Callable[[str], Any]
) -> None:
    person = actor_for("linxiaomei").person_id
    choose(person_id=person, chosen={"sms": ["wanted"]}, quiet_from=time(22), quiet_until=time(7))
    clock.at = datetime(2026, 11, 27, 23, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert told().due == datetime(2026, 11, 28, 7, 0, tzinfo=SHANGHAI)


@given(
    at=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001 - given UTC below
    start=st.times(),
    end=st.times(),
)
def test_after_quiet_hours_it_is_not_quiet(at: datetime, start: time, end: time) -> None:
    start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    instant = at.replace(tzinfo=UTC)
    later = after_quiet(at=instant, start=start, end=end, zone=SHANGHAI)
    assert instant <= later < instant + timedelta(days=1)
    assert after_quiet(at=later, start=start, end=end, zone=SHANGHAI) == later


@given(tries=st.integers(1, 60), key=st.text("0123456789abcdef", min_size=64, max_size=64))
def test_pauses_grow_and_end_somewhere(tries: int, key: str) -> None:
    pause = pause_before(tries=tries, key=key)
    assert timedelta(seconds=10) <= pause <= timedelta(hours=12)


@pytest.mark.django_db
def test_a_fault_of_ours_stops_nothing_else(
    sms: Double, told: Callable[..., Delivery], clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    told("one"), told("two")
    from tongban.apps.channels.composing import compose as real

    broken = [True]

    def compose(*, delivery: Delivery) -> Any:
        if broken:
            broken.pop()
            raise ZeroDivisionError("13900000001")
        return real(delivery=delivery)

    monkeypatch.setattr(sending, "compose", compose)
    send_due(now=clock)
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["sent", "waiting"]
    assert "ZeroDivisionError" in caplog.text
    assert "139" not in caplog.text
