"""An accepted case, and the days before and after its limits."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

__all__ = ["noon"]


def noon(due: datetime, days: int) -> datetime:
    """Noon of the day on which so many working days are left of a limit; negative: after it."""
    from tongban.apps.catalog.city import get_calendar

    calendar = get_calendar()
    day = calendar.add_working_days(calendar.local_date(due), -days)
    return datetime.combine(day, time(12), tzinfo=calendar.timezone)


@pytest.fixture
def accepted(file_case: Any, act: Any) -> Callable[..., Any]:
    """A food business licence (8 working days), accepted a week ago: ``accepted()`` returns its row."""
    from tongban.apps.cases.models import Case

    def make(at: datetime | None = None, **given: Any) -> Case:
        when = at or timezone.now() - timedelta(days=7)
        number = file_case(at=when, **given)
        act(number, "accept", by="wangqian", at=when)
        return Case.objects.get(pk=number)

    return make
