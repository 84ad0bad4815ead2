"""The same message handed over several times in one instant, and several workers at one gathering: all once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.apps.correspondence.conftest import HOLE

from tongban.apps.cases.models import Case
from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.models import Correspondent, Gathering, Message
from tongban.apps.correspondence.services import Incoming, file_due, receive
from tongban.apps.ledger.models import Stream

pytestmark = pytest.mark.django_db(transaction=True)
_AT_ONCE = 4
AT = datetime(2026, 11, 27, 3, tzinfo=UTC)


def incoming(number: int, text: str = HOLE) -> Incoming:
    given: dict[str, Any] = {"channel": "wechat", "address": "oSomebody", "provider_id": str(number), "kind": "text"}
    return Incoming(**given, said_at=AT, content=Content(text=text))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Begun in the same instant, each on a connection of its own."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, work) for work in works]]


def look(*models: Any) -> list[int]:
    (found,) = at_once(lambda: [model.objects.count() for model in models])
    return list(found)


def test_a_message_of_somebody_new_is_taken_once(city: Any, in_threads: None) -> None:
    said = at_once(*[lambda: receive(incoming=incoming(1), at=AT)] * _AT_ONCE)
    assert len(set(said)) == 1
    assert look(Correspondent, Gathering) == [1, 1]
    inbound, streams = at_once(
        lambda: Message.objects.filter(inbound=True).count(),
        lambda: Stream.objects.filter(kind="correspondence").count(),
    )
    assert (inbound, streams) == (1, 1)


def test_pieces_at_once_are_one_gathering_and_workers_file_it_once(city: Any, in_threads: None) -> None:
    at_once(*[(lambda n=n: receive(incoming=incoming(n, f"这是第 {n} 句话"), at=AT)) for n in range(_AT_ONCE)])
    assert look(Gathering) == [1]
    later = AT + timedelta(minutes=4)
    at_once(*[lambda: file_due(now=lambda: later)] * _AT_ONCE)
    ((said,),) = at_once(lambda: [case.answers["text"] for case in Case.objects.filter(channel="wechat")])
    assert sorted(said.split("\n")) == [f"这是第 {n} 句话" for n in range(_AT_ONCE)]


def test_what_comes_while_it_is_filed_is_in_it_or_added_to_it(city: Any, in_threads: None) -> None:
    at_once(lambda: receive(incoming=incoming(1), at=AT))
    later = AT + timedelta(minutes=4)
    at_once(
        lambda: file_due(now=lambda: later),
        lambda: receive(incoming=incoming(2, "就在东门旁边。"), at=later),
    )
    at_once(lambda: file_due(now=lambda: later + timedelta(minutes=4)))
    states, cases = at_once(
        lambda: sorted(Message.objects.filter(inbound=True).values_list("state", flat=True)),
        lambda: Case.objects.filter(channel="wechat").count(),
    )
    assert cases == 1
    assert states in (["filed", "filed"], ["filed", "joined"])
