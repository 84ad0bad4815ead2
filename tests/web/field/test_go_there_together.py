"""One visit of all departments of a joint review: proposed, answered, told once, moved once, made once."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from tongban.apps.cases.models import Case, Task
from tongban.apps.cases.services import fire_due_timers
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.inspections.models import Inspection, JointPart, JointVisit
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import User

pytestmark = pytest.mark.django_db
OFFICERS = {
    "opinion_food": "chenli",
    "opinion_fire": "luhao",
    "opinion_sign": "tanglei",
    "opinion_building": "fangting",
}
FOUND = {
    "opinion_food": {"f-matches_plan": "yes", "f-washing_up": "yes", "f-cold_room": "6"},
    "opinion_fire": {"f-exits_open": "yes", "f-extinguishers": "yes", "f-gas": "yes"},
    "opinion_sign": {"f-sign_fits": "yes", "f-pavement_free": "yes"},
    "opinion_building": {"f-right_well": "yes", "f-trap_in_use": "no", "f-walls": "yes"},
}
COMPANY = "organisation:91361700MA00001A5K"


@pytest.fixture
def begun(file_case: Any, act: Any) -> int:
    """Opening a restaurant, accepted: four departments have it on their desks."""
    number: int = file_case(matter="restaurant-opening", username="linxiaomei", applicant=COMPANY)
    act(number, "accept", by="wangqian")
    return number


def posted(day_from_now: int, name: str = "visit", at: str = "10:00") -> dict[str, str]:
    """So many working days from today, as a form posts it."""
    calendar = get_calendar()
    day = calendar.add_working_days(timezone.localdate(), day_from_now)
    parts = {"year": day.year, "month": day.month, "day": day.day}
    return {f"{name}-{part}": str(value) for part, value in parts.items()} | {f"{name}_time": at}


@pytest.fixture
def arrange(begun: int, client_for: Callable[..., Client]) -> Callable[..., Any]:
    """``arrange("luhao", "propose", **posted(2))``: give a command about the visit; the case's page follows."""

    def post(who: str, do: str, *, node: str = "", number: int = 0, **given: Any) -> Any:
        case = number or begun
        visit = JointVisit.objects.filter(case=case).order_by("-number").first()
        more = {"time": visit.times if visit else 0, "minutes": "60"}
        if node:
            more |= {"task": Task.objects.get(case=case, node=node).no}
        return client_for(who).post(f"/desk/cases/{case}/visit/{do}", more | given, follow=True)

    return post


@pytest.fixture
def agreed(begun: int, arrange: Any) -> JointVisit:
    """All four have said yes, each for itself."""
    arrange("luhao", "propose", **posted(2))
    for node, who in OFFICERS.items():
        if who != "luhao":
            arrange(who, "answer", node=node, said="yes", officer=User.objects.get(username=who).pk)
    return JointVisit.objects.get()


def _kinds(number: int) -> list[str]:
    return [event.kind for event in get_history(case=number)]


def _jpeg() -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(buffer, "JPEG")
    buffer.seek(0)
    buffer.name = "photo.jpg"
    return buffer


@pytest.fixture
def record(begun: int, client_for: Callable[..., Client]) -> Callable[..., Any]:
    """An officer hands in their department's part, as a plain form does."""

    def post(node: str, who: str = "", **changes: Any) -> Any:
        task = Task.objects.get(case=begun, node=node)
        page = client_for(who or OFFICERS[node]).get(f"/field/tasks/{begun:016d}/{task.no}/")
        digest = page.context["visit"].checklist.digest if page.status_code == 200 else ""
        data = {"key": str(uuid4()), "checklist": digest, "result": "pass", "statement": "看过了。"}
        data |= {"signing": "absent", "signing_words": "店员不在。"} | FOUND[node] | changes
        client = client_for(who or OFFICERS[node])
        return client.post(f"/field/tasks/{begun:016d}/{task.no}/", data)

    return post


@pytest.fixture
def on_the_day(agreed: JointVisit) -> JointVisit:
    """The day has come: the visit began an hour ago."""
    now = timezone.now()
    JointVisit.objects.update(starts_at=now - timedelta(hours=1), ends_at=now)
    return JointVisit.objects.get()


