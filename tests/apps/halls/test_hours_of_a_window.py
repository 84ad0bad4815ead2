"""A window with hours of its own: booked, counted on and given numbers for while open; called from by choice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.catalog import city as catalogue
from tongban.apps.catalog.definitions.halls import Hall, WindowHours
from tongban.apps.halls import services
from tongban.apps.halls.appointments import list_days, list_slots
from tongban.apps.halls.errors import GroupClosed, SlotGone, WindowClosed
from tongban.apps.halls.queries import get_board, get_ticket, get_window
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
NOON, HALF_PAST_ONE = MONDAY.replace(hour=12), MONDAY.replace(hour=13, minute=30)
WEDNESDAY = date(2026, 12, 2)
ONLY = "property"
"""Its one window, B01, opens on the afternoons of all days but Wednesdays."""
Halls = Mapping[str, Hall]


@pytest.fixture(autouse=True)
def afternoons(city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hall with B01 open from half past one, and A01 in the mornings."""
    hall = catalogue.get_halls()[HALL]
    days = frozenset({1, 2, 4, 5})
    own = {
        "B01": (WindowHours(days=days, opens=time(13, 30), closes=time(17, 30)),),
        "A01": (WindowHours(days=frozenset(range(1, 6)), opens=time(8, 30), closes=time(12, 0)),),
    }
    windows = {code: replace(each, hours=own.get(code, ())) for code, each in hall.windows.items()}
    changed = {**catalogue.get_halls(), HALL: replace(hall, windows=windows)}
    for module in ("places", "queries", "appointments"):
        monkeypatch.setattr(f"tongban.apps.halls.{module}.get_halls", lambda: changed)


def test_times_are_booked_while_it_is_open(actor_for: Callable[[str], Any]) -> None:
    starts = [f"{slot.starts_at.astimezone(MONDAY.tzinfo):%H:%M}" for slot in _slots(ONLY, MONDAY.date())]
    assert starts == ["13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    assert WEDNESDAY not in [row.day for row in list_days(hall=HALL, group=ONLY, at=MONDAY)]
    assert _slots(ONLY, WEDNESDAY) == []
    lin = actor_for("linxiaomei")
    given: dict[str, Any] = {"hall": HALL, "group": ONLY, "person_id": lin.person_id, "actor": lin, "at": MONDAY}
    with pytest.raises(SlotGone):
        services.book(**given, starts_at=MONDAY + timedelta(hours=1))
    services.book(**given, starts_at=HALF_PAST_ONE)
    assert _slots(ONLY, MONDAY.date())[0].free == 0


def test_the_others_of_a_group_take_more(city: Any) -> None:
    free = {f"{slot.starts_at.astimezone(MONDAY.tzinfo):%H:%M}": slot.free for slot in _slots("general", MONDAY.date())}
    assert (free["10:30"], free["13:30"]) == (3, 2)


def test_no_number_is_given_until_shortly_before(city: Any) -> None:
    def take(at: datetime) -> int:
        return services.take(hall=HALL, group=ONLY, key=uuid4(), at=at)

    with pytest.raises(GroupClosed) as closed:
        take(MONDAY)
    assert closed.value.params["opens"] == HALF_PAST_ONE
    assert take(MONDAY.replace(hour=13))
    wednesday = MONDAY + timedelta(days=2)
    with pytest.raises(GroupClosed) as closed:
        take(wednesday)
    assert closed.value.params["opens"] == HALF_PAST_ONE + timedelta(days=3)


def test_the_board_says_when_it_opens(at_window: Any, take: Any) -> None:
    rows = {row.group.code: row for row in get_board(hall=HALL, at=MONDAY).groups}
    assert (rows[ONLY].opens, rows[ONLY].is_given) == (HALF_PAST_ONE, False)
    assert (rows["general"].opens, rows["general"].is_given) == (None, True)
    number = take(ONLY, at=MONDAY.replace(hour=13))
    assert get_ticket(number=number, at=MONDAY.replace(hour=13)).opens == HALF_PAST_ONE
    assert get_ticket(number=number, at=HALF_PAST_ONE).opens is None


def test_a_window_outside_its_hours_is_not_counted_on(at_window: Any, take: Any) -> None:
    at_window("sunbei", "A01")
    take(), take()
    assert _wait(MONDAY) is not None
    assert _wait(NOON) is None
    at_window("wangqian", "A02", at=NOON)
    assert _wait(NOON) is not None


def test_calling_outside_its_hours_is_asked(at_window: Any, take: Any) -> None:
    sun = at_window("sunbei", "A01")
    number = take()
    here = get_window(actor=sun, at=NOON)
    assert here is not None
    assert not here.is_open
    with pytest.raises(WindowClosed):
        services.call_next(actor=sun, at=NOON)
    assert services.call_next(actor=sun, at=NOON, anyway=True) == number
    assert get_history(case=number)[-1].data["outside_hours"] is True
    services.put_back(number=number, actor=sun, at=NOON)
    assert services.call_next(actor=sun, at=NOON - timedelta(minutes=1), anyway=True) == number
    assert "outside_hours" not in get_history(case=number)[-1].data


def test_where_nobody_waits_nothing_is_asked(at_window: Any) -> None:
    assert services.call_next(actor=at_window("sunbei", "A01"), at=NOON) is None


def _slots(group: str, day: date) -> list[Any]:
    return list_slots(hall=HALL, group=group, day=day, at=MONDAY)


def _wait(at: datetime) -> object:
    (row,) = (row for row in get_board(hall=HALL, at=at).groups if row.group.code == "general")
    return row.wait
