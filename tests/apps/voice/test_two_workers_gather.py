"""Several workers follow the log at once, and one dies in the middle: each inquiry is taken in once, none is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS, NOISE

from tongban.apps.ledger.models import Event
from tongban.apps.ledger.queries import iterate_checked
from tongban.apps.ledger.services import follow
from tongban.apps.voice.models import Inquiry, Topic, TopicInput
from tongban.apps.voice.whole import following, held, settling

pytestmark = pytest.mark.django_db(transaction=True)
_WORKERS = 3


def test_each_is_taken_in_once(say_often: Any, request: pytest.FixtureRequest) -> None:
    noise, lights = say_often(NOISE, 9), say_often(LIGHTS, 6, first=50)
    request.getfixturevalue("in_threads")
    barrier = Barrier(_WORKERS)

    def work() -> int:
        try:
            barrier.wait()
            return sum(follow(name="topics", at=timezone.now(), limit=4) for _ in range(12))
        finally:
            connection.close()

    def found() -> tuple[Any, ...]:
        try:
            while follow(name="topics", at=timezone.now()):
                pass
            taken = list(TopicInput.objects.values_list("inquiry", flat=True))
            topics = [
                set(Inquiry.objects.filter(pk__in=each).values_list("topic", flat=True)) for each in (noise, lights)
            ]
            broken = [checked.broken for checked in iterate_checked() if checked.broken is not None]
            joined = Event.objects.filter(kind="topic.joined").count()
            return taken, topics, Topic.objects.count(), joined, broken
        finally:
            connection.close()

    with ThreadPoolExecutor(_WORKERS) as pool:
        for future in [pool.submit(work) for _ in range(_WORKERS)]:
            future.result(timeout=120)
        taken, topics, amount, joined, broken = pool.submit(found).result(timeout=120)
    assert sorted(taken) == sorted(noise + lights)
    assert [len(each) for each in topics] == [1, 1]
    assert amount == 2
    assert joined == len(noise) + len(lights) - 4
    assert broken == []


def test_one_that_dies_in_the_middle_leaves_nothing_behind(say_often: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = say_often(NOISE, 5)
    whole = settling.join
    calls = []

    class Killed(BaseException):
        """As if the process had been killed: nothing catches it."""

    def dies(*args: Any, **given: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Killed
        whole(*args, **given)

    monkeypatch.setattr(following, "join", dies)
    with pytest.raises(Killed):
        follow(name="topics", at=timezone.now())
    assert not TopicInput.objects.exists()
    monkeypatch.setattr(following, "join", whole)
    while follow(name="topics", at=timezone.now()):
        pass
    assert set(TopicInput.objects.values_list("inquiry", flat=True)) == set(numbers)
    assert Inquiry.objects.filter(topic=Topic.objects.get().number).count() == 5
    with held.using() as now:
        assert len(now.topics) == 5
