"""Cards are shown by the worker, and answered by whoever stands in for a colleague who is away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tongban.apps.ledger.queries import get_history
from tongban.apps.people.services import name_stand_in
from tongban.apps.supervision import services
from tongban.apps.supervision.errors import NotResponsible
from tongban.apps.supervision.models import Card

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("without_tasks")
def test_the_worker_shows_them(accepted: Callable[..., Any]) -> None:
    case = accepted(at=timezone.now() - timedelta(days=40))
    call_command("work", "--once")
    assert set(Card.objects.filter(case=case).values_list("colour", flat=True)) == {"red"}
    before = Card.objects.count()
    call_command("work", "--once")
    assert Card.objects.count() == before


def test_a_stand_in_answers_in_place(shown: Callable[..., int], actor_for: Any) -> None:
    number, today, now = shown(), timezone.localdate(), timezone.now()
    Card.objects.filter(pk=number).update(answered_by="decider")
    with pytest.raises(NotResponsible):
        services.answer(number=number, reason="Seen.", actor=actor_for("chenli"), at=now)
    hejun = actor_for("hejun")
    name_stand_in(
        absent_id=hejun.user_id,
        stand_in_id=actor_for("chenli").user_id,
        department="market-regulation",
        roles=["decider"],
        since=today,
        until=today,
        reason="Away.",
        actor=hejun,
        on=today,
        at=now,
    )
    services.answer(number=number, reason="Seen.", actor=actor_for("chenli"), at=now)
    event = get_history(case=number)[-1]
    assert (event.actor, event.capacity) == (actor_for("chenli").id, f"stand-in:{hejun.id}")
