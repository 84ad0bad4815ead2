"""A special procedure that takes longer than the applicant was told: on record by the clock, and seen by who must."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tongban.apps.cases import services
from tongban.apps.cases.models import Case
from tongban.apps.cases.queries import get_case, list_overdue_procedures
from tongban.kernel.clock import Limit
from tongban.kernel.flow import Refused

pytestmark = pytest.mark.django_db
BEGUN = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


@pytest.fixture
def handled(file_case: Any, act: Any) -> int:
    number: int = file_case(at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    act(number, "accept", by="wangqian", at=BEGUN)
    return number


def suspend(act: Any, number: int, procedure: str, limit: str = "") -> None:
    given = {"procedure": procedure, "reason": "It needs a look.", "limit": Limit.parse(limit) if limit else None}
    act(number, "suspend", by="chenli", at=BEGUN, **given)


def test_it_works(handled: int, act: Any, actor_for: Callable[[str], Any]) -> None:
    suspend(act, handled, "hearing", "5 working days")
    due = Case.objects.get(pk=handled).procedure_due
    assert due is not None
    assert due.astimezone(UTC).date().isoformat() == "2026-03-10"
    assert list_overdue_procedures(at=BEGUN) == []
    assert services.fire_due_timers(at=LATER) == 1
    view = get_case(number=handled, actor=actor_for("linxiaomei"), at=LATER)
    assert view.history[-1].data["overdue"] == "hearing"
    assert [row.number for row in list_overdue_procedures(at=LATER)] == [handled]
    assert services.fire_due_timers(at=LATER) == 0  # once is enough
    services.resume(number=handled, actor=actor_for("chenli"), at=LATER)
    assert list_overdue_procedures(at=LATER) == []
    assert Case.objects.get(pk=handled).procedure_due is None


def test_the_matters_own_limit_holds_where_the_officer_gives_none(handled: int, act: Any) -> None:
    suspend(act, handled, "inspection")
    due = Case.objects.get(pk=handled).procedure_due
    assert due is not None
    assert due.astimezone(UTC).date().isoformat() == "2026-03-10"  # five working days, as the matter says


def test_without_either_it_is_refused(handled: int, act: Any) -> None:
    with pytest.raises(Refused) as refused:
        suspend(act, handled, "expert_review")
    assert refused.value.code == "suspend.no-limit"
    assert Case.objects.get(pk=handled).status == "accepted"


def test_a_step_of_the_process_that_is_one_counts_alike(handled: int, act: Any) -> None:
    act(handled, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.", at=BEGUN)
    assert Case.objects.get(pk=handled).procedure_due is not None
    assert services.fire_due_timers(at=LATER) == 1
    assert [row.number for row in list_overdue_procedures(at=LATER, departments=["market-regulation"])] == [handled]
    assert list_overdue_procedures(at=LATER, departments=["fire-rescue"]) == []
    act(handled, "complete", by="chenli", node="inspect", outcome="pass", opinion="In order.", at=LATER)
    assert list_overdue_procedures(at=LATER) == []
