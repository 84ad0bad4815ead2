"""Supervisors see what a holiday that was announced late has moved; applicants and officers are told of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.channels.services import ask_sources
from tongban.kernel.clock import Calendar, calendar_for

pytestmark = pytest.mark.django_db
PATH = "/supervise/calendar/"
NOTICE = "明政办发〔2026〕31号"


@pytest.fixture
def off(city: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], date]:
    """Announces the next working day to be off, after the calendar was put down."""
    services.note_calendar(at=timezone.now())

    def announce() -> date:
        before = get_calendar()
        day = before.add_working_days(before.local_date(timezone.now()), 1)
        after: Calendar = calendar_for(overrides={day: False})
        for module in ("services.way", "services.redating", "queries.recounts"):
            monkeypatch.setattr(f"tongban.apps.cases.{module}.get_calendar", lambda: after, raising=False)
        return day

    return announce


def test_it_works(
    file_case: Callable[..., int],
    act: Any,
    off: Callable[[], date],
    client_for: Callable[..., Client],
    follow_log: Any,
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "claim", by="chenli", node="handle")
    page = client_for("liangchen").get(PATH)
    assert "No change so far" in page.content.decode()
    off()
    assert "limits are not counted anew yet" in client_for("liangchen").get(PATH).content.decode()
    services.redate_cases(notice=NOTICE, at=timezone.now())
    shown = client_for("liangchen").get(PATH).content.decode()
    assert "limits are not counted anew yet" not in shown
    assert NOTICE in shown
    assert f"/desk/cases/{number}/" in shown
    following = client_for("linxiaomei").get(f"/cases/{number}/").content.decode()
    assert NOTICE in following
    follow_log("notices")
    told = Notice.objects.get(kind="recounted", case=number)
    promised = Case.objects.get(pk=number).promised_due
    assert promised is not None
    assert told.params["due"] == get_calendar().local_date(promised).isoformat()
    for _ in range(2):
        ask_sources(at=timezone.now())
    assert Notice.objects.filter(kind="desk_recounted").count() == 1


@pytest.mark.parametrize("query", ["?recount=x", "?after=x", "?recount=1&after=1.x"])
def test_a_made_up_address_is_no_error(off: Callable[[], date], client_for: Callable[..., Client], query: str) -> None:
    off()
    services.redate_cases(notice=NOTICE, at=timezone.now())
    assert client_for("liangchen").get(PATH + query).status_code in (200, 302)


@pytest.mark.parametrize("who", ["chenli", "linxiaomei", ""])
def test_nobody_else_sees_it(city: Any, client_for: Callable[..., Client], client: Client, who: str) -> None:
    answer = (client_for(who) if who else client).get(PATH)
    assert answer.status_code in (302, 403, 404)
