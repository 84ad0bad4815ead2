"""Five working days without a word, and the clock itself accepts the case, from the day of receipt, on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tongban.apps.cases import services
from tongban.apps.cases.models import Case, Task, Timer
from tongban.apps.cases.services import clock, way
from tongban.apps.ledger.queries import get_history
from tongban.kernel.flow import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
FILED = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)  # a Monday
LAST_DAY = datetime(2026, 3, 9, 23, 59, tzinfo=SHANGHAI)
NEXT_DAY = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)


@pytest.fixture
def number(file_case: Callable[..., int]) -> int:
    return file_case(at=FILED)


def test_it_works(number: int) -> None:
    assert services.fire_due_timers(at=NEXT_DAY) == 1
    case = Case.objects.get(pk=number)
    assert case.status == "accepted"
    accepted = next(event for event in get_history(case=number) if event.kind == "case.accepted")
    assert accepted.data["silent"] is True
    assert accepted.actor == "system"
    # From the day of receipt: 20 working days after 2 March, not after 9 March.
    assert case.statutory_due is not None
    assert case.statutory_due.astimezone(SHANGHAI).date().isoformat() == "2026-03-30"


def test_not_before_the_fifth_day_is_over(number: int) -> None:
    assert services.fire_due_timers(at=LAST_DAY) == 0
    assert Case.objects.get(pk=number).status == "received"


def test_a_word_in_time_stops_it(number: int, act: Any) -> None:
    act(number, "request_supplement", by="wangqian", at=LAST_DAY, items=["floor_plan"], note="", within=None)
    assert services.fire_due_timers(at=NEXT_DAY) == 0
    assert Case.objects.get(pk=number).status == "supplement"


def test_it_fires_once_only(number: int) -> None:
    services.fire_due_timers(at=NEXT_DAY)
    assert services.fire_due_timers(at=NEXT_DAY) == 0
    assert not Timer.objects.filter(case=number).exists()
    kinds = [event.kind for event in get_history(case=number)]
    assert kinds.count("case.accepted") == 1


def test_a_refusal_that_comes_too_late_is_refused(number: int, actor_for: Callable[[str], Any]) -> None:
    task = Task.objects.get(case=number, finished=None)
    with pytest.raises(Refused) as refusal:
        services.refuse(number=number, task=task.no, reason="No.", actor=actor_for("wangqian"), at=NEXT_DAY)
    assert refusal.value.code == "case.accepted-by-silence"
    assert Case.objects.get(pk=number).status == "received"  # nothing half done


def test_a_case_that_does_not_open_holds_up_nobody(number: int, file_case: Callable[..., int]) -> None:
    # After acceptance its way depends on what was answered, and the key to that is gone.
    stuck = file_case(matter="residence-permit", at=FILED - timedelta(hours=1))
    answers = Case.objects.get(pk=stuck).answers
    Case.objects.filter(pk=stuck).update(answers=dict.fromkeys(answers, "sealed:00000000:AAAA"))
    assert services.fire_due_timers(at=NEXT_DAY) == 1
    assert Case.objects.get(pk=number).status == "accepted"
    assert Case.objects.get(pk=stuck).status == "received"


def test_a_case_whose_answers_nothing_asks_for_goes_on_without_their_key(number: int) -> None:
    answers = Case.objects.get(pk=number).answers
    Case.objects.filter(pk=number).update(answers=answers | {"shop_name": "sealed:00000000:AAAA"})
    assert services.fire_due_timers(at=NEXT_DAY) == 1
    assert Case.objects.get(pk=number).status == "accepted"


def test_a_case_that_cannot_go_on_holds_up_nobody(
    number: int, file_case: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = file_case(at=FILED)
    run = way.run

    def stuck(journal: Any, *args: Any, **kwargs: Any) -> None:
        if journal.case.number == number:
            raise Refused("flow.no-branch")
        run(journal, *args, **kwargs)

    monkeypatch.setattr(clock, "run", stuck)
    assert services.fire_due_timers(at=NEXT_DAY) == 1
    assert Case.objects.get(pk=other).status == "accepted"
    assert services.fire_due_timers(at=NEXT_DAY) == 0  # put off, not tried at every look
    monkeypatch.undo()
    assert services.fire_due_timers(at=NEXT_DAY + timedelta(hours=1)) == 1
