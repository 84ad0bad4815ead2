"""A hall on a Monday morning."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HALL = "city-centre"


@pytest.fixture
def take(city: Any) -> Callable[..., int]:
    """Take a number at the kiosk: ``take("general")``."""
    from tongban.apps.halls import services

    def press(group: str = "general", *, at: datetime = MONDAY, **given: Any) -> int:
        return services.take(hall=HALL, group=group, at=at, **{"key": uuid4(), **given})

    return press


@pytest.fixture
def at_window(actor_for: Any) -> Callable[..., Any]:
    """Let a clerk open a window; return who acts."""
    from tongban.apps.halls import services

    def come(name: str, window: str = "A01", *, at: datetime = MONDAY) -> Any:
        actor = actor_for(name)
        services.open_window(hall=HALL, window=window, actor=actor, at=at)
        return actor

    return come
