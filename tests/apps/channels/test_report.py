"""Officials read once a working morning, and supervisors and heads once a week, what is due, late or waits for them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.channels.doubles import mail_server

from tongban.apps.cases.models import Task
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.supervision import DEFAULT, Reports
from tongban.apps.channels.models import Delivery, Notice, Preference
from tongban.apps.channels.queries import get_preferences
from tongban.apps.channels.sending import send_due
from tongban.apps.channels.services import choose_at_desk, tell_reports
from tongban.apps.channels.sources.reports import daily, weekly
from tongban.apps.channels.telling import tell
from tongban.apps.people.sealing import seal

pytestmark = pytest.mark.django_db


def _morning(hour: int = 8, *, working: bool = True, monday: bool = False) -> datetime:
    """The next morning of that kind."""
    calendar = get_calendar()
    day = timezone.localdate() + timedelta(days=1)
    while calendar.is_working_day(day) != working or (monday and day.weekday()):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), calendar.timezone)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _told(at: datetime) -> None:
    tell(tellings=[*daily(at), *weekly(at)], at=at)


@pytest.fixture
def late_step(shown: Callable[..., int], user_for: Any) -> int:
    """A red card, whose step Chen Li has and which was due long ago; its case."""
    from tongban.apps.supervision.models import Card

    case = Card.objects.get(pk=shown()).case_id
    Task.objects.filter(case=case, finished=None).update(claimed_by=user_for("chenli"), claimed=timezone.now())
    return case


@pytest.fixture
def by_mail(settings: Any, actor_for: Any) -> Callable[[str], int]:
    """Somebody whose address is confirmed."""
    settings.EMAIL_ON = True

    def confirm(name: str) -> int:
        person: int = actor_for(name).person_id
        address = {"email_sealed": seal(f"{name}@example.org"), "email_verified_at": timezone.now()}
        Preference.objects.update_or_create(person_id=person, defaults=address | {"language": "en"})
        return person

    return confirm


def test_it_works(
    late_step: int, by_mail: Any, settings: Any, actor_for: Any, django_assert_max_num_queries: Any
) -> None:
    at = _morning()
    for name in ("chenli", "hejun", "liangchen", "luhao", "linxiaomei"):
        by_mail(name)
    with django_assert_max_num_queries(45):
        assert tell_reports(at=at) >= 3
    assert tell_reports(at=at) == 0
    _told(at)  # another worker, that keeps nothing of it
    kinds = Notice.objects.filter(kind="desk_daily")
    people = {actor_for(name).person_id: name for name in ("chenli", "hejun", "liangchen", "luhao", "linxiaomei")}
    assert {people.get(person) for person in kinds.values_list("person", flat=True)} == {"chenli", "hejun", "liangchen"}
    with mail_server() as (server, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        assert send_due(now=lambda: at) == Delivery.objects.count()
    mails = {str(mail["To"]).partition("@")[0]: mail for mail in server.mails}
    assert set(mails) >= {"chenli", "hejun", "liangchen"}
    texts = {name: _body(mail, "plain") for name, mail in mails.items()}
    pages = {name: _body(mail, "html") for name, mail in mails.items()}
    assert "late · Food business licence" in texts["chenli"]
    assert "Yellow and red cards" not in texts["chenli"]  # she does not lead the department
    assert "1 to be answered" in texts["hejun"] or "2 to be answered" in texts["hejun"]
    assert "/desk/cards/" in texts["hejun"]
    assert "/supervise/cards/" in pages["liangchen"]
    assert '<html lang="en">' in pages["liangchen"]
    assert "<h2>Yellow and red cards</h2><ul><li>" in pages["liangchen"]
    assert all("林晓梅" not in text and "Lin Xiaomei" not in text for text in (*texts.values(), *pages.values()))


def test_who_has_nothing_to_read_gets_nothing(city: Any) -> None:
    _told(_morning())
    assert not Notice.objects.filter(kind__in=("desk_daily", "desk_weekly")).exists()


@pytest.mark.parametrize(("hour", "working", "told"), [(7, True, 0), (8, True, 3), (12, True, 0), (8, False, 0)])
def test_in_the_morning_of_working_days(late_step: int, hour: int, working: bool, told: int) -> None:
    tellings = list(daily(_morning(hour, working=working)))
    assert len(tellings) == told


def test_once_a_week(late_step: int, actor_for: Any) -> None:
    monday = _morning(monday=True)
    people = {each.person_id for each in weekly(monday)}
    assert people == {actor_for(name).person_id for name in ("hejun", "liangchen")}
    calendar = get_calendar()
    after = calendar.add_working_days(calendar.local_date(monday), 1)
    assert list(weekly(datetime.combine(after, time(8), calendar.timezone))) == []


def test_who_does_not_want_it_is_not_told(late_step: int, by_mail: Any) -> None:
    person = by_mail("chenli")
    choose_at_desk(person_id=person, inbox=["work", "limits", "daily"], chosen={"email": ["limits"]})
    _told(_morning())
    assert Notice.objects.filter(person=person, kind="desk_daily").exists()
    assert not Delivery.objects.filter(notice__person=person).exists()
    choose_at_desk(person_id=person, inbox=["work"], chosen={})
    Notice.objects.all().delete()
    _told(_morning())
    assert not Notice.objects.filter(person=person).exists()


def test_who_chose_before_there_were_reports_gets_them(late_step: int, by_mail: Any) -> None:
    """What comes up after somebody has chosen is as usual for them, until they choose anew."""
    person = by_mail("chenli")
    Preference.objects.filter(person=person).update(chosen={"desk": ["work"], "email": ["wanted"]})
    _told(_morning())
    assert Notice.objects.filter(person=person, kind="desk_daily").exists()
    assert Delivery.objects.filter(notice__person=person, channel="email").exists()
    assert list(get_preferences(person_id=person).desk) == ["work", "daily", "weekly"]
    choose_at_desk(person_id=person, inbox=["work"], chosen={})
    assert list(get_preferences(person_id=person).desk) == ["work"]


def test_in_the_hours_that_the_city_gives(late_step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given = replace(DEFAULT, reports=Reports(time(13), time(15)))
    monkeypatch.setattr("tongban.apps.channels.reports.facts.get_supervision", lambda: given)
    assert list(daily(_morning(8))) == []
    assert len(list(daily(_morning(14)))) == 3
