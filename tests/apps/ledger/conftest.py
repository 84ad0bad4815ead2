"""Logs that grew over some days, and what an operator types."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tongban.apps.catalog.city import get_calendar
from tongban.apps.ledger.services import make_checkpoints
from tongban.kernel.chain import Checkpoint

TODAY = timezone.localdate()


def at(days_ago: int, clock: str = "10:00") -> datetime:
    """An instant some days ago, at a time of day in the city."""
    day = TODAY - timedelta(days=days_ago)
    return datetime.combine(day, time.fromisoformat(clock), get_calendar().timezone)


def day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


def sign(now: datetime) -> list[Checkpoint]:
    """What the worker signs when it is ``now``."""
    return list(make_checkpoints(at=now, city="mingchuan", timezone=get_calendar().timezone))


@dataclass(frozen=True)
class Ran:
    """What a command printed, and whether it was content."""

    out: str
    err: str
    well: bool


def run(*words: str, **options: Any) -> Ran:
    out, err = StringIO(), StringIO()
    try:
        call_command(*words, stdout=out, stderr=err, **options)
    except CommandError as error:
        return Ran(out.getvalue(), f"{err.getvalue()}{error}", False)
    return Ran(out.getvalue(), err.getvalue(), True)


@pytest.fixture
def lived(file_case: Callable[..., int], act: Any) -> int:
    """A case filed and taken on four days ago, accepted three days ago, handled the day before yesterday."""
    number = file_case(at=at(4))
    act(number, "claim", by="wangqian", at=at(4, "11:00"))
    act(number, "accept", by="wangqian", at=at(3))
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.", at=at(2))
    return number
