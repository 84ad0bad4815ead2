"""Numbers: running by day and letter, each once, each press once, on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.errors import HallClosed, HasTicket, UnknownHall, UnknownTicket
from tongban.apps.halls.models import Ticket
from tongban.apps.halls.queries import get_ticket
from tongban.apps.ledger.queries import get_history, iterate_checked
from tongban.kernel.numbers import is_stream_number

pytestmark = pytest.mark.django_db
Take = Callable[..., int]


def _label(number: int) -> str:
    return str(Ticket.objects.get(pk=number))


def test_it_works(take: Take) -> None:
    first, second, other = take(), take(), take("property")
    assert [_label(each) for each in (first, second, other)] == ["A001", "A002", "B001"]
    assert is_stream_number(first)
    row = get_ticket(number=second, at=MONDAY)
    assert (row.state, row.ahead) == ("waiting", 1)
    (event,) = get_history(case=first)
    assert (event.kind, event.actor, event.node) == ("ticket.taken", "kiosk", "general")
    assert event.data == {"hall": HALL, "label": "A001", "group": "general", "origin": "kiosk"}
    assert next(iterate_checked(case=first)).broken is None


def test_the_next_day_begins_anew(take: Take) -> None:
    take()
    assert _label(take(at=MONDAY + timedelta(days=1))) == "A001"


def test_the_same_press_sent_twice_is_one_ticket(take: Take) -> None:
    key = uuid4()
    assert take(key=key) == take(key=key)
    assert Ticket.objects.count() == 1
    assert _label(take("property", key=key)) == "B001"  # another button of the same page is another press


@pytest.mark.parametrize(
    "at",
    [
        MONDAY.replace(hour=8, minute=29),
        MONDAY.replace(hour=17, minute=30),
        MONDAY - timedelta(days=1),  # a Sunday
        datetime(2026, 10, 1, 10, tzinfo=MONDAY.tzinfo),  # National Day
    ],
)
def test_none_while_the_hall_is_closed(take: Take, at: datetime) -> None:
    with pytest.raises(HallClosed):
        take(at=at)
    assert not Ticket.objects.exists()


def test_on_a_saturday_that_is_worked(take: Take) -> None:
    assert _label(take(at=datetime(2026, 2, 14, 10, tzinfo=MONDAY.tzinfo))) == "A001"


@pytest.mark.parametrize(("hall", "group"), [("nowhere", "general"), (HALL, "nothing")])
def test_unknown_halls_and_groups(city: Any, hall: str, group: str) -> None:
    with pytest.raises(UnknownHall):
        services.take(hall=hall, group=group, key=uuid4(), at=MONDAY)


def test_a_person_waits_in_a_hall_once(take: Take, actor_for: Any) -> None:
    lin = actor_for("linxiaomei")
    number = take(actor=lin)
    with pytest.raises(HasTicket) as refused:
        take("property", actor=lin)
    assert refused.value.params == {"number": number}
    services.give_back(number=number, actor=lin, at=MONDAY)
    assert _label(take("property", actor=lin)) == "B001"
    assert [event.kind for event in get_history(case=number)] == ["ticket.taken", "ticket.returned"]


def test_only_who_has_it_gives_it_back(take: Take, actor_for: Any) -> None:
    of_lin, of_nobody = take(actor=actor_for("linxiaomei")), take()
    for number in (of_lin, of_nobody):
        with pytest.raises(UnknownTicket):
            services.give_back(number=number, actor=actor_for("zhoumin"), at=MONDAY)
    assert {row.state for row in Ticket.objects.all()} == {"waiting"}
