"""Somebody has left: no password works, no browser stays signed in, no role is kept, and what they did stays."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tongban.apps.cases.models import Task
from tongban.apps.people.models import Membership, User

pytestmark = pytest.mark.django_db


def end(username: str) -> str:
    out = StringIO()
    call_command("end_account", username, stdout=out)
    return out.getvalue()


def test_it_works(client_for: Callable[..., Client], user_for: Callable[[str], Any], file_case: Any, act: Any) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    act(number, "claim", by="chenli", node="handle")
    client, colleague = client_for("chenli"), client_for("hejun")
    assert client.get("/desk/").status_code == 200
    told = end("chenli")
    assert "1 browsers signed out, 1 roles given up" in told
    assert "still claimed: case" in told
    assert client.get("/desk/").status_code == 302
    assert colleague.get("/desk/").status_code == 200
    user = User.objects.get(username="chenli")
    assert not user.is_active
    assert not user.has_usable_password()
    assert not Membership.objects.filter(user=user).exists()
    assert Task.objects.get(case=number, node="handle").claimed_by_id == user.pk  # what was done stays


def test_ended_again_nothing_changes(city: Any) -> None:
    end("chenli")
    assert "0 browsers signed out, 0 roles given up" in end("chenli")


def test_a_name_that_nobody_has(city: Any) -> None:
    with pytest.raises(CommandError, match="Nobody signs in"):
        end("nobody")
