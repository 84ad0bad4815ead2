"""Several departments on one case: who reads what of the others, what silence counts as, and who settles it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task, Timer
from tongban.apps.cases.queries import get_case
from tongban.kernel.flow import Refused

pytestmark = pytest.mark.django_db
OFFICERS = {"food": "chenli", "fire": "luhao", "sign": "tanglei", "building": "fangting"}


@pytest.fixture
def begun(file_case: Any, act: Any) -> int:
    """Opening a restaurant, accepted: four departments have it on their desks."""
    number: int = file_case(
        matter="restaurant-opening", username="linxiaomei", applicant="organisation:91361700MA00001A5K"
    )
    act(number, "accept", by="wangqian")
    return number


@pytest.fixture
def says(begun: int, act: Any) -> Callable[..., None]:
    """A department gives its opinion."""

    def say(what: str, outcome: str = "pass") -> None:
        act(begun, "complete", by=OFFICERS[what], node=f"opinion_{what}", outcome=outcome, opinion=f"SAID-{what}")

    return say


def silence(number: int) -> datetime:
    """The clock runs out for everybody who has not answered."""
    at = max(Timer.objects.filter(case=number).values_list("due", flat=True)) + timedelta(seconds=1)
    services.fire_due_timers(at=at)
    return at


def words(client_for: Callable[..., Client], who: str, number: int) -> str:
    return client_for(who).get(f"/desk/cases/{number}/").content.decode()


def test_nobody_reads_the_others_before_all_have_said_theirs(
    begun: int, says: Callable[..., None], client_for: Callable[..., Client]
) -> None:
    says("fire", "fail")
    assert "SAID-fire" in words(client_for, "luhao", begun)
    for who in ("tanglei", "fangting", "chenli", "hejun"):
        page = words(client_for, who, begun)
        assert "SAID-fire" not in page, who
        assert "given; not to be read by you now" in page
    for who in ("luqing", "liangchen"):  # who settles it, and supervision
        assert "SAID-fire" in words(client_for, who, begun), who
    for what in ("sign", "building", "food"):
        says(what)
    assert "SAID-fire" in words(client_for, "tanglei", begun)


def test_what_is_kept_back_is_in_nothing_that_a_query_gives(
    begun: int, says: Callable[..., None], actor_for: Callable[[str], Any]
) -> None:
    says("fire", "fail")
    now = timezone.now()
    readers = [get_case(number=begun, actor=actor_for(who), at=now) for who in ("tanglei", "hejun", "linxiaomei")]
    for view in readers:
        assert "SAID-fire" not in repr((view.tasks, view.timeline))
        (step,) = [task for task in view.tasks if task.node == "opinion_fire"]
        assert (step.outcome, step.withheld) == ("", True)
        assert step.finished is not None, "that it has answered is for all to see"
    assert Task.objects.get(case=begun, node="opinion_fire").outcome == "fail"


def test_an_objection_is_settled_before_a_grant(begun: int, says: Callable[..., None], act: Any) -> None:
    for what in OFFICERS:
        says(what, "fail" if what == "building" else "pass")
    (open_step,) = Task.objects.filter(case=begun, finished=None)
    assert (open_step.node, open_step.department) == ("settle", "government-office")
    act(begun, "complete", by="luqing", node="settle", outcome="fail", opinion="The objection stands.")
    with pytest.raises(Refused, match=r"decide\.opposed"):
        act(begun, "decide", by="hejun", node="decide", outcome="granted", reason="All the same.")
    act(begun, "decide", by="hejun", node="decide", outcome="denied", reason="No drain.")


def test_silence_counts_as_the_diagram_says_and_is_told(
    begun: int, says: Callable[..., None], act: Any, client_for: Callable[..., Client]
) -> None:
    for what in ("food", "building"):
        says(what)
    at = silence(begun)
    came = dict(Task.objects.filter(case=begun, node__startswith="opinion").values_list("node", "outcome"))
    assert (came["opinion_fire"], came["opinion_sign"]) == ("silent", "silent_agreed")
    (open_step,) = Task.objects.filter(case=begun, finished=None)
    assert open_step.node == "settle"
    page = words(client_for, "luqing", begun)
    assert "no answer in time: counts as agreed" in page
    following = client_for("linxiaomei").get(f"/cases/{begun}/").content.decode()
    assert "has not answered in time; it is being looked into" in following
    act(begun, "complete", by="luqing", node="settle", outcome="pass", opinion="Seen.", at=at)
    act(begun, "decide", by="hejun", node="decide", outcome="granted", reason="", at=at)
    assert Case.objects.get(pk=begun).outcome == "granted"
