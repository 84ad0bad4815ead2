"""A generated past is equal for equal seeds, verifies, and looks like a city's."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from tongban.apps.cases.models import Case, Rating, Task
from tongban.apps.cases.proof import verify
from tongban.apps.insight.history import simulate
from tongban.apps.ledger.models import Event, Stream

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.usefixtures("city")
def test_it_works() -> None:
    out = StringIO()
    call_command("simulate_history", cases=80, years=0.3, seed=3, stdout=out)
    assert "80 cases with" in out.getvalue()
    assert Case.objects.count() == 80
    proof = verify()
    assert (proof.logs, proof.broken) == (80 + Stream.objects.count(), [])


@pytest.mark.usefixtures("city")
def test_it_has_what_lists_and_analysis_need() -> None:
    summary = simulate(cases=250, seed=12, until=UNTIL, years=0.5)
    assert summary.refused < summary.cases * 0.05  # what the kernel refuses is the exception
    assert {"granted", "denied", "not_accepted", "withdrawn"} <= set(Case.objects.values_list("outcome", flat=True))
    assert Task.objects.filter(finished=None).count() > 10
    assert Rating.objects.count() > 30
    assert Event.objects.filter(kind="supplement.requested").exists()
    done = Event.objects.filter(kind="task.completed")
    assert not done.filter(waiting=None).exists()
    assert not done.filter(previous_activity="").exists()
    assert Case.objects.filter(filed_at__gt=UNTIL).count() == 0


@pytest.mark.usefixtures("city")
def test_what_people_say_is_dispatched_and_answered() -> None:
    simulate(cases=250, seed=12, until=UNTIL, years=0.5)
    dispatched = set(Event.objects.filter(kind="case.dispatched").values_list("case", flat=True))
    said = Case.objects.filter(matter__in=("tell-government", "noise-complaint"))
    assert dispatched
    assert dispatched <= set(said.values_list("number", flat=True))
    assert not Case.objects.filter(number__in=dispatched, authority="hotline").exists()
    assert said.filter(outcome="granted").exists()


@pytest.mark.usefixtures("city")
def test_equal_seeds_give_equal_cases() -> None:
    def numbers() -> list[int]:
        with transaction.atomic():
            simulate(cases=12, seed=9, until=UNTIL, years=0.1)
            found = sorted(Case.objects.values_list("number", flat=True))
            transaction.set_rollback(True)
        return found

    assert numbers() == numbers()
