"""A resident takes a case back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    client = client_for("linxiaomei")
    assert "It cannot be reopened" in client.get(f"/cases/{number}/withdraw/").text
    assert Case.objects.get(pk=number).status == "received"
    response = client.post(f"/cases/{number}/withdraw/", {"reason": "I found another shop."}, follow=True)
    assert "You have taken it back" in response.text
    assert Case.objects.get(pk=number).status == "withdrawn"


def test_twice_is_no_fault(client_for: Callable[..., Client], file_case: Any) -> None:
    number = file_case()
    client = client_for("linxiaomei")
    client.post(f"/cases/{number}/withdraw/")
    assert "can no longer be taken back" in client.post(f"/cases/{number}/withdraw/").text


def test_after_the_decision_it_is_too_late(client_for: Callable[..., Client], granted: Any) -> None:
    number = granted()
    response = client_for("linxiaomei").post(f"/cases/{number}/withdraw/")
    assert "can no longer be taken back" in response.text
    assert Case.objects.get(pk=number).outcome == "granted"


@pytest.mark.parametrize("who", ["wuxiaochuan", "chenli"])
def test_nobody_else_can(client_for: Callable[..., Client], file_case: Any, who: str) -> None:
    number = file_case()
    assert client_for(who).post(f"/cases/{number}/withdraw/").status_code == 404
    assert Case.objects.get(pk=number).status == "received"
