"""A clerk's window: one number in hand at a time, in turn, and everything on record."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.halls import services
from tongban.apps.halls.errors import HallClosed, NotAtWindow, TicketMoved, UnknownHall, WindowBusy, WindowTaken
from tongban.apps.halls.models import Sitting, Ticket
from tongban.apps.halls.queries import get_board, get_ticket, get_window
from tongban.apps.ledger.queries import get_history, iterate_checked

pytestmark = pytest.mark.django_db
Take = Callable[..., int]
MINUTE = timedelta(minutes=1)


def _kinds(number: int) -> list[str]:
    return [event.kind for event in get_history(case=number)]


def test_it_works(take: Take, at_window: Any) -> None:
    first, second = take(), take()
    sun = at_window("sunbei")
    assert services.call_next(actor=sun, at=MONDAY + 7 * MINUTE) == first
    services.call_again(number=first, actor=sun, at=MONDAY + 8 * MINUTE)
    services.begin(number=first, actor=sun, at=MONDAY + 9 * MINUTE)
    assert services.note_filed(ticket=first, case=2611300000000001, actor=sun, at=MONDAY + 20 * MINUTE)
    assert services.note_filed(ticket=first, case=2611300000000001, actor=sun, at=MONDAY + 21 * MINUTE)
    assert not services.note_filed(ticket=second, case=2611300000000002, actor=sun, at=MONDAY + 21 * MINUTE)
    was = services.finish(number=first, actor=sun, at=MONDAY + 29 * MINUTE)
    assert (was.at.waited, was.served, was.cases) == (7, 20, (2611300000000001,))
    kinds = ["ticket.taken", "ticket.called", "ticket.called_again", "ticket.begun", "ticket.filed", "ticket.done"]
    assert _kinds(first) == kinds
    called, done = get_history(case=first)[1], get_history(case=first)[-1]
    assert (called.waiting, called.previous_activity, called.actor) == (7, "ticket.taken", sun.id)
    assert (done.waiting, done.working, done.data["cases"]) == (7, 20, ["2611300000000001"])
    assert Ticket.objects.get(pk=first).served_seconds == 1200
    assert services.call_next(actor=sun, at=MONDAY + 29 * MINUTE) == second
    assert all(checked.broken is None for checked in iterate_checked())


def test_only_groups_of_the_window(take: Take, at_window: Any) -> None:
    take("property")
    sun = at_window("sunbei", "A01")
    assert services.call_next(actor=sun, at=MONDAY) is None


def test_one_in_hand(take: Take, at_window: Any) -> None:
    take(), take()
    sun = at_window("sunbei")
    services.call_next(actor=sun, at=MONDAY)
    with pytest.raises(WindowBusy):
        services.call_next(actor=sun, at=MONDAY)
    with pytest.raises(WindowBusy):
        services.close_window(actor=sun, at=MONDAY)
    assert Ticket.objects.filter(state="called").count() == 1


def test_who_does_not_come_waits_behind_three_when_they_do(take: Take, at_window: Any) -> None:
    numbers = [take(at=MONDAY + n * MINUTE) for n in range(6)]
    sun, later = at_window("sunbei"), MONDAY + 10 * MINUTE
    services.call_next(actor=sun, at=later)
    services.miss(number=numbers[0], actor=sun, at=later)
    services.bring_back(number=numbers[0], actor=sun, at=later)
    assert get_ticket(number=numbers[0], at=later).ahead == 3
    order = []
    for _ in numbers:
        called = services.call_next(actor=sun, at=later)
        assert called is not None
        order.append(called)
        services.begin(number=called, actor=sun, at=later)
        services.finish(number=called, actor=sun, at=later)
    assert order == [*numbers[1:4], numbers[0], *numbers[4:]]


def test_put_back_where_few_wait_is_the_end(take: Take, at_window: Any) -> None:
    first, second = take(), take(at=MONDAY + MINUTE)
    sun = at_window("sunbei")
    services.call_next(actor=sun, at=MONDAY + 2 * MINUTE)
    services.put_back(number=first, actor=sun, at=MONDAY + 3 * MINUTE)
    assert services.call_next(actor=sun, at=MONDAY + 4 * MINUTE) == second


def test_handed_on_to_a_group_they_keep_number_and_turn(take: Take, at_window: Any) -> None:
    mine = take()
    theirs = take("property", at=MONDAY + MINUTE)
    sun, wang = at_window("sunbei", "A01"), at_window("wangqian", "B01")
    services.call_next(actor=sun, at=MONDAY + 2 * MINUTE)
    services.hand_on(number=mine, actor=sun, at=MONDAY + 3 * MINUTE, group="property")
    assert services.call_next(actor=wang, at=MONDAY + 4 * MINUTE) == mine
    assert (str(Ticket.objects.get(pk=mine)), Ticket.objects.get(pk=mine).group) == ("A001", "property")
    assert get_history(case=mine)[-1].waiting == 1  # its second wait
    assert get_ticket(number=theirs, at=MONDAY).ahead == 0


def test_handed_on_to_a_window_alone(take: Take, at_window: Any) -> None:
    mine = take()
    sun, wang = at_window("sunbei", "A01"), at_window("wangqian", "A02")
    services.call_next(actor=sun, at=MONDAY)
    services.hand_on(number=mine, actor=sun, at=MONDAY, window="A02")
    assert services.call_next(actor=sun, at=MONDAY) is None
    assert services.call_next(actor=wang, at=MONDAY) == mine


@pytest.mark.parametrize(
    ("to", "error"), [({"window": "A03"}, HallClosed), ({"window": "A01"}, UnknownHall), ({"group": "x"}, UnknownHall)]
)
def test_not_handed_on_to_where_nobody_is(take: Take, at_window: Any, to: dict[str, str], error: Any) -> None:
    mine = take()
    sun = at_window("sunbei", "A01")
    services.call_next(actor=sun, at=MONDAY)
    with pytest.raises(error):
        services.hand_on(number=mine, actor=sun, at=MONDAY, **to)
    assert Ticket.objects.get(pk=mine).state == "called"


def test_a_window_that_closes_leaves_nobody_behind_unsaid(take: Take, at_window: Any) -> None:
    mine = take()
    take("property")
    sun, wang = at_window("sunbei", "A01"), at_window("wangqian", "A02")
    services.call_next(actor=sun, at=MONDAY)
    services.hand_on(number=mine, actor=sun, at=MONDAY, window="A02")
    left = services.close_window(actor=wang, at=MONDAY)
    assert (left.moved, left.stranded) == (1, ("property",))
    assert get_history(case=mine)[-1].data["reason"] == "window.closed"
    assert services.call_next(actor=sun, at=MONDAY) == mine
    assert [row.group.code for row in get_board(hall=HALL, at=MONDAY).groups if row.stranded] == ["property"]


def test_a_window_has_one_clerk_and_a_clerk_one_window(at_window: Any, actor_for: Any) -> None:
    sun = at_window("sunbei", "A01")
    at_window("sunbei", "A01")  # pressed again
    assert Sitting.objects.count() == 1
    with pytest.raises(WindowTaken):
        at_window("wangqian", "A01")
    with pytest.raises(WindowTaken):
        at_window("sunbei", "A02")
    services.close_window(actor=sun, at=MONDAY)
    at_window("wangqian", "A01")
    with pytest.raises(UnknownHall):
        at_window("sunbei", "Z99")
    with pytest.raises(NotAtWindow):
        services.call_next(actor=actor_for("linxiaomei"), at=MONDAY)


def test_what_is_at_another_window_is_not_mine(take: Take, at_window: Any) -> None:
    first = take()
    sun, wang = at_window("sunbei", "A01"), at_window("wangqian", "A02")
    services.call_next(actor=sun, at=MONDAY)
    for command in (services.begin, services.miss, services.put_back, services.call_again):
        with pytest.raises(TicketMoved):
            command(number=first, actor=wang, at=MONDAY)
    with pytest.raises(TicketMoved):
        services.finish(number=first, actor=sun, at=MONDAY)  # nobody has come yet
    assert _kinds(first) == ["ticket.taken", "ticket.called"]


def test_a_day_ends_at_midnight_in_the_city(take: Take, at_window: Any) -> None:
    waiting, called, missed = take(), take(), take()
    sun = at_window("sunbei")
    services.call_next(actor=sun, at=MONDAY)
    services.miss(number=waiting, actor=sun, at=MONDAY)
    services.call_next(actor=sun, at=MONDAY)
    assert services.end_days(at=MONDAY.replace(hour=23, minute=59)) == 0
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)
    assert services.end_days(at=midnight) == 3
    assert services.end_days(at=midnight) == 0
    states = dict(Ticket.objects.values_list("number", "state"))
    assert states == {waiting: "missed", called: "expired", missed: "expired"}
    assert {_kinds(each)[-1] for each in states} == {"ticket.expired"}
    assert get_window(actor=sun, at=midnight) is None
    assert _kinds(Sitting.objects.get().number) == ["window.opened", "window.closed"]
    at_window("sunbei", "A02", at=midnight + timedelta(hours=10))


def test_the_number_of_queries_does_not_grow(take: Take, at_window: Any, django_assert_num_queries: Any) -> None:
    sun = at_window("sunbei")
    get_board(hall=HALL, at=MONDAY)  # its figures are kept for some minutes
    for amount in (1, 8):
        for _ in range(amount):
            take()
        with django_assert_num_queries(4):
            get_board(hall=HALL, at=MONDAY)
        with django_assert_num_queries(5):
            get_window(actor=sun, at=MONDAY)
