"""Who took a number online is told when few go before them: once, and only while it is still so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.apps.halls.conftest import HALL, MONDAY, at_window, take

from tongban.apps.channels.composing import is_over
from tongban.apps.channels.models import Delivery, Notice
from tongban.apps.halls import services

__all__ = ["at_window", "take"]
pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _online(actor: Any, group: str = "general", *, minutes: int = 0) -> int:
    return services.take(hall=HALL, group=group, key=uuid4(), actor=actor, at=MONDAY + minutes * MINUTE)


@pytest.fixture
def served(at_window: Any, follow_log: Callable[..., None]) -> Callable[[int], None]:
    """Call and serve the next number, so many minutes past ten, and let who follows the log see it."""
    sun = at_window("sunbei")

    def serve(minutes: int) -> None:
        at = MONDAY + minutes * MINUTE
        number = services.call_next(actor=sun, at=at)
        assert number is not None
        services.begin(number=number, actor=sun, at=at)
        services.finish(number=number, actor=sun, at=at)
        follow_log("numbers", at=at)

    return serve


def _near() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind="number_near").order_by("at", "pk")
    return [(row.params["label"], row.params["count"]) for row in rows]


def test_it_works(take: Any, actor_for: Any, served: Any) -> None:
    for minutes in range(5):
        take(at=MONDAY + minutes * MINUTE)
    lin = actor_for("linxiaomei")
    number = _online(lin, minutes=6)
    served(7)
    assert _near() == []
    served(8)
    assert _near() == [("A006", "3")]
    served(9)
    assert _near() == [("A006", "3")]
    notice = Notice.objects.get(kind="number_near")
    assert notice.person_id == lin.person_id
    assert int(notice.params["ticket"]) == number


def test_what_is_taken_at_the_kiosk_is_told_nobody(take: Any, served: Any) -> None:
    for minutes in range(3):
        take(at=MONDAY + minutes * MINUTE)
    served(4)
    assert _near() == []


def test_a_hall_says_for_how_many(take: Any, actor_for: Any, served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from tongban.apps.catalog.city import get_halls

    halls = {code: replace(hall, near=0) for code, hall in get_halls().items()}
    monkeypatch.setattr("tongban.apps.halls.nearing.get_halls", lambda: halls)
    take()
    _online(actor_for("linxiaomei"), minutes=1)
    served(2)
    assert _near() == []
    halls[HALL] = replace(halls[HALL], near=1)
    take(at=MONDAY)
    served(3)
    assert _near() == [("A002", "1")] or _near() == [("A002", "0")]


def test_what_goes_out_late_is_not_told(take: Any, actor_for: Any, served: Any) -> None:
    take()
    _online(actor_for("linxiaomei"), minutes=1)
    served(2)
    delivery = Delivery(notice=Notice.objects.get(kind="number_near"), channel="sms")
    assert not is_over(delivery=delivery, at=MONDAY + 3 * MINUTE)
    assert is_over(delivery=delivery, at=MONDAY + timedelta(days=1))
    served(4)
    assert is_over(delivery=delivery, at=MONDAY + 4 * MINUTE)


def test_however_many_wait_it_is_one_question(
    take: Any, actor_for: Any, at_window: Any, django_assert_num_queries: Any
) -> None:
    from tongban.apps.halls.nearing import list_near

    for minutes in range(3):
        take(at=MONDAY + minutes * MINUTE)
    for name in ("linxiaomei", "zhaoguoan"):
        _online(actor_for(name), minutes=4)
    with django_assert_num_queries(1):
        near = list_near(halls=[HALL], at=MONDAY + 5 * MINUTE)
    assert [(each.label, each.ahead) for each in near] == [("A004", 3)]
