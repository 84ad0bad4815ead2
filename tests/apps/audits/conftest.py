"""Files that were decided on a day long over, and the nights after it."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.audits.models import Sample
from tongban.apps.audits.services import draw_samples
from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.services import make_checkpoints

DAY = timezone.localdate() - timedelta(days=3)


def on(days: int = 0, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of that day, or so many days after it."""
    return datetime.combine(DAY + timedelta(days=days), time(hour, minute), get_calendar().timezone)


@pytest.fixture
def cards(file_case: Any) -> list[int]:
    """Six senior cards, each decided by rule at once on that day."""
    return [file_case(matter="senior-card", birth_date="1950-03-11", at=on(minute=each)) for each in range(6)]


@pytest.fixture
def night() -> Callable[..., int]:
    """What the worker does in the night after so many days: the day is signed, then drawn."""

    def pass_by(days: int = 0) -> int:
        at = on(days + 1, hour=1)
        list(make_checkpoints(at=at, city="mingchuan", timezone=get_calendar().timezone))
        return draw_samples(at=at)

    return pass_by


@pytest.fixture
def drawn(cards: list[int], night: Callable[..., int]) -> Sample:
    """The plan's sample of that day, drawn: three of the six."""
    assert draw_samples(at=on(hour=9)) == 0
    night()
    return Sample.objects.get(plan="decided-by-rule", since=DAY)
