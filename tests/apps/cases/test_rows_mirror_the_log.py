"""What the rows say is what a replay of the log says: to the byte for the state, row by row for the steps."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tongban.apps.cases.models import Case, Task, Timer
from tongban.apps.catalog.queries import get_version
from tongban.apps.insight.history import simulate
from tongban.apps.ledger.queries import get_history
from tongban.kernel import flow


def _replayed(case: Case) -> flow.State:
    definition = get_version(version_id=case.matter_version_id).definition.process
    kernel_events = [event for event in get_history(case=case.number) if event.kind in flow.KINDS]
    return flow.replay(definition=definition, events=kernel_events)


@pytest.mark.usefixtures("city")
def test_generated_cases_of_every_kind() -> None:
    simulate(cases=60, seed=5, until=datetime(2026, 11, 1, tzinfo=UTC), years=0.3)
    assert Case.objects.count() >= 50
    for case in Case.objects.all():
        state = _replayed(case)
        assert flow.state_to_json(state) == case.state, case.number
        open_rows = set(Task.objects.filter(case=case.number, finished=None).values_list("no", flat=True))
        assert open_rows == {task.no for task in state.tasks}, case.number
        timers = set(Timer.objects.filter(case=case.number).values_list("no", flat=True))
        assert timers == {timer.no for timer in state.timers}, case.number


def test_a_case_that_people_took_through(granted: Callable[..., int]) -> None:
    case = Case.objects.get(pk=granted())
    assert flow.state_to_json(_replayed(case)) == case.state
