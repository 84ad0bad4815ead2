"""Officials are told at their desk what has come to them: given, returned, answered, near its limit, stood in for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.cases.services import fire_due_timers
from tongban.apps.channels.models import Delivery, Notice
from tongban.apps.channels.services import ask_sources, choose_at_desk
from tongban.apps.people.models import StandIn
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_desk(actor_for: Callable[[str], Any]) -> Callable[[str], list[str]]:
    """What somebody has been told as an official, oldest first."""

    def kinds(username: str) -> list[str]:
        rows = Notice.objects.filter(person=actor_for(username).person_id, desk=True)
        return list(rows.order_by("at", "pk").values_list("kind", flat=True))

    return kinds


def test_a_step_given_and_one_returned(
    file_case: Any, act: Any, actor_for: Any, catch_up: Callable[..., int], at_desk: Callable[[str], list[str]]
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    huang = f"user:{actor_for('huangyan').user_id}"
    act(number, "delegate", by="chenli", node="handle", to=huang, reason="Away today.")
    act(number, "recall", by="chenli", node="handle")
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.")
    act(number, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.")
    catch_up()
    assert at_desk("huangyan") == ["desk_assigned"]
    notice = Notice.objects.get(kind="desk_assigned")
    assert notice.params["who"]["en"] == "Chen Li"
    assert notice.case == number
    catch_up()
    assert at_desk("huangyan") == ["desk_assigned"]
    assert at_desk("chenli") == []


def test_an_answer_is_told_to_who_asked(
    file_case: Any, act: Any, actor_for: Any, catch_up: Callable[..., int], at_desk: Callable[[str], list[str]]
) -> None:
    from tongban.apps.cases.services import answer_supplement

    number = file_case()
    asked = {"items": ["房东同意书"], "note": "", "within": Limit.parse("5 working days")}
    act(number, "request_supplement", by="wangqian", **asked)
    answer_supplement(number=number, answers={}, materials={}, actor=actor_for("linxiaomei"), at=timezone.now())
    catch_up()
    assert at_desk("wangqian") == ["desk_answered"]
    assert at_desk("sunbei") == []


def test_a_limit_that_is_near_is_told_once(file_case: Any, act: Any, at_desk: Callable[[str], list[str]]) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "claim", by="chenli", node="handle")
    ask_sources(at=timezone.now() - timedelta(days=30))
    assert at_desk("chenli") == []
    due = Task.objects.get(case=number, node="handle").due
    for _ in range(2):
        ask_sources(at=due - timedelta(hours=1))
    assert at_desk("chenli") == ["desk_limit"]


def test_a_stand_in_is_told_as_it_begins(user_for: Any, at_desk: Callable[[str], list[str]]) -> None:
    today = timezone.localdate()
    row = {"absent": user_for("chenli"), "stand_in": user_for("huangyan"), "given_by": user_for("hejun")}
    StandIn.objects.create(
        **row, since=today + timedelta(days=1), until=today + timedelta(days=5), given_at=timezone.now()
    )
    ask_sources(at=timezone.now())
    assert at_desk("huangyan") == []
    ask_sources(at=timezone.now() + timedelta(days=1))
    ask_sources(at=timezone.now() + timedelta(days=2))
    assert at_desk("huangyan") == ["desk_stand_in"]


def test_what_is_switched_off_is_not_told_and_nothing_goes_out_unasked(
    file_case: Any, act: Any, actor_for: Any, at_desk: Callable[[str], list[str]]
) -> None:
    person = actor_for("chenli").person_id
    choose_at_desk(person_id=person, inbox=["work"], chosen={})
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "claim", by="chenli", node="handle")
    due = Task.objects.get(case=number, node="handle").due
    ask_sources(at=due)
    assert at_desk("chenli") == []
    choose_at_desk(person_id=person, inbox=["work", "limits"], chosen={})
    ask_sources(at=due)
    assert at_desk("chenli") == ["desk_limit"]
    assert not Delivery.objects.filter(notice__desk=True).exists()


def test_a_paper_that_was_to_follow(
    file_case: Any,
    act: Any,
    client_for: Any,
    a_photo: Any,
    catch_up: Callable[..., int],
    at_desk: Callable[[str], list[str]],
) -> None:
    """Who has the case hears that it has not come in time, and that it has come after all; the applicant too."""
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    then = timezone.now() - timedelta(days=40)
    number = file_case(matter="student-aid", at=then, **hard)
    act(number, "accept", by="wangqian", at=then + timedelta(hours=1))
    act(number, "claim", by="luojing", at=then + timedelta(hours=2))
    fire_due_timers(at=timezone.now())
    catch_up()
    assert at_desk("luojing") == ["desk_material_late"]
    assert Notice.objects.filter(kind="material_late", case=number).count() == 1
    client_for("linxiaomei").post(f"/cases/{number}/papers/", {"file-hardship_proof": a_photo()})
    catch_up()
    assert at_desk("luojing") == ["desk_material_late", "desk_material_in"]
