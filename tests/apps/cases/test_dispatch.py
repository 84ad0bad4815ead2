"""A complaint is dispatched to the department whose it is, and is that department's from then on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.errors import NotYours, UnfitPerson, UnknownCase
from tongban.apps.cases.models import Case, Task
from tongban.kernel import flow
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db

THEIRS = "urban-management"


@pytest.fixture
def complaint(file_case: Any) -> int:
    """A noise complaint that the hotline has not dispatched."""
    number: int = file_case(matter="noise-complaint")
    return number


def dispatch(number: int, by: Any, department: str = THEIRS, **more: Any) -> None:
    task = Task.objects.filter(case=number).latest("no").no
    services.dispatch(
        **{"number": number, "task": task, "department": department, "reason": "", "actor": by, "at": timezone.now()}
        | more
    )


def test_its_steps_lists_and_readers_follow(
    complaint: int, act: Any, actor_for: Callable[[str], Any], client_for: Callable[[str], Client]
) -> None:
    theirs, ours = client_for("tanglei"), client_for("fupeng")
    page = f"/desk/cases/{complaint}/"
    assert (theirs.get(page).status_code, ours.get(page).status_code) == (404, 200)
    dispatch(complaint, actor_for("xuhong"))
    act(complaint, "accept", by="xuhong")
    case = Case.objects.get(pk=complaint)
    assert case.authority_id == THEIRS
    assert Task.objects.get(case=complaint, finished=None).department == THEIRS
    assert (theirs.get(page).status_code, ours.get(page).status_code) == (200, 404)
    assert "Dispatched" in theirs.get(page).content.decode()
    act(complaint, "complete", by="tanglei", node="contact", outcome="pass", opinion="Called.")
    with pytest.raises(UnknownCase):
        act(complaint, "complete", by="fupeng", node="visit", outcome="pass", opinion="Seen.")


def test_the_day_by_which_it_is_answered_comes_with_it(complaint: int, act: Any, actor_for: Any) -> None:
    urgent = Limit.parse("24 hours")
    dispatch(complaint, actor_for("xuhong"), limits=flow.Limits(urgent, urgent))
    act(complaint, "accept", by="xuhong")
    case = Case.objects.get(pk=complaint)
    assert case.accepted_at is not None
    assert case.statutory_due is not None
    assert (case.statutory_due - case.accepted_at).total_seconds() == 24 * 3600
    with pytest.raises(flow.Refused, match=r"dispatch\.not-here"):
        dispatch(complaint, actor_for("tanglei"), department="transport", reason="not ours")


def test_only_whose_step_it_is_dispatches_and_only_to_where_somebody_is(complaint: int, actor_for: Any) -> None:
    with pytest.raises(NotYours):
        dispatch(complaint, actor_for("fupeng"))
    with pytest.raises(UnfitPerson):
        dispatch(complaint, actor_for("xuhong"), department="nowhere")
    assert Case.objects.get(pk=complaint).authority_id == "ecology-environment"