def test_it_works(begun: int, on_the_day: JointVisit, record: Any, act: Any, client_for: Callable[..., Client]) -> None:
    """One time, one visit, one record; what was found is before all of them, and then each gives its opinion."""
    assert [row.visit.number for row in JointPart.objects.select_related("visit")] == [on_the_day.number] * 4
    assert not Case.objects.get(pk=begun).paused, "the law names no clock that stands still for it"
    later = {f"rectify_by-{part}": value for part, value in zip(("year", "month", "day"), _in_a_week(), strict=True)}
    for node in OFFICERS:
        assert Task.objects.get(case=begun, node=node).finished is None
        (part,) = [p for p in client_for(OFFICERS[node]).get("/field/").context["parts"] if p.lines]
        assert any(line.together for line in part.lines), node
        wrong = {"result": "rectify", "p-trap_in_use": _jpeg(), **later} if node == "opinion_building" else {}
        assert record(node, **wrong).status_code == 302, node
    assert _kinds(begun)[-2:] == ["inspection.recorded", "visit.held"]
    held = get_history(case=begun)[-1]
    assert held.data["results"]["housing-construction"] == "rectify"
    assert held.data["absent"] == []
    for who in ("tanglei", "luqing"):
        page = client_for(who).get(f"/desk/cases/{begun}/").text
        assert "The one record of the visit" in page, who
        whole = client_for(who).get(f"/field/together/{on_the_day.number}/")
        assert [part["result"] for part in whole.context["parts"]].count("To be put right") == 1
    paper = client_for("luhao").get(f"/field/together/{on_the_day.number}/paper")
    assert paper.content.startswith(b"%PDF")
    for node, who in OFFICERS.items():
        act(begun, "complete", by=who, node=node, outcome="pass", opinion="Seen together.")
    following = client_for("linxiaomei").get(f"/cases/{begun}/").text
    assert following.count("The departments were there together") == 1
    assert "Somebody was there and had a look" not in following, "it was one visit"


def _in_a_week() -> tuple[int, int, int]:
    day = timezone.localdate() + timedelta(days=7)
    return day.year, day.month, day.day


def test_the_applicant_is_told_once(
    begun: int, agreed: JointVisit, client_for: Callable[..., Client], follow_log: Callable[[str], None]
) -> None:
    follow_log("notices")
    follow_log("visitors")
    assert agreed.state == "fixed"
    assert _kinds(begun).count("visit.fixed") == 1
    told = Notice.objects.filter(kind="visit_fixed")
    who = list(told.values_list("person__user__username", flat=True))
    assert sorted(who) == ["linxiaomei", "zhoumin"], "each who acts for the company, once"
    assert set(Notice.objects.filter(kind="desk_visit_fixed").values_list("person__user__username", flat=True)) == {
        *("chenli", "luhao", "tanglei"),  # who said yes last has fixed it
    }
    client = client_for("linxiaomei")
    page = client.get(f"/cases/{begun}/").text
    assert "The departments come to you, once" in page
    calendar = client.get(f"/cases/{begun}/visit.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{agreed.starts_at:%Y%m%dT%H%M%SZ}" in calendar.text
    assert "STATUS:CONFIRMED" in calendar.text


def test_another_day_once(begun: int, agreed: JointVisit, arrange: Any, client_for: Callable[..., Client]) -> None:
    client = client_for("linxiaomei")
    url = f"/cases/{begun}/visit/other-day"
    assert "You asked for another day" in client.post(url, {"wish": "周四下午可以。"}, follow=True).text
    row = JointVisit.objects.get()
    assert row.state == "asked"
    assert "周四" not in row.wish_sealed, "what they write is sealed"
    assert "周四" not in str(get_history(case=begun)[-1].data), "and not in the log"
    assert "STATUS:CANCELLED" in client.get(f"/cases/{begun}/visit.ics").text
    assert "周四下午可以。" in client_for("tanglei").get(f"/desk/cases/{begun}/").text
    arrange("tanglei", "propose", **posted(3, at="14:00"))
    for node, who in OFFICERS.items():
        if who != "tanglei":
            arrange(who, "answer", node=node, said="yes", officer=User.objects.get(username=who).pk)
    row = JointVisit.objects.get()
    assert (row.state, row.fixed_times) == ("fixed", 2)
    again = client.post(url, {"wish": "还是不行。"}, follow=True)
    assert "Another day can be asked for once" in again.text
    assert JointVisit.objects.get().state == "fixed"


def test_who_cannot_says_when_and_who_need_not_stays_away(
    begun: int, arrange: Any, follow_log: Callable[[str], None]
) -> None:
    arrange("luhao", "propose", **posted(1))
    arrange("tanglei", "answer", node="opinion_sign", said="no_need")
    cannot = arrange("fangting", "answer", node="opinion_building", said="other", **posted(2, "other", "14:30"))
    assert "not then; it could on" in cannot.text
    follow_log("visits")
    assert Notice.objects.filter(kind="desk_visit_cannot", person__user__username="luhao").count() == 1
    asked = set(Notice.objects.filter(kind="desk_visit_proposed").values_list("person__user__username", flat=True))
    assert asked == {"chenli", "huangyan"}, "whoever has answered meanwhile need not be told"
    arrange("luhao", "propose", **posted(2, at="14:30"))
    follow_log("visits")
    asked = set(Notice.objects.filter(kind="desk_visit_proposed").values_list("person__user__username", flat=True))
    assert {"chenli", "fangting"} <= asked
    assert "tanglei" not in asked
    said = dict(JointPart.objects.values_list("department", "answer"))
    assert said["urban-management"] == "no_need", "that stays said"
    assert "visit.fixed" not in _kinds(begun)
    arrange("fangting", "answer", node="opinion_building", said="yes", officer=User.objects.get(username="fangting").pk)
    arrange("luhao", "fix")  # food has said nothing
    assert get_history(case=begun)[-1].data["departments"] == ["fire-rescue", "housing-construction"]
    assert dict(JointPart.objects.values_list("department", "answer"))["market-regulation"] == "left_out"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (posted, "By then the time of a department for its opinion is over"),
        (
            lambda _n: {"visit-year": "2026", "visit-month": "2", "visit-day": "30", "visit_time": "10:00"},
            "office hours",
        ),
        (lambda _n: posted(1, at="12:30"), "office hours"),
        (lambda _n: posted(0), "office hours"),
    ],
)
def test_what_no_visit_can_be_at(begun: int, arrange: Any, given: Any, words: str) -> None:
    assert words in arrange("luhao", "propose", **given(12)).text
    assert not JointVisit.objects.exists()


