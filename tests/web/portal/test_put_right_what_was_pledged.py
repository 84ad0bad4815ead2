"""The check of a pledge finds something that can be put right: ordered by a day, answered, looked at once more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.conftest import PNG

from tongban.apps.cases.errors import RectificationRunning
from tongban.apps.cases.models import BrokenPledge, Rectification, Task
from tongban.apps.cases.proof import verify
from tongban.apps.cases.services import erase, note_missed_rectifications, order_rectification
from tongban.apps.cases.services.rectifying import recount_rectifications
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.channels.services import ask_sources
from tongban.apps.evidence.models import Certificate
from tongban.apps.ledger.queries import get_history
from tongban.kernel.clock import Limit, calendar_for

pytestmark = pytest.mark.django_db
MATTER, HANDLER, DECIDER, ELSEWHERE = "graduate-job-subsidy", "shenlan", "xiaogang", "chenli"
FOUND, DONE = "残联没有登记，请补办登记。", "I have registered, here is the certificate."


@pytest.fixture
def checked(file_case: Any, act: Any) -> int:
    """Granted on a pledge and delivered: the check is open."""
    number: int = file_case(matter=MATTER, at=timezone.now() - timedelta(hours=1))
    act(number, "accept", by="wangqian")
    act(number, "decide", by=DECIDER, node="decide", outcome="granted", reason="")
    act(number, "deliver", by="wangqian", node="deliver", way="web")
    return number


def _order(client: Client, number: int, **given: str) -> Any:
    return client.post(f"/desk/cases/{number}/put-right/", {"days": "10", "words": FOUND, "confirmed": "yes"} | given)


def _kinds(number: int) -> list[str]:
    return [event.kind for event in get_history(case=number)]


def test_it_works(client_for: Callable[..., Client], act: Any, checked: int, catch_up: Callable[..., int]) -> None:
    """Ordered, told, answered with a photo, told back, and confirmed by whoever looks again."""
    officer, holder = client_for(HANDLER), client_for("linxiaomei")
    assert f"/desk/cases/{checked}/put-right/" in officer.get(f"/desk/cases/{checked}/").text
    page = officer.get(f"/desk/cases/{checked}/put-right/").text
    assert "At least 5 working days, at most 30 working days." in page
    assert "[local] Mingchuan rules on notice and pledge" in page
    assert "Order it to be put right?" in _order(officer, checked, confirmed="").text
    assert FOUND in _order(officer, checked, confirmed="", edit="yes").text
    assert not Rectification.objects.exists()
    assert _order(officer, checked)["Location"] == f"/desk/cases/{checked}/"
    row = Rectification.objects.get()
    assert row.due == get_calendar().deadline(start=row.ordered_at, limit=Limit.parse("10 working days"))
    mine = holder.get("/me/pledges/").text
    assert FOUND in mine
    assert f"/cases/{checked}/put-right/" in holder.get(f"/cases/{checked}/").text
    asked = holder.get(f"/cases/{checked}/put-right/").text
    assert "Guobanfa [2020] 42" in asked
    shown = SimpleUploadedFile("certificate.png", PNG)
    after = holder.post(f"/cases/{checked}/put-right/", {"words": DONE, "files": shown}, follow=True).text
    assert "Somebody looks at it and tells you" in after
    assert "certificate.png" in after
    seen = officer.get(f"/desk/cases/{checked}/put-right/").text
    assert DONE in seen
    assert "certificate.png" in seen
    act(checked, "complete", by=HANDLER, node="check_afterwards", outcome="pass", opinion="已补登。")
    assert _kinds(checked).count("rectification.ordered") == _kinds(checked).count("rectification.answered") == 1
    assert verify(case=checked).holds
    assert "What a check found was put right." in holder.get("/me/pledges/").text
    assert Certificate.objects.get(case=checked).state == "issued"
    assert not BrokenPledge.objects.exists()
    catch_up()
    told = set(Notice.objects.filter(case=checked).values_list("kind", flat=True))
    assert {"rectify", "desk_rectified"} <= told
    erase(number=checked, at=timezone.now())
    row.refresh_from_db()
    assert (row.words, row.answer, row.state) == ("", "", "kept")


def test_nothing_is_held_against_them_before_the_day(client_for: Callable[..., Client], act: Any, checked: int) -> None:
    _order(client_for(HANDLER), checked)
    fails = {"by": HANDLER, "node": "check_afterwards", "outcome": "fail", "opinion": "没有做到。"}
    with pytest.raises(RectificationRunning):
        act(checked, "complete", **fails)
    assert Task.objects.get(case=checked, node="check_afterwards").finished is None
    again = _order(client_for(HANDLER), checked, days="20")
    assert again.status_code == 409
    assert "It can be put right until" in again.text
    act(checked, "complete", at=Rectification.objects.get().due + timedelta(days=1), **fails)
    assert BrokenPledge.objects.get().case_id == checked
    assert Rectification.objects.get().state == "broken"
    assert client_for("linxiaomei").post(f"/cases/{checked}/put-right/", {"words": DONE}).status_code == 200
    assert "rectification.answered" not in _kinds(checked)


def test_a_missed_day(
    client_for: Callable[..., Client], actor_for: Any, checked: int, catch_up: Callable[..., int]
) -> None:
    """Reminded before it; missed, the checker is told, and may give another day, never beyond the longest."""
    task = Task.objects.get(case=checked, node="check_afterwards").no
    now = timezone.now()
    due = order_rectification(number=checked, task=task, days=10, words=FOUND, actor=actor_for(HANDLER), at=now)
    ask_sources(at=due - timedelta(days=1))
    assert note_missed_rectifications(at=due) == 0
    late = due + timedelta(minutes=1)
    assert note_missed_rectifications(at=late) == 1
    assert note_missed_rectifications(at=late) == 0
    assert _kinds(checked)[-1] == "rectification.missed"
    catch_up()
    told = list(Notice.objects.filter(case=checked).values_list("kind", flat=True))
    assert [told.count(kind) for kind in ("rectify_due", "rectify_missed", "desk_rectify_missed")] == [1, 1, 1]
    assert "we still take it" in client_for("linxiaomei").get(f"/cases/{checked}/put-right/").text
    Rectification.objects.update(due=now, last=now + timedelta(days=20))  # as if that were long ago
    beyond = _order(client_for(HANDLER), checked, days="25")
    assert beyond.status_code == 409
    assert "no day later than" in beyond.text
    assert _order(client_for(HANDLER), checked, days="1").status_code == 302
    assert Rectification.objects.get().state == "open"


@pytest.mark.parametrize("given", [{"days": "4"}, {"days": "31"}, {"days": "soon"}, {"words": " "}])
def test_what_is_wrong_orders_nothing(client_for: Callable[..., Client], checked: int, given: dict[str, str]) -> None:
    assert _order(client_for(HANDLER), checked, **given).status_code in (409, 422)
    assert not Rectification.objects.exists()


def test_an_answer_says_or_shows_something(client_for: Callable[..., Client], checked: int) -> None:
    holder, page = client_for("linxiaomei"), f"/cases/{checked}/put-right/"
    assert holder.get(page)["Location"] == f"/cases/{checked}/"
    _order(client_for(HANDLER), checked)
    assert holder.post(page, {"words": "  "}).status_code == 422
    wrong = {"words": DONE, "files": SimpleUploadedFile("x.exe", b"MZ", "application/octet-stream")}
    kept = holder.post(page, wrong)
    assert kept.status_code == 422
    assert DONE in kept.text
    assert Rectification.objects.get().state == "open"


def test_who_may(client_for: Callable[..., Client], granted: Callable[..., int], checked: int) -> None:
    desk, mine = f"/desk/cases/{checked}/put-right/", f"/cases/{checked}/put-right/"
    for who, status in {"linxiaomei": 403, "": 302, ELSEWHERE: 404}.items():
        assert client_for(who).get(desk).status_code == status, who
        assert _order(client_for(who), checked).status_code == status, who
    assert not Rectification.objects.exists()
    _order(client_for(HANDLER), checked)
    for who, status in {"wuxiaochuan": 404, "": 302, HANDLER: 404}.items():
        assert client_for(who).post(mine, {"words": DONE}).status_code == status, who
    other = granted()  # a matter without pledges
    assert client_for("chenli").get(f"/desk/cases/{other}/put-right/").status_code == 404


def test_a_holiday_announced_late_gives_more_time(
    client_for: Callable[..., Client], checked: int, catch_up: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _order(client_for(HANDLER), checked)
    before, calendar = Rectification.objects.get(), get_calendar()
    day = calendar.add_working_days(timezone.localdate(), 2)
    changed = calendar_for(overrides={day: False})
    monkeypatch.setattr("tongban.apps.cases.services.way.get_calendar", lambda: changed)
    assert [recount_rectifications(at=timezone.now()) for _ in range(2)] == [1, 0]
    row = Rectification.objects.get()
    assert calendar.local_date(row.due) == calendar.add_working_days(calendar.local_date(before.due), 1)
    assert _kinds(checked)[-1] == "rectification.moved"
    assert verify(case=checked).holds
    catch_up()
    assert Notice.objects.filter(case=checked, kind="rectify").count() == 2
