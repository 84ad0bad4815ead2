"""Two press, or call, in the same instant: each number is given once and called once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.errors import HasTicket, WindowBusy
from tongban.apps.halls.models import Sitting, Ticket
from tongban.apps.ledger.queries import iterate_checked

pytestmark = pytest.mark.django_db(transaction=True)
_MANY = 6


def _at_once(commands: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(commands))

    def run(command: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return command()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(commands)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, each) for each in commands]]


def _broken() -> list[Any]:
    return [checked.broken for checked in iterate_checked() if checked.broken is not None]


def _press(key: UUID) -> Callable[[], int]:
    return lambda: services.take(hall=HALL, group="general", key=key, at=MONDAY)


def test_each_number_is_given_once(city: Any, in_threads: None) -> None:
    numbers = _at_once([_press(uuid4()) for _ in range(_MANY)])
    (rows,) = _at_once([lambda: sorted(Ticket.objects.values_list("no", flat=True))])
    assert len(set(numbers)) == _MANY
    assert rows == list(range(1, _MANY + 1))


def test_one_press_sent_many_times_is_one_ticket(city: Any, in_threads: None) -> None:
    key = uuid4()
    numbers = _at_once([_press(key) for _ in range(_MANY)])
    assert len(set(numbers)) == 1
    assert _at_once([Ticket.objects.count]) == [1]


def test_a_person_who_presses_in_two_groups_has_one_ticket(
    actor_for: Any, city: Any, request: pytest.FixtureRequest
) -> None:
    lin = actor_for("linxiaomei")
    request.getfixturevalue("in_threads")

    def press(group: str) -> str:
        try:
            return str(services.take(hall=HALL, group=group, key=uuid4(), actor=lin, at=MONDAY))
        except HasTicket as error:
            return error.code

    groups = ("general", "property", "household", "business")
    answers = _at_once([partial(press, group) for group in groups])
    assert answers.count("hall.has-ticket") == len(groups) - 1
    assert _at_once([Ticket.objects.count, _broken]) == [1, []]


def test_no_two_windows_call_one_number(actor_for: Any, city: Any, request: pytest.FixtureRequest) -> None:
    clerks = [actor_for(name) for name in ("sunbei", "wangqian")]
    for clerk, window in zip(clerks, ("A01", "A02"), strict=True):
        services.open_window(hall=HALL, window=window, actor=clerk, at=MONDAY)
    taken = [_press(uuid4())() for _ in range(_MANY)]
    request.getfixturevalue("in_threads")

    def serves(actor: Any) -> Callable[[], list[int]]:
        def all_day() -> list[int]:
            mine = []
            while (number := services.call_next(actor=actor, at=MONDAY)) is not None:
                services.begin(number=number, actor=actor, at=MONDAY)
                services.finish(number=number, actor=actor, at=MONDAY)
                mine.append(number)
            return mine

        return all_day

    one, other = _at_once([serves(clerk) for clerk in clerks])
    assert sorted(one + other) == sorted(taken)
    assert _at_once([_broken]) == [[]]


def test_the_last_number_is_called_by_one(actor_for: Any, city: Any, request: pytest.FixtureRequest) -> None:
    clerks = [actor_for(name) for name in ("sunbei", "wangqian")]
    for clerk, window in zip(clerks, ("A01", "A02"), strict=True):
        services.open_window(hall=HALL, window=window, actor=clerk, at=MONDAY)
    number = _press(uuid4())()
    request.getfixturevalue("in_threads")
    called = _at_once([partial(services.call_next, actor=clerk, at=MONDAY) for clerk in clerks])
    assert sorted(called, key=str) == sorted([number, None], key=str)


def test_one_window_pressed_twice_calls_one(actor_for: Any, city: Any, request: pytest.FixtureRequest) -> None:
    sun = actor_for("sunbei")
    services.open_window(hall=HALL, window="A01", actor=sun, at=MONDAY)
    for _ in range(2):
        _press(uuid4())()
    request.getfixturevalue("in_threads")

    def call() -> str:
        try:
            return str(services.call_next(actor=sun, at=MONDAY))
        except WindowBusy as error:
            return error.code

    answers = _at_once([call, call])
    assert answers.count("hall.window-busy") == 1
    assert _at_once([Ticket.objects.filter(state="called").count]) == [1]
    assert _at_once([Sitting.objects.count]) == [1]
