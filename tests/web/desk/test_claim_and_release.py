"""Taking a step on, so that nobody works on it unknowingly, and putting it back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Task

pytestmark = pytest.mark.django_db


def _holder(number: int) -> str:
    task = Task.objects.select_related("claimed_by").get(case=number, finished=None)
    return task.claimed_by.username if task.claimed_by else ""


def test_it_works(give: Any, file_case: Any) -> None:
    number = file_case()
    assert give("wangqian", number, "claim")["Location"] == f"/desk/cases/{number}/"
    assert _holder(number) == "wangqian"
    give("wangqian", number, "release")
    assert _holder(number) == ""


def test_from_the_list_back_to_the_list(give: Any, file_case: Any) -> None:
    number = file_case()
    assert give("wangqian", number, "claim", next="/desk/?group=free")["Location"] == "/desk/?group=free"
    assert give("wangqian", number, "release", next="//evil.example/desk/")["Location"] == f"/desk/cases/{number}/"


def test_a_colleague_is_told_who_has_it(give: Any, file_case: Any, client_for: Callable[..., Client]) -> None:
    number = file_case()
    give("wangqian", number, "claim")
    refused = give("sunbei", number, "claim")
    assert refused.status_code == 409
    assert "Wang Qian has this step" in refused.text
    page = client_for("sunbei").get(f"/desk/cases/{number}/")
    assert "Someone else has it" in page.text
    assert page.context["steps"][0]["main"] == []
    assert _holder(number) == "wangqian"


def test_a_colleague_does_not_put_it_back_for_me(give: Any, file_case: Any) -> None:
    number = file_case()
    give("wangqian", number, "claim")
    assert give("sunbei", number, "release").status_code == 409
    assert _holder(number) == "wangqian"


def test_stranger_owner_and_nobody(give: Any, file_case: Any, client_for: Any) -> None:
    number = file_case()
    assert give("caiyi", number, "claim").status_code == 404
    assert give("linxiaomei", number, "claim").status_code == 403
    assert give("", number, "claim")["Location"].startswith("/account/login/")
    assert _holder(number) == ""


def test_another_role_is_told_that_it_is_not_theirs(give: Any, file_case: Any) -> None:
    number = file_case()
    refused = give("chenli", number, "claim")
    assert refused.status_code == 409
    assert "not yours to take" in refused.text
    assert _holder(number) == ""
