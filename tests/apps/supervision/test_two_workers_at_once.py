"""Several workers look at one clock in the same instant: each card is shown once, and nothing of the others stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event, Stream
from tongban.apps.ledger.queries import iterate_checked
from tongban.apps.supervision.models import Card
from tongban.apps.supervision.services import issue_cards

pytestmark = pytest.mark.django_db(transaction=True)
_WORKERS, _CASES = 4, 6


def test_each_card_is_shown_once(accepted: Callable[..., Case], request: pytest.FixtureRequest) -> None:
    made = [accepted() for _ in range(_CASES)]
    assert made[-1].promised_due is not None
    at = made[-1].promised_due + timedelta(days=1)
    request.getfixturevalue("in_threads")
    barrier = Barrier(_WORKERS)

    def look() -> int:
        try:
            barrier.wait()
            return issue_cards(at=at)
        finally:
            connection.close()

    def found() -> tuple[Any, ...]:
        try:
            cards = set(Card.objects.values_list("case", "task", "colour"))
            numbers = set(Card.objects.values_list("number", flat=True))
            logs = set(Stream.objects.filter(kind="card").values_list("number", flat=True))
            broken = [checked.broken for checked in iterate_checked() if checked.broken is not None]
            return cards, numbers, logs, Event.objects.filter(kind="card.issued").count(), broken
        finally:
            connection.close()

    with ThreadPoolExecutor(_WORKERS) as pool:
        issued = [future.result(timeout=60) for future in [pool.submit(look) for _ in range(_WORKERS)]]
        cards, numbers, logs, events, broken = pool.submit(found).result(timeout=60)
    assert sum(issued) == len(cards) == len(numbers) == events == 2 * _CASES
    assert logs == numbers
    assert broken == []
