"""Whoever decides in a department sees what rules decided there alone, and what nobody had asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases import queries
from tongban.apps.cases.models import Case

pytestmark = pytest.mark.django_db
PAGE, DECIDER, ELSEWHERE = "/desk/by-rule/", "denghua", "hejun"


@pytest.fixture
def ruled(file_case: Any) -> list[int]:
    """Three senior cards, the first of them granted without asking; the last is the latest."""
    now = timezone.now()
    numbers = [
        file_case(matter="senior-card", birth_date="1950-03-11", at=now - timedelta(hours=9 - each))
        for each in range(3)
    ]
    Case.objects.filter(pk=numbers[0]).update(channel="unasked")
    return numbers


def _numbers(page: Any) -> list[int]:
    return [line.row.number for line, _matter in page.context["lines"]]


def test_it_works(client_for: Callable[..., Client], ruled: list[int], granted: Callable[..., int]) -> None:
    officers = granted()
    client = client_for(DECIDER)
    page = client.get(PAGE)
    assert _numbers(page) == ruled[::-1]
    assert f"/desk/cases/{ruled[0]}/" in page.text
    assert "without asking" in page.text
    assert _numbers(client.get(f"{PAGE}?unasked=1")) == ruled[:1]
    assert officers not in _numbers(client_for(ELSEWHERE).get(PAGE))
    assert "No rule has decided anything here" in client_for(ELSEWHERE).get(PAGE).text
    for who, status in {"": 302, "linxiaomei": 403, "chenli": 403}.items():
        assert client_for(who).get(PAGE).status_code == status, who


def test_page_by_page(
    client_for: Callable[..., Client], actor_for: Any, ruled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queries.list_ruled(actor=actor_for(DECIDER), limit=2)
    second = queries.list_ruled(actor=actor_for(DECIDER), limit=2, cursor=first.next)
    assert [line.row.number for line in (*first.rows, *second.rows)] == ruled[::-1]
    assert second.next == ""
    assert client_for(DECIDER).get(f"{PAGE}?after=made-up")["Location"] == PAGE
