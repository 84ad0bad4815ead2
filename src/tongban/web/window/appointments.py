"""Appointments at the counter: whom a hall expects, whom a late holiday has left without one, a time by telephone."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import list_rows
from tongban.apps.halls import services
from tongban.apps.halls.appointments import AppointmentRow, list_expected, list_without_hall
from tongban.apps.halls.errors import HallError
from tongban.apps.halls.queries import get_hall, list_halls
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import list_names
from tongban.apps.people.services import find_or_register_person
from tongban.web.access import official
from tongban.web.bookable import Choice, chosen_matter, chosen_time, matter_field, offer
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.forms import PersonForm, mismatch_words
from tongban.web.wording import error_words
from tongban.web.wording.halls import appointment_words, time_words

__all__ = ["book_for", "cancel_for", "expected"]


class CallerForm(PersonForm):
    """Who wants a time: found by their number, or registered with it. Nobody stands there for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agent_number", "agent_name", "override", "reason"):
            self.fields.pop(name, None)


@official("clerk")
@never_cache
@require_GET
def expected(request: Request) -> HttpResponse:
    """Whom each hall expects today, or on the day that was asked for; first whoever has no hall any more."""
    day = _day(request)
    left = list_without_hall(at=request.at)
    halls = [(hall, list_expected(hall=hall.code, day=day)) for hall in list_halls()]
    people = {row.person_id for row in left} | {row.person_id for _hall, rows in halls for row in rows}
    names = list_names(keys=[f"person:{person}" for person in people])
    about = {row.matter for row in left} | {row.matter for _hall, rows in halls for row in rows}
    matters = {row.code: row.name for row in list_rows(codes=sorted(about - {""}), on=day)}
    context = {
        "groups": side_groups(actor=request.actor, here="appointments"),
        "day": day,
        "left": [_line(row, names, matters) for row in left],
        "halls": [
            (
                hall,
                [_line(row, names, matters) for row in rows],
                [group for code, group in hall.groups.items() if hall.bookable_at(code)],
            )
            for hall, rows in halls
        ],
    }
    return render(request, "window/appointments.html", context)


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def book_for(request: Request, hall: str, group: str) -> HttpResponse:
    """A time for somebody who calls or stands there."""
    choice = offer(hall=hall, group=group, day=request.GET.get("day", ""), at=request.at)
    form = CallerForm(request.POST or None)
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        starts_at = chosen_time(request.POST.get("time", ""))
        errors = () if starts_at is not None else (_("Choose a time."),)
        if form.is_valid() and starts_at is not None:
            try:
                person = find_or_register_person(**form.cleaned_data).person_id
                assert person is not None  # who has an identity number is a person
                services.book(
                    hall=hall,
                    group=group,
                    starts_at=starts_at,
                    person_id=person,
                    matter=chosen_matter(hall=get_hall(hall=hall), group=group, text=request.POST.get("matter", "")),
                    actor=request.actor,
                    at=request.at,
                    by_clerk=True,
                )
            except NameDiffers:
                form.add_error("name", mismatch_words())
            except HallError as error:
                errors = (error_words(error),)
            else:
                messages.success(request, _("It is booked. They are told where they have an account."))
                return redirect(f"{reverse('window:appointments')}?day={timezone.localdate(starts_at)}")
    return _booking_page(request, hall, group, choice, form, errors)


@official("clerk")
@require_POST
def cancel_for(request: Request, number: int) -> HttpResponse:
    """Cancel an appointment for who calls."""
    try:
        services.cancel(number=number, actor=request.actor, at=request.at)
    except HallError as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, _("It is cancelled. Somebody else can have the time now."))
    return redirect("window:appointments")


def _booking_page(
    request: Request, hall: str, group: str, choice: Choice, form: CallerForm, errors: tuple[str, ...]
) -> HttpResponse:
    place = get_hall(hall=hall)
    context = {
        "groups": side_groups(actor=request.actor, here="appointments"),
        "hall": place,
        "group": place.groups[group],
        "choice": choice,
        "field": choice.field(label=_("At what time?"), hint=_("In the time of the city."), errors=errors),
        "matter": matter_field(
            hall=place,
            group=group,
            chosen=request.POST.get("matter", ""),
            on=timezone.localdate(request.at),
        ),
        "form": form,
    }
    return render(request, "window/book.html", context, status=422 if errors or form.errors else 200)


def _line(
    row: AppointmentRow, names: dict[str, str], matters: dict[str, Text]
) -> tuple[AppointmentRow, str, str, str, Text | None]:
    name = names.get(f"person:{row.person_id}", "")
    return row, name, time_words(row.starts_at, row.ends_at), appointment_words(row), matters.get(row.matter)


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate(request.at)
