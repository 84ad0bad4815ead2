"""Appointments: on the working calendar, never overbooked, moved, kept or missed, and told of."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.apps.halls.conftest import HALL, MONDAY

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.models import Notice
from tongban.apps.channels.services import ask_sources
from tongban.apps.halls import services
from tongban.apps.halls.appointments import (
    get_appointment,
    list_appointments,
    list_days,
    list_expected,
    list_slots,
    list_without_hall,
)
from tongban.apps.halls.errors import HasAppointment, SlotGone, TooEarly, UnknownAppointment
from tongban.apps.halls.models import Appointment, Ticket
from tongban.apps.halls.queries import get_ticket
from tongban.apps.ledger.queries import get_history, iterate_checked
from tongban.apps.people.services import find_or_register_person

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY.replace(hour=9) + timedelta(days=1)


@pytest.fixture
def book(actor_for: Any) -> Callable[..., int]:
    """``book("linxiaomei")``: a time on Tuesday at nine, for property registration (one window)."""

    def press(name: str, starts_at: datetime = TUESDAY, *, group: str = "property", at: datetime = MONDAY) -> int:
        actor = actor_for(name)
        return services.book(hall=HALL, group=group, starts_at=starts_at, person_id=actor.person_id, actor=actor, at=at)

    return press


def test_it_works(book: Any, actor_for: Any) -> None:
    number = book("linxiaomei")
    row = get_appointment(number=number, actor=actor_for("linxiaomei"))
    assert (row.window, row.starts_at, row.state, len(row.code)) == ("B01", TUESDAY, "booked", 6)
    assert [each.number for each in list_appointments(actor=actor_for("linxiaomei"), at=MONDAY)] == [number]
    assert [each.number for each in list_expected(hall=HALL, day=TUESDAY.date())] == [number]
    (event,) = get_history(case=number)
    assert (event.kind, event.capacity, event.data["at"]) == (
        "appointment.booked",
        "applicant",
        TUESDAY.astimezone(UTC).isoformat(),
    )
    assert book("linxiaomei") == number  # pressed again
    assert Appointment.objects.count() == 1


def test_a_time_that_is_taken(book: Any, actor_for: Any) -> None:
    book("linxiaomei")
    with pytest.raises(SlotGone):
        book("zhoumin")
    slots = list_slots(hall=HALL, group="property", day=TUESDAY.date(), at=MONDAY)
    assert [slot.free for slot in slots[:2]] == [0, 1]


def test_as_many_as_there_are_bookable_windows(book: Any) -> None:
    names = ("linxiaomei", "zhoumin", "zhaoguoan")
    for name in names:
        book(name, group="general")
    assert sorted(Appointment.objects.values_list("window", flat=True)) == ["A01", "A02", "A03"]
    with pytest.raises(SlotGone):
        book("wuxiaochuan", group="general")


def test_days_are_those_of_the_calendar(city: Any) -> None:
    at = datetime(2026, 9, 18, 8, tzinfo=MONDAY.tzinfo)  # a Friday, a week before the Mid-Autumn Festival
    days = [row.day for row in list_days(hall=HALL, group="property", at=at)]
    assert date(2026, 9, 20) in days  # a Sunday that is worked
    assert date(2026, 9, 19) not in days
    assert date(2026, 9, 25) not in days  # the festival
    assert days == [day for day in days if get_calendar().is_working_day(day)]
    assert days[0] == at.date()
    assert list_days(hall=HALL, group="not-done", at=at) == []  # its window takes no appointments


@pytest.mark.parametrize(
    "starts_at",
    [
        MONDAY - timedelta(minutes=30),  # past
        TUESDAY + timedelta(minutes=10),  # between two times
        TUESDAY.replace(hour=12, minute=30),  # over lunch
        MONDAY + timedelta(days=5),  # a Saturday
        TUESDAY + timedelta(days=20),  # too far ahead
    ],
)
def test_only_what_is_offered(book: Any, starts_at: datetime) -> None:
    with pytest.raises(SlotGone):
        book("linxiaomei", starts_at)
    assert not Appointment.objects.exists()


def test_one_time_for_a_group_and_one_group_at_a_time(book: Any) -> None:
    first = book("linxiaomei")
    with pytest.raises(HasAppointment) as refused:
        book("linxiaomei", TUESDAY + timedelta(hours=1))
    assert refused.value.params == {"number": first}
    with pytest.raises(HasAppointment):
        book("linxiaomei", group="general")
    book("linxiaomei", TUESDAY + timedelta(hours=1), group="general")


def test_moved(book: Any, actor_for: Any) -> None:
    number, later = book("linxiaomei"), TUESDAY + timedelta(hours=1)
    services.move(number=number, starts_at=later, actor=actor_for("linxiaomei"), at=MONDAY)
    row = get_appointment(number=number, actor=actor_for("linxiaomei"))
    assert (row.starts_at, row.version) == (later, 1)
    assert get_history(case=number)[-1].data["from"] == TUESDAY.astimezone(UTC).isoformat()
    book("zhoumin")  # the time before is free again
    with pytest.raises(SlotGone):
        services.move(number=number, starts_at=TUESDAY, actor=actor_for("linxiaomei"), at=MONDAY)
    assert get_appointment(number=number, actor=actor_for("linxiaomei")).starts_at == later


def test_cancelled_by_who_has_it_or_a_clerk_and_nobody_else(book: Any, actor_for: Any) -> None:
    number = book("linxiaomei")
    for name in ("zhoumin", "chenli"):
        with pytest.raises(UnknownAppointment):
            services.cancel(number=number, actor=actor_for(name), at=MONDAY)
        with pytest.raises(UnknownAppointment):
            get_appointment(number=number, actor=actor_for(name))
    services.cancel(number=number, actor=actor_for("linxiaomei"), at=MONDAY)
    again = book("linxiaomei")
    services.cancel(number=again, actor=actor_for("sunbei"), at=MONDAY)
    assert get_history(case=again)[-1].capacity == "clerk"
    with pytest.raises(UnknownAppointment):
        services.cancel(number=again, actor=actor_for("sunbei"), at=MONDAY)


def test_kept_it_goes_first(book: Any, take: Any, at_window: Any) -> None:
    number = book("linxiaomei")
    code = Appointment.objects.get().code
    take("property", at=TUESDAY - timedelta(minutes=20))
    with pytest.raises(TooEarly):
        services.arrive(hall=HALL, code=code, at=TUESDAY - timedelta(minutes=16))
    ticket = services.arrive(hall=HALL, code=code, at=TUESDAY - timedelta(minutes=5))
    assert services.arrive(hall=HALL, code=code, at=TUESDAY) == ticket
    assert get_ticket(number=ticket, at=TUESDAY).ahead == 0
    assert Ticket.objects.get(pk=ticket).person_id is None
    wang = at_window("wangqian", "B01", at=TUESDAY)
    assert services.call_next(actor=wang, at=TUESDAY) == ticket
    assert [event.kind for event in get_history(case=number)] == ["appointment.booked", "appointment.kept"]
    assert services.mark_missed(at=TUESDAY + timedelta(days=1)) == 0


def test_missed(book: Any) -> None:
    number = book("linxiaomei")
    code = Appointment.objects.get().code
    assert services.mark_missed(at=TUESDAY + timedelta(minutes=15)) == 0
    late = TUESDAY + timedelta(minutes=16)
    with pytest.raises(UnknownAppointment):
        services.arrive(hall=HALL, code=code, at=late)
    assert services.mark_missed(at=late) == 1
    assert get_history(case=number)[-1].kind == "appointment.missed"
    with pytest.raises(UnknownAppointment):
        services.arrive(hall=HALL, code="000000" if code != "000000" else "000001", at=late)


@pytest.fixture
def late_holiday(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Tuesday becomes a holiday."""

    def announce() -> None:
        working = get_calendar().is_working_day
        monkeypatch.setattr(
            "tongban.kernel.clock.Calendar.is_working_day",
            lambda calendar, day: day != TUESDAY.date() and working(day),
        )

    return announce