def test_a_proposal_is_answered_as_it_is(begun: int, agreed: JointVisit, arrange: Any) -> None:
    """Two at once propose one visit; a time that is fixed is not answered any more; only a colleague can be named."""
    assert "There is a joint visit already" in arrange("tanglei", "propose", **posted(2)).text
    late = arrange("chenli", "answer", node="opinion_food", said="no_need")
    assert "does not stand any more" in late.text
    off = arrange("chenli", "call_off", reason="台风停业。")
    assert _kinds(begun)[-1] == "visit.called_off"
    assert "There is no visit" in off.text
    arrange("chenli", "propose", **posted(2))
    other = arrange("luhao", "answer", node="opinion_fire", said="yes", officer=User.objects.get(username="chenli").pk)
    assert "Whoever goes there must be able" in other.text


def test_silence_is_silence_also_with_a_visit(begun: int, on_the_day: JointVisit, record: Any) -> None:
    """A department whose time is over has lost its step: what it found is kept, and stands beside the case."""
    fire_due_timers(at=Task.objects.get(case=begun, node="opinion_fire").due + timedelta(seconds=1))
    assert Task.objects.get(case=begun, node="opinion_fire").outcome == "silent"
    answer = record("opinion_fire")
    row = Inspection.objects.get()
    assert (row.state, row.conflict) == ("kept", "step-done")
    assert answer["Location"] == f"/field/records/{row.key}/"


def test_nothing_is_recorded_before_the_day(agreed: JointVisit, record: Any) -> None:
    assert record("opinion_food").status_code == 422
    assert not Inspection.objects.filter(state="recorded").exists()


def test_it_is_closed_without_who_did_not_come(begun: int, on_the_day: JointVisit, record: Any, arrange: Any) -> None:
    record("opinion_food")
    page = arrange("chenli", "close")
    assert "The visit was made" in page.text
    assert get_history(case=begun)[-1].data["absent"] == ["fire-rescue", "housing-construction", "urban-management"]
    assert "it is made once" in arrange("chenli", "propose", **posted(2)).text


def test_whose_it_is_not(begun: int, agreed: JointVisit, client_for: Callable[..., Client], arrange: Any) -> None:
    """The applicant and strangers arrange nothing; officials without a step neither; no step opens without a visit."""
    for who, code in (("dongjie", 404), ("linxiaomei", 403), ("", 302)):
        assert client_for(who).post(f"/desk/cases/{begun}/visit/call_off", {"reason": "x"}).status_code == code, who
        assert client_for(who).get(f"/field/together/{agreed.number}/").status_code == code, who
    for who, code in (("zhaoguoan", 404), ("", 302)):
        assert client_for(who).get(f"/cases/{begun}/visit.ics").status_code == code
        assert client_for(who).post(f"/cases/{begun}/visit/other-day").status_code == code
    assert "does not stand any more" in arrange("wangqian", "call_off", reason="x").text
    assert JointVisit.objects.get().state == "fixed"
    food = Task.objects.get(case=begun, node="opinion_food")
    JointVisit.objects.update(state="off")
    assert client_for("chenli").get(f"/field/tasks/{begun:016d}/{food.no}/").status_code == 404


def test_the_lists_do_not_ask_more_with_more(
    begun: int, agreed: JointVisit, client_for: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_for("luhao")
    client.get("/field/")
    with django_assert_max_num_queries(9):
        client.get("/field/")
    assert isinstance(agreed.starts_at, datetime)
