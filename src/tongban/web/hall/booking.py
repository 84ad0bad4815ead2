"""Appointments of a resident: booked, moved, cancelled, taken into one's own calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.catalog.city import get_city
from tongban.apps.halls import services
from tongban.apps.halls.appointments import AppointmentRow, get_appointment, list_appointments
from tongban.apps.halls.errors import HallError, HasAppointment, SlotGone
from tongban.apps.halls.icalendar import CalendarEntry, write_calendar
from tongban.apps.halls.queries import get_hall
from tongban.web.access import signed_in
from tongban.web.bookable import chosen_matter, chosen_time, matter_field, offer, wanted
from tongban.web.requests import Request
from tongban.web.wording import error_words
from tongban.web.wording.halls import appointment_words, time_words

__all__ = ["appointment", "calendar", "cancel_mine", "choose", "mine"]

_REMIND_MINUTES = 60


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: Request, hall: str, group: str) -> HttpResponse:
    """A day, a time, booked; with ``move`` an appointment that one has goes to that time."""
    moves = request.GET.get("move", "")
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        done, problem = _book(request, hall, group, moves)
        if done is not None:
            return redirect("hall:appointment", number=done)
        errors = (problem,)
    choice = offer(hall=hall, group=group, day=request.GET.get("day", ""), at=request.at)
    place = get_hall(hall=hall)
    field = choice.field(label=_("At what time?"), hint=_("In the time of the city."), errors=errors)
    about = request.POST.get("matter", request.GET.get("matter", ""))
    matter = matter_field(hall=place, group=group, chosen=about, on=timezone.localdate(request.at))
    context = {
        "hall": place,
        "group": place.groups[group],
        "choice": choice,
        "field": field,
        "matter": None if moves else matter,
        "about": about,
        "moves": moves,
    }
    return render(request, "hall/book.html", context, status=422 if errors else 200)


@signed_in
@never_cache
@require_GET
def mine(request: Request) -> HttpResponse:
    """What I have booked, the next one first."""
    rows = [(row, _when(row), appointment_words(row)) for row in list_appointments(actor=request.actor, at=request.at)]
    return render(request, "hall/appointments.html", {"rows": rows})


@signed_in
@never_cache
@require_GET
def appointment(request: Request, number: int) -> HttpResponse:
    """One of them, with its code for the kiosk."""
    row = get_appointment(number=number, actor=request.actor)
    context = {
        "row": row,
        "when": _when(row),
        "state": appointment_words(row),
        "hall": get_hall(hall=row.hall),
        "wanted": wanted(matter=row.matter, on=timezone.localdate(row.starts_at)),
    }
    return render(request, "hall/appointment.html", context)


@signed_in
@require_POST
def cancel_mine(request: Request, number: int) -> HttpResponse:
    """Cancel it: the time is free for somebody else."""
    try:
        services.cancel(number=number, actor=request.actor, at=request.at)
    except HallError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, _("It is cancelled. Somebody else can have the time now."))
    return redirect("hall:appointments")


@signed_in
@never_cache
@require_GET
def calendar(request: Request, number: int) -> HttpResponse:
    """The appointment for one's own calendar (RFC 5545). Its code and what it is about stay out of it."""
    row = get_appointment(number=number, actor=request.actor)
    language = get_language() or "zh-hans"
    url = f"{settings.BASE_URL}{reverse('hall:appointment', kwargs={'number': row.number})}"
    entry = CalendarEntry(
        uid=f"appointment-{row.number}@{get_city().code}.tongban",
        stamp=row.changed_at,
        start=row.starts_at,
        end=row.ends_at,
        summary=_("Appointment: %(hall)s") % {"hall": row.hall_name.in_language(language)},
        location=row.address.in_language(language),
        description=_("Sign in to see your code for the kiosk: %(url)s") % {"url": url},
        url=url,
        sequence=row.version,
        cancelled=row.state == "cancelled",
        remind_minutes=_REMIND_MINUTES,
    )
    content = write_calendar(entry=entry, product=get_city().site_name["en"])
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="appointment-{row.number}.ics"'
    return response


def _book(request: Request, hall: str, group: str, moves: str) -> tuple[int | None, str]:
    """The appointment that was booked or moved; or why it was not."""
    starts_at = chosen_time(request.POST.get("time", ""))
    if starts_at is None:
        return None, _("Choose a time.")
    try:
        if moves.isdecimal():
            services.move(number=int(moves), starts_at=starts_at, actor=request.actor, at=request.at)
            return int(moves), ""
        person = request.actor.person_id
        if person is None:
            return None, _("This account belongs to no person, so nothing can be booked with it. Please call us.")
        number = services.book(
            hall=hall,
            group=group,
            starts_at=starts_at,
            person_id=person,
            matter=chosen_matter(hall=get_hall(hall=hall), group=group, text=request.POST.get("matter", "")),
            actor=request.actor,
            at=request.at,
        )
    except HasAppointment as error:
        if "number" in error.params:
            messages.info(request, error_words(error))
            return int(str(error.params["number"])), ""
        return None, error_words(error)
    except SlotGone as error:
        return None, error_words(error)
    return number, ""


def _when(row: AppointmentRow) -> str:
    return time_words(row.starts_at, row.ends_at)
