"""Two commands at once: the clock is read before the wait for the case, and the later one is not lost for that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tongban.apps.cases import services
from tongban.apps.cases.models import Task
from tongban.apps.ledger.queries import get_history
from tongban.kernel.flow import Refused

FILED = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ACCEPTED = FILED + timedelta(hours=1)


@pytest.fixture
def accepted(file_case: Callable[..., int], act: Any) -> tuple[int, int]:
    number = file_case(at=FILED)
    act(number, "accept", by="wangqian", at=ACCEPTED)
    return number, Task.objects.get(case=number, finished=None).no


def test_it_works(accepted: tuple[int, int], actor_for: Callable[[str], Any]) -> None:
    number, task = accepted
    services.claim(number=number, task=task, actor=actor_for("chenli"), at=ACCEPTED - timedelta(seconds=5))
    last = get_history(case=number)[-1]
    assert (last.kind, last.at) == ("task.claimed", ACCEPTED)


def test_a_clock_that_goes_wrong_is_still_refused(accepted: tuple[int, int], actor_for: Callable[[str], Any]) -> None:
    number, task = accepted
    with pytest.raises(Refused) as refusal:
        services.claim(number=number, task=task, actor=actor_for("chenli"), at=ACCEPTED - timedelta(minutes=2))
    assert refusal.value.code == "case.time-reversed"
