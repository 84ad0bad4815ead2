"""Two officers decide in the same instant: one wins, the other is told who did it, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tongban.apps.cases.models import Case, Task
from tongban.apps.evidence.models import Certificate
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.queries import iterate_checked
from tongban.apps.people.models import Membership, User


def _decide(barrier: Barrier, number: int, task: int, user: int, outcome: str) -> tuple[int, str]:
    try:
        client = Client(headers={"accept-language": "en"})
        client.force_login(User.objects.get(pk=user))
        barrier.wait()
        data = {"task": task, "outcome": outcome, "reason": "By what I saw.", "confirmed": "yes"}
        response = client.post(f"/desk/cases/{number}/decide/", data)
        return response.status_code, response.content.decode()
    finally:
        connection.close()


def _look(number: int) -> tuple[str, int, int, list[Any]]:
    try:
        return (
            Case.objects.get(pk=number).outcome,
            Event.objects.filter(case=number, kind="case.decided").count(),
            Certificate.objects.filter(case=number).count(),
            [checked.broken for checked in iterate_checked(case=number)],
        )
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_wins(at_step: Any, user_for: Any, request: pytest.FixtureRequest) -> None:
    number = at_step("decide")
    Membership.objects.get_or_create(user=user_for("huangyan"), department_id="market-regulation", role="decider")
    task = Task.objects.get(case=number, node="decide").no
    rivals = {"hejun": "granted", "huangyan": "denied"}
    ids = {name: user_for(name).pk for name in rivals}
    request.getfixturevalue("in_threads")
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        tried = {
            name: pool.submit(_decide, barrier, number, task, ids[name], outcome) for name, outcome in rivals.items()
        }
        answers = {name: future.result(timeout=60) for name, future in tried.items()}
        outcome, decided, certificates, broken = pool.submit(_look, number).result(timeout=60)
    assert sorted(status for status, _ in answers.values()) == [302, 409]
    winner = next(name for name, (status, _) in answers.items() if status == 302)
    loser = next(page for status, page in answers.values() if status == 409)
    assert {"hejun": "He Jun", "huangyan": "Huang Yan"}[winner] + " got there first" in loser
    assert outcome == rivals[winner]
    assert decided == 1
    assert certificates == (1 if outcome == "granted" else 0)
    assert broken == [None]
