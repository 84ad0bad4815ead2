"""The hotline says whose a complaint is; that department has it from then on, and may be relieved of it."""

from typing import Any

import pytest

from tongban.apps.cases.models import Case, Task

pytestmark = pytest.mark.django_db

WHY = "The stalls are theirs."


@pytest.fixture
def complaint(file_case: Any) -> int:
    """A noise complaint that waits to be dispatched."""
    number: int = file_case(matter="noise-complaint")
    return number


def test_it_works(give: Any, complaint: int, client_for: Any) -> None:
    asked = give("xuhong", complaint, "dispatch", department="urban-management", reason=WHY)
    assert "Dispatch it there?" in asked.text
    assert "Urban Management" in asked.text
    assert Case.objects.get(pk=complaint).authority_id == "ecology-environment"
    done = give("xuhong", complaint, "dispatch", department="urban-management", reason=WHY, confirmed="yes")
    assert done.status_code == 302
    give("xuhong", complaint, "accept")
    assert Task.objects.get(case=complaint, finished=None).department == "urban-management"
    page = client_for("tanglei").get(f"/desk/cases/{complaint}/").text
    assert "Dispatched" in page
    assert WHY in page
    assert str(complaint) in client_for("tanglei").get("/desk/").text.replace(" ", "")
    assert str(complaint) not in client_for("fupeng").get("/desk/").text.replace(" ", "")


def test_to_another_department_a_reason_is_owed(give: Any, complaint: int) -> None:
    give("xuhong", complaint, "dispatch", department="urban-management", confirmed="yes")
    page = give("xuhong", complaint, "dispatch", department="transport", confirmed="yes")
    assert page.status_code == 422
    assert give("xuhong", complaint, "dispatch", department="transport", reason=WHY, confirmed="yes").status_code == 302
    assert Case.objects.get(pk=complaint).authority_id == "transport"


@pytest.mark.parametrize("department", ["", "nowhere"])
def test_only_to_where_somebody_can_take_it_up(give: Any, complaint: int, department: str) -> None:
    page = give("xuhong", complaint, "dispatch", department=department, reason=WHY, confirmed="yes")
    assert page.status_code == 422
    assert Case.objects.get(pk=complaint).authority_id == "ecology-environment"


@pytest.mark.parametrize(("who", "status"), [("fupeng", 409), ("chenli", 404), ("linxiaomei", 403)])
def test_not_by_others(give: Any, complaint: int, who: str, status: int) -> None:
    page = give(who, complaint, "dispatch", department="urban-management", reason=WHY, confirmed="yes")
    assert page.status_code == status
    assert Case.objects.get(pk=complaint).authority_id == "ecology-environment"


def test_where_nothing_is_dispatched_nothing_offers_it(at_step: Any, give: Any, client_for: Any) -> None:
    number = at_step("accept")
    assert "Dispatch it" not in client_for("wangqian").get(f"/desk/cases/{number}/").text
    assert give("wangqian", number, "dispatch", department="transport", confirmed="yes").status_code == 409
