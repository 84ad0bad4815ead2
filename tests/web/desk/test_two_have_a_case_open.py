"""Two officers with a step to do in one case see each other for some minutes, and nobody else sees either."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.consequences import get_work
from tongban.apps.cases.models import Task
from tongban.apps.desks.models import Present
from tongban.apps.desks.services import come_in, sweep_present

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client_for: Any) -> Any:
    """Open a case; who else has it open, as the page says it."""
    return lambda who, number: client_for(who).get(f"/desk/cases/{number}/").context["others"]


def test_it_works(at_step: Any, look: Any, client_for: Any) -> None:
    number = at_step("handle")
    assert look("chenli", number) == []
    since = f"{timezone.localtime(Present.objects.get().since):%H:%M}"
    assert look("huangyan", number) == [f"Chen Li has had this case open since {since}."]
    assert "Huang Yan has had this case open since" in client_for("chenli").get(f"/desk/cases/{number}/").text


def test_not_in_another_case(at_step: Any, look: Any) -> None:
    look("chenli", at_step("handle"))
    assert look("huangyan", at_step("handle")) == []


def test_departments_of_a_joint_review_see_each_other(joint: int, look: Any) -> None:
    look("chenli", joint)
    assert len(look("luhao", joint)) == 1


def test_it_passes(at_step: Any, actor_for: Any) -> None:
    number, began = at_step("handle"), timezone.now()

    def come(who: str, minutes: float) -> list[str]:
        at = began + timedelta(minutes=minutes)
        return [row.name[1] for row in come_in(work=get_work(number=number, actor=actor_for(who), at=at), at=at)]

    assert come("chenli", 0) == []
    assert come("huangyan", 9) == ["Chen Li"]
    assert come("huangyan", 10) == []
    assert come("chenli", 12) == ["Huang Yan"]
    row = Present.objects.get(user__username="chenli")
    assert row.since == began + timedelta(minutes=12)  # whoever was gone has come anew
    assert Present.objects.get(user__username="huangyan").since == began + timedelta(minutes=9)


def test_whoever_is_gone_is_forgotten(at_step: Any, look: Any) -> None:
    look("chenli", at_step("handle"))
    assert sweep_present(at=timezone.now() + timedelta(minutes=9)) == 0
    assert sweep_present(at=timezone.now() + timedelta(minutes=11)) == 1


def test_who_has_nothing_to_do_there_is_neither_noted_nor_told(at_step: Any, look: Any, client_for: Any) -> None:
    number = at_step("decide")
    look("hejun", number)
    for who in ("chenli", "liangchen"):  # the handler, whose steps are done, and supervision
        assert look(who, number) == []
    assert look("hejun", number) == []
    assert "open since" not in client_for("linxiaomei").get(f"/cases/{number}/").text
    assert list(Present.objects.values_list("user__username", flat=True)) == ["hejun"]


def test_strangers_leave_no_trace(at_step: Any, client_for: Any) -> None:
    number = at_step("handle")
    for who in ("songwei", "linxiaomei", ""):
        assert client_for(who).get(f"/desk/cases/{number}/").status_code in (302, 403, 404)
    assert not Present.objects.exists()


def test_who_submits_second_is_told_and_loses_nothing(at_step: Any, look: Any, give: Any) -> None:
    number = at_step("handle")
    task = Task.objects.get(case=number, node="handle").no
    look("chenli", number)
    assert len(look("huangyan", number)) == 1
    give("chenli", number, "complete", outcome="pass", opinion="Seen.")
    late = give("huangyan", number, "complete", task=task, outcome="fail", opinion="My own careful words.")
    assert late.status_code == 409
    assert "Chen Li got there first" in late.text
    assert "My own careful words." in late.text


def test_as_many_queries_with_ten_as_with_one(
    at_step: Any, client_for: Any, user_for: Any, django_assert_max_num_queries: Any
) -> None:
    from tongban.apps.people.models import User

    number, now = at_step("handle"), timezone.now()
    browser = client_for("chenli")
    browser.get(f"/desk/cases/{number}/")
    with django_assert_max_num_queries(200) as one:
        browser.get(f"/desk/cases/{number}/")
    alone = len(one)
    others = User.objects.exclude(username="chenli")[:10]
    Present.objects.bulk_create(Present(case_id=number, user=each, since=now, seen_at=now) for each in others)
    with django_assert_max_num_queries(alone):
        assert len(browser.get(f"/desk/cases/{number}/").context["others"]) == 10