def test_a_holiday_announced_late(book: Any, late_holiday: Callable[[], None], actor_for: Any) -> None:
    number = book("linxiaomei")
    other = book("zhoumin", TUESDAY + timedelta(days=1))
    assert list_without_hall(at=MONDAY) == []
    late_holiday()
    assert [row.number for row in list_without_hall(at=MONDAY)] == [number]
    ask_sources(at=MONDAY)
    ask_sources(at=MONDAY + timedelta(hours=6))
    notice = Notice.objects.get(kind="appointment_off")
    assert (notice.person_id, notice.params["time"]) == (actor_for("linxiaomei").person_id, "09:00")
    with pytest.raises(SlotGone):
        book("wuxiaochuan", TUESDAY + timedelta(hours=1))
    assert services.mark_missed(at=TUESDAY + timedelta(hours=1)) == 1
    assert Appointment.objects.get(pk=number).state == "cancelled"  # nobody missed it
    assert Appointment.objects.get(pk=other).state == "booked"


def test_told_and_reminded(book: Any, actor_for: Any, follow_log: Callable[[str], None]) -> None:
    at = datetime.now(UTC)
    days = list_days(hall=HALL, group="property", at=at)
    first = next(row.day for row in days[1:] if row.free)
    slot = list_slots(hall=HALL, group="property", day=first, at=at)[0]
    number = book("linxiaomei", slot.starts_at, at=at)
    follow_log("appointments")
    follow_log("appointments")
    notice = Notice.objects.get(kind="appointment_booked")
    assert notice.params["due"] == first.isoformat()
    assert (notice.params["time"], notice.person_id) == ("09:00", actor_for("linxiaomei").person_id)
    ask_sources(at=slot.starts_at - timedelta(hours=31))
    assert not Notice.objects.filter(kind="appointment_soon").exists()
    for hours in (24, 18):
        ask_sources(at=slot.starts_at - timedelta(hours=hours))
    assert Notice.objects.filter(kind="appointment_soon").count() == 1
    services.cancel(number=number, actor=actor_for("sunbei"), at=at)
    follow_log("appointments")
    assert Notice.objects.filter(kind="appointment_cancelled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_never_overbooked_when_all_press_at_once(city: Any, actor_for: Any, request: pytest.FixtureRequest) -> None:
    actor = actor_for("sunbei")
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    people = []
    for n in range(6):
        first = f"3617991970010{n + 10}77"[:17].ljust(17, "7")
        identity = first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]
        people.append(find_or_register_person(name=f"甲{n}", identity_number=identity).person_id)
    request.getfixturevalue("in_threads")
    barrier = Barrier(len(people))

    def press(person: int) -> bool:
        try:
            barrier.wait()
            services.book(
                hall=HALL, group="general", starts_at=TUESDAY, person_id=person, actor=actor, at=MONDAY, by_clerk=True
            )
        except SlotGone:
            return False
        finally:
            connection.close()
        return True

    def look() -> tuple[list[str], list[Any]]:
        try:
            windows = sorted(Appointment.objects.values_list("window", flat=True))
            return windows, [each.broken for each in iterate_checked() if each.broken is not None]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        done = [future.result(timeout=60) for future in [pool.submit(press, person) for person in people if person]]
        windows, broken = pool.submit(look).result(timeout=60)
    assert sum(done) == 3
    assert windows == ["A01", "A02", "A03"]
    assert broken == []
