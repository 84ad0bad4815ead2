"""Two workers carry the same signal at once: each case is told once, by one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.models import Sending, Task
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.actors import SYSTEM


def _work(barrier: Barrier) -> int:
    try:
        barrier.wait()
        return services.pass_on(at=timezone.now())
    finally:
        connection.close()


def _look(numbers: list[int]) -> list[tuple[int, list[str]]]:
    try:
        return [
            (
                [event.kind for event in get_history(case=number)].count("signal.received"),
                list(Task.objects.filter(case=number, finished=None).values_list("node", flat=True)),
            )
            for number in numbers
        ]
    finally:
        connection.close()


def _left() -> int:
    try:
        return services.pass_on(at=timezone.now()) + Sending.objects.count()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_each_case_is_told_once(reporting: None, file_case: Any, act: Any, request: pytest.FixtureRequest) -> None:
    numbers = []
    for _ in range(4):
        numbers.append(file_case())
        act(numbers[-1], "accept", by="wangqian")
        for node in ("handle", "inspect"):
            act(numbers[-1], "complete", by="chenli", node=node, outcome="pass", opinion="")
    for _ in range(2):
        services.broadcast_signal(name="alarm", data={}, authority="", actor=SYSTEM, at=timezone.now())
    request.getfixturevalue("in_threads")
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        told = [future.result(timeout=60) for future in [pool.submit(_work, barrier) for _ in range(2)]]
        seen = pool.submit(_look, numbers).result(timeout=60)
        left = pool.submit(_left).result(timeout=60)
    assert sum(told) == 4
    assert seen == [(1, ["handle"])] * 4
    assert left == 0
