"""What somebody has with us, for who stands at a counter with their card; each look is on record."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.cases.queries import get_case_of, list_cases, list_held_certificates
from tongban.apps.halls.appointments import list_appointments
from tongban.apps.intake.errors import NotServed
from tongban.apps.intake.queries import list_offers
from tongban.apps.intake.services import start_for
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.queries import Applicant, list_names
from tongban.apps.people.services import find_on_file
from tongban.apps.rights.services import record_called_up
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.forms import HolderForm, mismatch_words
from tongban.web.window.papers import let_hand_in
from tongban.web.wording import error_words
from tongban.web.wording.halls import time_words

__all__ = ["file_for", "hand_in_for", "holder", "holdings"]

_HELD = "counter_holder"
"""Whose card lies on this clerk's counter."""
_KEPT = timedelta(minutes=30)
_MOST = 20


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def holder(request: Request) -> HttpResponse:
    """Whose card lies there: found by its number, and not registered for it."""
    form = HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = find_on_file(**form.cleaned_data)
        except NameDiffers:
            form.add_error("name", mismatch_words())
        else:
            if found is None:
                form.add_error("identity_number", form.nobody())
            else:
                until = (request.at + _KEPT).isoformat()
                request.session[_HELD] = {"person": found.person_id, "until": until}
                return redirect("window:holdings")
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "form": form,
        "here": reverse("window:holder"),
    }
    return render(request, "window/holder.html", context, status=422 if form.errors else 200)


@official("clerk")
@never_cache
@require_GET
def holdings(request: Request) -> HttpResponse:
    """Open cases, what is owed in them, certificates, appointments, and what they let us offer them."""
    person = _person(request)
    if person is None:
        return redirect("window:holder")
    record_called_up(person=person.person_id, what="person", purpose="counter", actor=request.actor, at=request.at)
    # Their own reach, to read with: they do not sign in here, and no command is given with it.
    theirs = Actor(id=request.actor.id, person_id=person.person_id)
    on = timezone.localdate(request.at)
    rows = list_cases(actor=theirs, group="open", limit=_MOST).rows
    held = list_held_certificates(applicants={person.key: person}, limit=_MOST)
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "person": person,
        "owing": [row for row in rows if _owes(row)],
        "cases": [row for row in rows if not _owes(row)],
        "certificates": [(each, each.standing(on=on)) for each, _whose in held],
        "appointments": [
            (row, time_words(row.starts_at, row.ends_at))
            for row in list_appointments(actor=theirs, at=request.at)
            if row.is_ahead
        ],
        "offers": list_offers(actor=theirs, at=request.at).items,
        "language": get_language() or "zh-hans",
    }
    return render(request, "window/holdings.html", context)


@official("clerk")
@require_POST
def hand_in_for(request: Request, number: int) -> HttpResponse:
    """Hand in with them what one of their cases is owed."""
    person = _person(request)
    if person is None:
        return redirect("window:holder")
    case = get_case_of(number=number, served=person.key, actor=request.actor, at=request.at)
    return let_hand_in(request, case)


@official("clerk")
@require_POST
def file_for(request: Request, matter: str) -> HttpResponse:
    """File with them; the draft opens."""
    person = _person(request)
    if person is None:
        return redirect("window:holder")
    record_called_up(person=person.person_id, what="person", purpose="filing", actor=request.actor, at=request.at)
    try:
        draft = start_for(actor=request.actor, matter=matter, applicant=person, channel="window", at=request.at)
    except NotServed as error:
        messages.error(request, error_words(error))
        return redirect("window:holdings")
    return redirect("portal:resume", draft)


def _person(request: Request) -> Applicant | None:
    """Whose card was there a short while ago; None: it is asked for again."""
    kept: Any = request.session.get(_HELD)
    if not kept or datetime.fromisoformat(kept["until"]) < request.at:
        request.session.pop(_HELD, None)
        return None
    key = f"person:{kept['person']}"
    return Applicant(key=key, name=list_names(keys=[key]).get(key, ""), person_id=kept["person"])


def _owes(row: Any) -> bool:
    return row.status == "supplement" or row.later_due is not None
