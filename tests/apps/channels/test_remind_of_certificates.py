"""Who holds a certificate that is about to end is told in time to renew it, once."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.channels import sources
from tongban.apps.channels.models import Notice
from tongban.apps.channels.queries import list_notices
from tongban.apps.channels.services import ask_sources
from tongban.apps.channels.telling import Telling
from tongban.apps.evidence.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def ends(granted: Callable[..., int]) -> Callable[[int], int]:
    """A licence that ends in so many days."""

    def make(days: int) -> int:
        number = granted()
        Certificate.objects.filter(case=number).update(valid_until=timezone.localdate() + timedelta(days=days))
        return number

    return make


def test_it_works(ends: Callable[[int], int], actor_for: Callable[[str], Any]) -> None:
    number = ends(45)
    assert ask_sources(at=timezone.now()) == 1
    (row,) = list_notices(person_id=actor_for("linxiaomei").person_id, language="en").rows
    assert (row.kind, row.group, row.case) == ("renewal", "reminder", number)
    day = timezone.localdate() + timedelta(days=15)
    assert f"apply by {day.day} {day:%B} {day.year}" in row.body


def test_nobody_is_reminded_twice(ends: Callable[[int], int]) -> None:
    ends(45)
    for hours in (0, 6, 24 * 10):
        ask_sources(at=timezone.now() + timedelta(hours=hours))
    assert Notice.objects.filter(kind="renewal").count() == 1


@pytest.mark.parametrize("days", [61, 30, 1, -5])
def test_not_too_early_and_not_when_it_is_too_late(ends: Callable[[int], int], days: int) -> None:
    ends(days)
    assert ask_sources(at=timezone.now()) == 0


def test_one_that_fails_stops_no_other(
    ends: Callable[[int], int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_at: datetime) -> Iterator[Telling]:
        raise KeyError("13900000001")
        yield

    ends(45)
    monkeypatch.setattr(sources, "SOURCES", (broken, *sources.SOURCES))
    assert ask_sources(at=timezone.now()) == 1
    assert "KeyError" in caplog.text
    assert "139" not in caplog.text
