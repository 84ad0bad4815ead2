"""What a matter takes, said on the telephone; filled in with the caller; a time at a counter where they must come."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.apps.calls.queries import CallView, get_call, get_caller, get_consent, list_represented
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_matter
from tongban.apps.channels.queries import is_on
from tongban.apps.halls import services as halls
from tongban.apps.halls.errors import HallError
from tongban.apps.halls.queries import get_hall, list_halls
from tongban.apps.intake.errors import NotServed
from tongban.apps.intake.services import serves, start_for
from tongban.apps.rights.services import record_called_up
from tongban.web.access import official
from tongban.web.bookable import chosen_time, offer
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.phone.forms import ChecklistForm
from tongban.web.window.phone.script import script_of
from tongban.web.wording import error_words, way_words

__all__ = ["book", "script"]

_LANGUAGES = {"zh-hans": "zh-Hans", "en": "en"}


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def script(request: Request, call: int, matter: str) -> HttpResponse:
    """What a matter takes, to be read out, for anybody; and filled in with who has shown who they are."""
    view = get_call(number=call, actor=request.actor, at=request.at)
    definition = get_matter(code=matter, on=timezone.localdate(request.at)).definition
    if request.method == "POST":
        return _begin(request, call, matter)
    says = request.GET.get("say", "")
    language = says if says in _LANGUAGES else "zh-hans" if (get_language() or "").startswith("zh") else "en"
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "call": view,
        "matter": definition,
        "name": definition.name.in_language(language),
        "language": language,
        "lang": _LANGUAGES[language],
        "languages": [("zh-hans", _("In Chinese")), ("en", _("In English"))],
        "parts": script_of(definition, language=language),
        "ways": [way_words(each) for each in definition.ways],
        "bookable": _bookable(definition),
        "whom": _whom(request, view, definition),
        "sms": ChecklistForm(initial={"language": language}) if is_on("sms") else None,
    }
    return render(request, "window/phone/script.html", context)


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def book(request: Request, call: int, hall: str, group: str) -> HttpResponse:
    """A time at a counter for who has shown who they are, in the same call."""
    caller = get_caller(number=call, actor=request.actor, at=request.at)
    assert caller.person_id is not None  # nobody else shows who they are
    choice = offer(hall=hall, group=group, day=request.GET.get("day", ""), at=request.at)
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        starts_at = chosen_time(request.POST.get("time", ""))
        errors = (_("Choose a time."),) if starts_at is None else ()
        if starts_at is not None:
            given: dict[str, Any] = {"hall": hall, "group": group, "person_id": caller.person_id, "by_clerk": True}
            given["matter"] = request.GET.get("matter", "")[:64]
            try:
                halls.book(**given, starts_at=starts_at, actor=request.actor, at=request.at)
            except HallError as error:
                errors = (error_words(error),)
            else:
                messages.success(request, _("It is booked. They are told where they have an account."))
                return redirect("window:call", call=call)
    place = get_hall(hall=hall)
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "call": call,
        "hall": place,
        "group": place.groups[group],
        "choice": choice,
        "field": choice.field(label=_("At what time?"), hint=_("In the time of the city."), errors=errors),
    }
    return render(request, "window/phone/book.html", context, status=422 if errors else 200)


def _begin(request: Request, call: int, matter: str) -> HttpResponse:
    """Open the draft for the caller; that what is on file of them was called up for it is on record first."""
    get_consent()
    chosen = request.POST.get("applicant", "")
    whom = list_represented(number=call, matter=matter, actor=request.actor, at=request.at)
    caller, applicant = whom[0], next((each for each in whom if each.key == chosen), whom[0])
    record_called_up(person=caller.person_id, what="person", purpose="phone", actor=request.actor, at=request.at)
    try:
        draft = start_for(actor=request.actor, matter=matter, applicant=applicant, channel="phone", at=request.at)
    except NotServed as error:
        messages.error(request, error_words(error))
        return redirect("window:script", call=call, matter=matter)
    return redirect("portal:resume", draft)


def _whom(request: Request, call: CallView, definition: MatterDefinition) -> list[tuple[str, str]]:
    """For whom the caller may have it filed, where that is not the caller alone: key and name, themselves first."""
    if call.level != "person" or not definition.is_by_call:
        return []
    found = list_represented(number=call.number, matter=definition.code, actor=request.actor, at=request.at)
    fitting = [each for each in found if serves(definition=definition, applicant=each)]
    return [(each.key, each.name) for each in fitting] if any(each.is_organisation for each in fitting) else []


def _bookable(definition: MatterDefinition) -> list[tuple[Any, Any]]:
    """The halls and groups at which a time can be booked for it."""
    return [
        (hall, group)
        for hall in list_halls()
        for group in hall.groups_for(definition.code)
        if hall.bookable_at(group.code)
    ]
