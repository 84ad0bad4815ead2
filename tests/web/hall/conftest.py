"""What time it is for the pages of a hall."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HALL = "city-centre"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let every request come at an instant."""

    def be(instant: datetime) -> None:
        clock = SimpleNamespace(now=lambda: instant, localdate=timezone.localdate)
        monkeypatch.setattr("tongban.web.access.timezone", clock)

    return be


@pytest.fixture
def on_monday(city: object, at: Callable[[datetime], None]) -> None:
    """It is a Monday, ten in the morning: the hall is open."""
    at(MONDAY)
